import type { Kubernetes } from '../../clients/kubernetes.ts';
import { type StepSet, stepSet } from '../../domain/step.ts';
import type { EnvironmentReach } from '../../planning/current-instance.ts';
import type { Past } from '../../planning/estimate.ts';
import type { History } from '../../planning/past-operation.ts';
import { handOver } from '../../steps/kubernetes/hand-over.ts';
import { proveOnNew } from '../../steps/kubernetes/prove-on-new.ts';
import { proveStopped } from '../../steps/kubernetes/prove-stopped.ts';
import { recordApplication } from '../../steps/kubernetes/record-application.ts';
import { startApplication } from '../../steps/kubernetes/start-application.ts';
import { stopApplication } from '../../steps/kubernetes/stop-application.ts';
import { watchStopped } from '../../steps/kubernetes/watch-stopped.ts';
import { alignLogin } from '../../steps/postgres/align-login.ts';
import { fenceOld } from '../../steps/postgres/fence-old.ts';
import { letIn } from '../../steps/postgres/let-in.ts';
import { measureLoss } from '../../steps/postgres/measure-loss.ts';
import { measureWritten } from '../../steps/postgres/measure-written.ts';
import { proveSwapped } from '../../steps/postgres/prove-swapped.ts';
import { databaseSessions } from '../../steps/postgres/sessions.ts';
import { proveKept, swapBack } from '../../steps/postgres/swap-back.ts';
import { proveSwappable } from '../../steps/postgres/swap-names.ts';
import { proveOldInstance } from '../../steps/rds/prove-old-instance.ts';
import { switchSecret } from '../../steps/secrets/switch-secret.ts';
import { underName } from '../../steps/under-name.ts';
import type { DatabaseAccess } from '../../verification/access.ts';

/** All that a rollback reaches the world by. */
export interface RollbackClients extends EnvironmentReach {
  readonly cluster: Kubernetes;
  /** PostgreSQL, with logins out of secrets. */
  readonly access: DatabaseAccess;
  /** Without it there is no estimate. */
  readonly past?: Past;
  readonly history: History;
}

/** What a restore knows as the instance that it made is here the one that is gone back to. */
const reads = { 'await-instance': 'prove-old' };

/**
 * Read aloud: stop, let the application into the database that it had, count what stays behind, point there, start. Where
 * names were swapped on one instance nothing is stopped: look at both databases, count what stays behind, swap them back.
 */
export function rollbackStepSet(clients: RollbackClients): StepSet {
  const { cluster, access } = clients;
  const sessions = databaseSessions(access);
  return stepSet([
    recordApplication({ cluster }),
    proveOldInstance(clients),
    stopApplication({ cluster }),
    proveStopped({ cluster, sessions }),
    watchStopped({ cluster, sessions }),
    letIn(access),
    underName('try-login', alignLogin(clients), reads),
    underName('measure-left', measureLoss(access), reads),
    underName('switch-back', switchSecret(clients), reads),
    startApplication({ cluster }),
    underName('prove-back', proveOnNew({ cluster, sessions }), reads),
    underName('bar-left', fenceOld(access), reads),
    handOver({ cluster }),
    proveKept(clients),
    proveSwappable(clients),
    measureWritten(access),
    swapBack(clients),
    underName('prove-swapped-back', proveSwapped(clients), { 'swap-names': 'swap-back' }),
  ]);
}
