import { z } from 'zod';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { done, irreversible, type Step } from '../../domain/step.ts';
import { inputOf, workloadInput } from '../step-input.ts';
import { type Cluster, changeUnderFence } from './fence.ts';
import { recordedScales } from './record-application.ts';
import { replicasTo } from './stop-application.ts';

export const startApplicationInput = z.object({ workloads: z.array(workloadInput).min(1) });
export type StartApplicationInput = z.infer<typeof startApplicationInput>;

/**
 * Scales every workload back to what it had. Schedules and what pitcrew paused stay so until the application is proven
 * on the new database. No undo: it runs after the secret was switched, and from there on going back is a decision of
 * people, because somebody may have written to the new database.
 */
export function startApplication({ cluster }: { readonly cluster: Cluster }): Step {
  return {
    id: 'start-application',
    fence: 'annotation-test',
    async run(context) {
      inputOf(startApplicationInput, context.input);
      const workloads = recordedScales(context);
      for (const { replicas, origin: _, ...workload } of workloads)
        await changeUnderFence(cluster, workload, context, { fence: 'mine', changes: () => [replicasTo(replicas)] });
      return done<RestoreOutputs['start-application']>({ workloads: workloads.length });
    },
    undo: irreversible,
  };
}
