import type { Store } from '../store.ts';
import { reconcileDeployment } from './deployments.ts';
import { reconcileReplicaSet } from './replica-sets.ts';

const RESYNC_MS = 500;

/**
 * Runs the controllers after every change, and now and then without one, since time alone makes pods available and
 * rollouts overdue. Returns what stops them.
 */
export function startControllers(store: Store): () => void {
  let scheduled: NodeJS.Immediate | undefined;
  const reconcile = () => {
    scheduled = undefined;
    for (const deployment of store.list('deployments')) reconcileDeployment(store, deployment);
    for (const replicaSet of store.list('replicasets')) reconcileReplicaSet(store, replicaSet);
  };
  const schedule = () => {
    scheduled ??= setImmediate(reconcile);
  };
  const unsubscribe = store.subscribe(({ plural }) => {
    if (plural === 'deployments' || plural === 'replicasets' || plural === 'pods') schedule();
  });
  const resync = setInterval(schedule, RESYNC_MS);
  return () => {
    unsubscribe();
    clearInterval(resync);
    if (scheduled) clearImmediate(scheduled);
  };
}
