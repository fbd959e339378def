import { z } from 'zod';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { done, irreversible, type Step } from '../../domain/step.ts';
import { inputOf, workloadInput } from '../step-input.ts';
import { type Cluster, changeUnderFence } from './fence.ts';

export const handOverInput = z.object({
  workloads: z.array(workloadInput).min(1),
  /** The instance that was replaced and stays as it is. */
  keptInstance: z.string().min(1),
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

/** Lets the workloads go: the fence is closed for good, and the note of the replica count goes with it. */
export function handOver({ cluster }: { readonly cluster: Cluster }): Step {
  return {
    id: 'hand-over',
    fence: 'annotation-test',
    async run(context) {
      const { workloads, keptInstance, notes = handOverNotes } = inputOf(handOverInput, context.input);
      for (const workload of workloads)
        await changeUnderFence(cluster, workload, context, { fence: 'closed', note: null });
      return done<RestoreOutputs['hand-over']>({ keptInstance, notes: [...notes] });
    },
    undo: irreversible,
  };
}
