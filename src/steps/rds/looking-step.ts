import { PitcrewError, permanent } from '../../domain/errors.ts';
import { type Done, nothingToUndo, number, type Step, type StepContext, type Wait, wait } from '../../domain/step.ts';
import { instant, secondsBetween } from '../../domain/time.ts';

const passing: ReadonlySet<string> = new Set(['aws.throttled', 'aws.unreachable']);

/**
 * A first backup of a large instance takes hours and RDS tells no progress, so nothing shorter can be told from "stuck".
 * At this length a worker's clock that is an hour off decides nothing.
 */
const longestHours = 24;

/**
 * A look at AWS that waits where AWS doesn't answer: RDS works on meanwhile, and five minutes without its API are no
 * reason to give a restore up. Slower than the poll and spread, so that throttling isn't answered with more of the same.
 * Everything else goes through: a denial fails at once.
 * @throws PitcrewError `aws.too-long` after a day: nothing is waited for without end
 */
async function patiently(context: StepContext, look: () => Promise<Done | Wait>): Promise<Done | Wait> {
  const result = await looked(context, look);
  const hours = secondsBetween(context.since, instant(new Date())) / 3600;
  if (result.kind === 'done' || hours < longestHours) return result;
  const { instance, snapshot, status } = result.because.params;
  throw permanent('aws.too-long', { on: instance ?? snapshot ?? '', status: status ?? '', hours: longestHours });
}

/** A step that only looks at AWS, again and again, until what it waits for is there. */
export const lookingStep = (id: string, look: (context: StepContext) => Promise<Done | Wait>): Step => ({
  id,
  fence: 'read-only',
  polls: true,
  undo: nothingToUndo,
  run: (context) => patiently(context, () => look(context)),
});

async function looked({ input }: StepContext, look: () => Promise<Done | Wait>): Promise<Done | Wait> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof PitcrewError) || !passing.has(error.code)) throw error;
    const seconds = Math.max(2, number(input, 'pollSeconds')) * (1 + Math.random());
    return wait(seconds, 'wait.aws', { error: error.code, action: String(error.params.action ?? '') });
  }
}
