import type { BehindAlias } from '../../clients/aws-address.ts';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { Rds } from '../../clients/rds.ts';
import type { Secrets } from '../../clients/secrets.ts';
import type { Records } from '../../domain/records.ts';
import type { Environment } from '../../domain/settings.ts';
import { type StepSet, stepSet } from '../../domain/step.ts';
import { recordVersion } from '../../steps/kubernetes/record-version.ts';
import { awaitCounters } from '../../steps/postgres/await-counters.ts';
import { measureBefore } from '../../steps/postgres/measure-before.ts';
import { recordBaseline } from '../../steps/postgres/record-baseline.ts';
import { awaitSnapshot } from '../../steps/rds/await-snapshot.ts';
import { checkSnapshot } from '../../steps/rds/check-snapshot.ts';
import { createSnapshot } from '../../steps/rds/create-snapshot.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { recordSettings } from '../record-settings.ts';

export interface SnapshotClients {
  environment(name: string): Environment;
  rds(region: string): Rds;
  secrets(region: string): Secrets;
  /** PostgreSQL, with logins out of secrets. */
  readonly access: DatabaseAccess;
  readonly records: Records;
  readonly cluster: Pick<Kubernetes, 'find'>;
  readonly behindAlias: BehindAlias;
}

/** The runbook's "Create Manual Snapshot": measure, create, wait, verify, measure again. */
export function snapshotStepSet(clients: SnapshotClients): StepSet {
  return stepSet([
    measureBefore(clients),
    createSnapshot(clients),
    recordSettings(clients),
    recordVersion(clients),
    awaitSnapshot(clients),
    checkSnapshot(clients),
    awaitCounters(clients.access),
    recordBaseline(clients),
  ]);
}
