import type { Kubernetes } from '../../clients/kubernetes.ts';
import { type StepSet, stepSet } from '../../domain/step.ts';
import type { EnvironmentReach } from '../../planning/current-instance.ts';
import { recordVersion } from '../../steps/kubernetes/record-version.ts';
import { awaitCounters } from '../../steps/postgres/await-counters.ts';
import { measureBefore } from '../../steps/postgres/measure-before.ts';
import { recordBaseline } from '../../steps/postgres/record-baseline.ts';
import { awaitSnapshot } from '../../steps/rds/await-snapshot.ts';
import { checkSnapshot } from '../../steps/rds/check-snapshot.ts';
import { createSnapshot } from '../../steps/rds/create-snapshot.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { recordSettings } from '../record-settings.ts';

export interface SnapshotClients extends EnvironmentReach {
  /** PostgreSQL, with logins out of secrets. */
  readonly access: DatabaseAccess;
  readonly cluster: Pick<Kubernetes, 'find'>;
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
