import { z } from 'zod';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { done, type Step, undoBy } from '../../domain/step.ts';
import { inputOf, workloadInput } from '../step-input.ts';
import { type Cluster, changeUnderFence } from './fence.ts';
import { recordedWorkloads } from './record-application.ts';

export const stopApplicationInput = z.object({ workloads: z.array(workloadInput).min(1) });
export type StopApplicationInput = z.infer<typeof stopApplicationInput>;

/**
 * Scales every workload to 0 under this operation's fence, and writes the count to come back to beside it. The undo
 * closes the fence even where the stop never arrived: a patch still on its way is refused by the cluster then.
 */
export function stopApplication({ cluster }: { readonly cluster: Cluster }): Step {
  return {
    id: 'stop-application',
    fence: 'annotation-test',
    async run(context) {
      inputOf(stopApplicationInput, context.input);
      const workloads = recordedWorkloads(context);
      for (const { replicas, ...workload } of workloads)
        await changeUnderFence(cluster, workload, context, { fence: 'mine', replicas: 0, note: replicas });
      return done<RestoreOutputs['stop-application']>({ workloads: workloads.length });
    },
    undo: undoBy(async (context) => {
      const workloads = recordedWorkloads(context);
      for (const { replicas, ...workload } of workloads)
        await changeUnderFence(cluster, workload, context, { fence: 'closed', replicas, note: null });
      return done({ workloads: workloads.length });
    }, 'return'),
  };
}
