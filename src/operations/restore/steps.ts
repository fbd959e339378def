import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { FindPrograms } from '../../clients/postgres-programs.ts';
import type { S3 } from '../../clients/s3.ts';
import { type StepSet, stepSet } from '../../domain/step.ts';
import type { EnvironmentReach } from '../../planning/current-instance.ts';
import type { Past } from '../../planning/estimate.ts';
import { awaitCheckJob } from '../../steps/kubernetes/await-check-job.ts';
import { handOver } from '../../steps/kubernetes/hand-over.ts';
import { proveOnNew } from '../../steps/kubernetes/prove-on-new.ts';
import { proveStopped } from '../../steps/kubernetes/prove-stopped.ts';
import { recordApplication } from '../../steps/kubernetes/record-application.ts';
import { startApplication } from '../../steps/kubernetes/start-application.ts';
import { startCheckJob } from '../../steps/kubernetes/start-check-job.ts';
import { stopApplication } from '../../steps/kubernetes/stop-application.ts';
import { watchStopped } from '../../steps/kubernetes/watch-stopped.ts';
import { alignLogin } from '../../steps/postgres/align-login.ts';
import { compare } from '../../steps/postgres/compare.ts';
import { fenceOld } from '../../steps/postgres/fence-old.ts';
import { measureLoss } from '../../steps/postgres/measure-loss.ts';
import { proveUnwritten } from '../../steps/postgres/prove-unwritten.ts';
import { databaseSessions } from '../../steps/postgres/sessions.ts';
import { verifyDatabase } from '../../steps/postgres/verify-database.ts';
import { verifyDeeply } from '../../steps/postgres/verify-deeply.ts';
import { alignInstance } from '../../steps/rds/align-instance.ts';
import { awaitInstance } from '../../steps/rds/await-instance.ts';
import { awaitLog } from '../../steps/rds/await-log.ts';
import { proveAligned } from '../../steps/rds/prove-aligned.ts';
import { rescueSnapshot } from '../../steps/rds/rescue-snapshot.ts';
import { restoreInstance } from '../../steps/rds/restore-instance.ts';
import { switchSecret } from '../../steps/secrets/switch-secret.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { approveCutOver } from './approve-cut-over.ts';
import { fromDumpSteps } from './from-dump/steps.ts';
import type { ListArchive } from './from-dump/survivors.ts';
import { judgeVerification } from './judge-verification.ts';

/** All that a restore reaches the world by. */
export interface RestoreClients extends EnvironmentReach {
  readonly cluster: Kubernetes;
  /** PostgreSQL, with logins out of secrets. */
  readonly access: DatabaseAccess;
  /** Without it there is no estimate. */
  readonly past?: Past;
  s3(region: string): S3;
  /** The worker runs in the image that the load's Job runs in, so what is here is there. */
  readonly findPrograms: FindPrograms;
  readonly listArchive: ListArchive;
}

/** Read aloud, the runbook's "Restore from RDS Snapshot". */
export function restoreStepSet(clients: RestoreClients): StepSet {
  const { cluster, access } = clients;
  const sessions = databaseSessions(access);
  return stepSet([
    recordApplication({ cluster }),
    stopApplication({ cluster }),
    proveStopped({ cluster, sessions }),
    watchStopped({ cluster, sessions }),
    rescueSnapshot(clients),
    awaitLog(clients),
    restoreInstance(clients),
    awaitInstance(clients),
    alignInstance(clients),
    proveAligned(clients),
    alignLogin(clients),
    verifyDatabase(clients),
    startCheckJob({ cluster, access }),
    awaitCheckJob({ cluster }),
    judgeVerification(),
    compare(access),
    approveCutOver(),
    proveUnwritten(access),
    measureLoss(access),
    switchSecret(clients),
    startApplication({ cluster }),
    proveOnNew({ cluster, sessions }),
    fenceOld(access),
    handOver({ cluster }),
    verifyDeeply(clients),
    ...fromDumpSteps(clients),
  ]);
}
