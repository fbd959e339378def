import type { OperationKind } from '../domain/request.ts';
import { type AdoptClients, adopt } from './adopt/operation.ts';
import { type CleanupClients, cleanup } from './cleanup/operation.ts';
import { type DumpClients, dump } from './dump/operation.ts';
import type { OperationDefinition } from './operation-definition.ts';
import { type RescueClients, rescue } from './rescue/operation.ts';
import { type RestoreClients, restore } from './restore/operation.ts';
import { pitr } from './restore/pitr.ts';
import { type RollbackClients, rollback } from './rollback/operation.ts';
import { type SnapshotClients, snapshot } from './snapshot/operation.ts';
import { type VerifyClients, verify } from './verify/operation.ts';

/** What all operations together need. */
export type OperationClients = AdoptClients &
  CleanupClients &
  DumpClients &
  RescueClients &
  RestoreClients &
  RollbackClients &
  SnapshotClients &
  VerifyClients;

/** Every operation there is. A new one is a folder beside this file, and a line here. */
export const registry: readonly OperationDefinition<OperationClients>[] = [
  restore,
  pitr,
  rollback,
  rescue,
  cleanup,
  snapshot,
  verify,
  dump,
  adopt,
];

/** By name: what requests take, and what `/backup help` explains. */
export const operationKinds: ReadonlyMap<string, OperationKind> = new Map(registry.map((one) => [one.name, one]));
