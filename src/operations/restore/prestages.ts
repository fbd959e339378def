import type { RestoreFacts } from './facts.ts';
import type { StepId } from './orders.ts';

// With `restore.prestage` the instance beside is made while people decide.

/** What harms nobody, and takes longest: RDS's own work. */
export const beforeApproval: readonly StepId[] = ['restore-instance', 'await-instance'];

/** Not of a dump, which has to be loaded first, nor of the latest moment, which is known only once nothing writes. */
export const prestages = ({ environment, recovery }: Pick<RestoreFacts, 'environment' | 'recovery'>): boolean =>
  environment.restore.prestage && recovery.kind !== 'dump' && recovery.point.at !== null;

/** RDS takes no call whose signature is older (Signature Version 4). */
const landsWithinSeconds = 300;
/** Who looks every second has a simulated RDS in front of it, with no network on which a call could be that late. */
const pollsUntilLanded = 20;

/** How what was made is taken back where nobody let the restore begin: how often it is looked at, and for how long at least. */
export const takeBackOf = (pollSeconds: number) => ({
  pollSeconds,
  landsWithinSeconds: Math.min(landsWithinSeconds, pollsUntilLanded * pollSeconds),
});
