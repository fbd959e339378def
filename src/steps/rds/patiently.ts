import { PitcrewError } from '../../domain/errors.ts';
import { type Done, number, type StepContext, type Wait, wait } from '../../domain/step.ts';

const passing: ReadonlySet<string> = new Set(['aws.throttled', 'aws.unreachable']);

/**
 * A look at AWS that waits where AWS doesn't answer: RDS works on meanwhile, and five minutes without its API are no
 * reason to give a restore up. Slower than the poll and spread, so that throttling isn't answered with more of the same.
 * Everything else goes through: a denial fails at once.
 */
export async function patiently({ input }: StepContext, look: () => Promise<Done | Wait>): Promise<Done | Wait> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof PitcrewError) || !passing.has(error.code)) throw error;
    const seconds = Math.max(2, number(input, 'pollSeconds')) * (1 + Math.random());
    return wait(seconds, 'wait.aws', { error: error.code, action: String(error.params.action ?? '') });
  }
}
