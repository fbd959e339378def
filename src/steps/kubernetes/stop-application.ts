import { z } from 'zod';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { done, type Step, undoBy } from '../../domain/step.ts';
import { inputOf, workloadInput } from '../step-input.ts';
import { annotation, type Change, type Cluster, changeUnderFence } from './fence.ts';
import { pause, pausing, resume, resuming } from './pause.ts';
import { recorded, replicasAnnotation } from './record-application.ts';

export const stopApplicationInput = z.object({
  workloads: z.array(workloadInput).min(1),
  /** Operations that left the application stopped and are over: their fences are taken over. Seen in the plan, and said on its card. */
  takesOver: z.array(z.string()),
});
export type StopApplicationInput = z.infer<typeof stopApplicationInput>;

export const replicasTo = (replicas: number): Change => ({ at: ['spec', 'replicas'], value: replicas });

/**
 * Pauses what would start the application again, suspends its schedules and scales every workload to 0, all under this
 * operation's fence, with what to come back to written beside. The undo closes the fence even where the stop never
 * arrived: a patch still on its way is refused by the cluster then.
 */
export function stopApplication({ cluster }: { readonly cluster: Cluster }): Step {
  return {
    id: 'stop-application',
    fence: 'annotation-test',
    async run(context) {
      const { takesOver } = inputOf(stopApplicationInput, context.input);
      const { workloads, guards } = recorded(context);
      let paused = 0;
      for (const guard of guards) if (await pause(cluster, guard, context, takesOver)) paused++;
      for (const { replicas, origin: _, ...workload } of workloads)
        await changeUnderFence(cluster, workload, context, {
          fence: 'mine',
          takesOver,
          changes: (seen) =>
            workload.kind === 'cron-job'
              ? pausing(seen)
              : [annotation(replicasAnnotation, String(replicas)), replicasTo(0)],
        });
      return done<RestoreOutputs['stop-application']>({ workloads: workloads.length, paused });
    },
    undo: undoBy(async (context) => {
      const { workloads, guards } = recorded(context);
      const { takesOver } = inputOf(stopApplicationInput, context.input);
      for (const { replicas, origin: _, ...workload } of workloads)
        await changeUnderFence(cluster, workload, context, {
          fence: 'closed',
          takesOver,
          changes: (seen) =>
            workload.kind === 'cron-job'
              ? resuming(seen)
              : [replicasTo(replicas), annotation(replicasAnnotation, undefined)],
        });
      // Last, because a GitOps controller that is let go puts back what it knows of the workloads.
      for (const guard of guards) await resume(cluster, guard, context, takesOver);
      return done({ workloads: workloads.length });
    }, 'return'),
  };
}
