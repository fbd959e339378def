import type { Kubernetes } from '../clients/kubernetes.ts';
import { permanent } from '../domain/errors.ts';
import type { Inspector } from '../domain/inspection.ts';
import type { Environment, Workload } from '../domain/settings.ts';
import { guardsOf } from '../steps/kubernetes/guards.ts';
import { running } from '../steps/kubernetes/pods.ts';
import { nameOf, present } from '../steps/kubernetes/workload.ts';

/** Whether each workload is there, its pods and what scales it may be read, and whether pitcrew may stop it. */
export async function inspectWorkloads(
  inspector: Inspector,
  cluster: Kubernetes,
  { name, workloads }: Environment,
): Promise<void> {
  // One after another: one cluster answers for all of them, and a missing right is told once for each.
  for (const [i, workload] of workloads.entries())
    await inspectWorkload(inspector, cluster, `environments.${name}.workloads[${i}]`, workload);
}

async function inspectWorkload(inspector: Inspector, cluster: Kubernetes, path: string, workload: Workload) {
  const seen = await inspector.look(path, 'workload', async () => {
    const found = await present(cluster, workload);
    // Asked, not tried: undefined is a cluster that doesn't say, and then the restore itself will find out.
    if ((await cluster.mayPatch(workload)) === false)
      inspector.note(path, permanent('kubernetes.denied', { ...nameOf(workload), verb: 'patch' }));
    return found;
  });
  if (!seen) return;
  await inspector.look(path, 'pods', () => running(cluster, seen));
  const guards = await inspector.look(path, 'guards', () => guardsOf(cluster, seen));
  for (const note of guards?.notes ?? []) inspector.remark(path, note);
}
