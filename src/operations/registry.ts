import type { OperationKind } from '../domain/request.ts';
import type { OperationDefinition } from './operation-definition.ts';
import { type RestoreClients, restore } from './restore/operation.ts';
import { type SnapshotClients, snapshot } from './snapshot/operation.ts';

/** What all operations together need. */
export type OperationClients = RestoreClients & SnapshotClients;

/** Every operation there is. A new one is a folder beside this file, and a line here. */
export const registry: readonly OperationDefinition<OperationClients>[] = [restore, snapshot];

/** By name: what requests take, and what `/backup help` explains. */
export const operationKinds: ReadonlyMap<string, OperationKind> = new Map(registry.map((one) => [one.name, one]));
