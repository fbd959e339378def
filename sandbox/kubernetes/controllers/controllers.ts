import { recordEvent } from '../events.ts';
import type { KubeObject } from '../objects.ts';
import { ApiError } from '../status.ts';
import type { Store } from '../store.ts';
import { createAutoscaler } from './autoscalers.ts';
import { reconcileCronJob } from './cron-jobs.ts';
import { reconcileDeployment } from './deployments.ts';
import { createGitOps } from './git-ops.ts';
import { createJobController, type JobPaces, releaseOrphans } from './jobs.ts';
import { reconcileReplicaSet } from './replica-sets.ts';
import { createScaledObjectController } from './scaled-objects.ts';
import { reconcileStatefulSet } from './stateful-sets.ts';

const RESYNC_MS = 250;

/** What makes autoscalers act, since no pod here has metrics. */
export interface Demand {
  load: boolean;
  hpaFightsBack: boolean;
}

export interface ControllerPaces extends JobPaces {
  /** How often an autoscaler looks (real: 15). */
  readonly autoscalerSeconds: number;
  /** How often KEDA looks (real: 30). */
  readonly kedaSeconds: number;
  /** How soon Argo CD or Flux puts back what was changed; unset: 5 s, and the Flux object's own interval. */
  readonly gitOpsSeconds?: number | undefined;
}

/**
 * Runs the controllers after every change, and now and then without one, since time alone makes pods available, rollouts
 * overdue and CronJobs due. Returns what stops them.
 */
export function startControllers(store: Store, paces: ControllerPaces, demand: Demand): () => void {
  const reconcileJob = createJobController(store, paces);
  const reconcileAutoscaler = createAutoscaler(store, { seconds: paces.autoscalerSeconds, demand });
  const reconcileScaledObject = createScaledObjectController(store, { seconds: paces.kedaSeconds, demand });
  const gitOps = createGitOps(store, { seconds: paces.gitOpsSeconds });
  const each = <T extends KubeObject>(objects: readonly T[], act: (object: T) => void) => {
    for (const object of objects) attempt(store, object, () => act(object));
  };
  let scheduled: NodeJS.Immediate | undefined;
  const reconcile = () => {
    scheduled = undefined;
    gitOps.reconcile();
    each(store.list('scaledobjects'), reconcileScaledObject);
    each(store.list('horizontalpodautoscalers'), reconcileAutoscaler);
    each(store.list('cronjobs'), (cronJob) => reconcileCronJob(store, cronJob));
    each(store.list('jobs'), reconcileJob);
    releaseOrphans(store);
    each(store.list('deployments'), (deployment) => reconcileDeployment(store, deployment));
    each(store.list('replicasets'), (replicaSet) => reconcileReplicaSet(store, replicaSet));
    each(store.list('statefulsets'), (set) => reconcileStatefulSet(store, set));
  };
  const schedule = () => {
    scheduled ??= setImmediate(reconcile);
  };
  const unsubscribe = store.subscribe((change) => {
    gitOps.see(change);
    if (change.plural !== 'events') schedule();
  });
  const resync = setInterval(schedule, RESYNC_MS);
  return () => {
    unsubscribe();
    clearInterval(resync);
    if (scheduled) clearImmediate(scheduled);
  };
}

/** What the API refuses a controller (a name that is taken, say) becomes an event; the other objects have their turn. */
function attempt(store: Store, about: KubeObject, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const message = `Error creating: ${error.message}`;
    recordEvent(store, { about, type: 'Warning', reason: 'FailedCreate', message, component: 'controller-manager' });
  }
}
