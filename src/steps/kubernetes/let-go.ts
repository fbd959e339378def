import { PitcrewError } from '../../domain/errors.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import type { StepContext } from '../../domain/step.ts';
import { type Cluster, changeUnderFence, heldBy } from './fence.ts';

type Fenced = Pick<StepContext, 'operation' | 'epoch' | 'signal'>;

/**
 * Closes the fence of an operation that people gave up on everything that it stops, so that a worker of it that slept has
 * its patches refused: also where no patch of it ever arrived, since one may be on its way. Starts and resumes nothing:
 * what is stopped or paused stays so. What another operation holds is left alone, for that bars this one as well.
 * @throws PitcrewError `kubernetes.*`
 */
export async function letGoOf(
  cluster: Cluster,
  { workloads, guards }: RestoreOutputs['record-application'],
  context: Fenced,
  takesOver: readonly string[],
): Promise<void> {
  for (const { cluster: where, namespace, kind, name } of [...workloads, ...guards]) {
    const ref = { cluster: where, namespace, kind, name };
    try {
      await changeUnderFence(cluster, ref, context, {
        fence: 'closed',
        takesOver,
        changes: () => [],
        mayBeGone: true,
      });
    } catch (error) {
      if (!(error instanceof PitcrewError) || !others.includes(error.code)) throw error;
      // What pitcrew may not patch, no late patch of it can change; unless it could once, and its fence stands there.
      if (error.code === 'kubernetes.denied') {
        const seen = await cluster.find(ref).catch(() => undefined);
        if (seen && heldBy(seen) === context.operation) throw error;
      }
    }
  }
}

const others: readonly string[] = ['kubernetes.fenced', 'kubernetes.fenced-by-other', 'kubernetes.denied'];
