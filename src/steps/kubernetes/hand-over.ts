import { z } from 'zod';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { done, irreversible, type Step } from '../../domain/step.ts';
import { inputOf, workloadInput } from '../step-input.ts';
import { annotation, type Cluster, changeUnderFence } from './fence.ts';
import { resume, resuming } from './pause.ts';
import { recorded, replicasAnnotation } from './record-application.ts';

export const handOverInput = z.object({
  workloads: z.array(workloadInput).min(1),
  /** The instance that was replaced and stays as it is; null when it was gone before. */
  keptInstance: z.string().min(1).nullable(),
  /** Codes `hand-over.*` of the catalogue; `handOverNotes` unless the plan knows better. */
  notes: z.array(z.string()).optional(),
});
export type HandOverInput = z.infer<typeof handOverInput>;

/** What somebody has to look at after every restore, because pitcrew neither sees nor touches it (3-facts.md, RDS). */
export const handOverNotes = [
  'hand-over.old-instance-kept',
  'hand-over.infrastructure-as-code',
  'hand-over.attachments',
  'hand-over.downstream',
] as const;

/**
 * Lets the workloads go: schedules run again, what was paused is given back as it was, the fence is closed for good, and
 * the note of the replica count goes with it. Not before the application is proven on the new database: a schedule that
 * fires earlier might still write to the old one.
 */
export function handOver({ cluster }: { readonly cluster: Cluster }): Step {
  return {
    id: 'hand-over',
    fence: 'annotation-test',
    async run(context) {
      const { keptInstance, notes = handOverNotes } = inputOf(handOverInput, context.input);
      const { workloads, guards } = recorded(context);
      for (const { replicas: _count, origin: _origin, ...workload } of workloads)
        await changeUnderFence(cluster, workload, context, {
          fence: 'closed',
          changes: (seen) => [...resuming(seen), annotation(replicasAnnotation, undefined)],
        });
      for (const guard of guards) await resume(cluster, guard, context, []);
      return done<RestoreOutputs['hand-over']>({ keptInstance, notes: [...notes] });
    },
    undo: irreversible,
  };
}
