import type { OperationState } from '../domain/state.ts';
import type { Requests } from './requests.ts';

/** The index knows days, and no hours: the newest of a day are told by their chains. A day with more is cut. */
const dayFull = 60;

/** The operations of an environment that closed last, the newest first. @throws PitcrewError `ledger.*` */
export async function newestPast(
  requests: Pick<Requests, 'past'>,
  environment: string,
  most: number,
): Promise<readonly OperationState[]> {
  const listed = await requests.past(environment, Math.max(dayFull, most));
  return listed.toSorted((a, b) => ((a.closed?.at ?? '') < (b.closed?.at ?? '') ? 1 : -1)).slice(0, most);
}
