import { type OperationState, stepState } from '../../domain/state.ts';
import { type Instant, secondsBetween } from '../../domain/time.ts';
import { losesNothing, outputOf, pointAt, type Situation } from './situation.ts';

/** From what the RTO counts: the incident's start where it was given, else the request (1-product.md, "What is measured"). */
export function rtoBegan(
  state: OperationState,
): { readonly at: Instant; readonly from: 'incident' | 'request' } | undefined {
  const { request } = state;
  if (!request) return undefined;
  return request.incidentAt ? { at: request.incidentAt, from: 'incident' } : { at: request.at, from: 'request' };
}

/** When the application was seen on the new instance; `undefined` before. */
const provenStep = (state: OperationState) =>
  ['prove-on-new', 'prove-back', 'prove-swapped', 'prove-swapped-back', 'prove-in-place']
    .map((step) => stepState(state, step))
    .find((step) => step !== undefined);

export function backAt(state: OperationState): Instant | undefined {
  const proven = provenStep(state);
  const first = proven?.output?.firstSessionAt;
  return typeof first === 'string' ? first : proven?.endedAt;
}

/** In service on the new instance, proven, and nothing turned it back: what may still run keeps nobody from working. */
export const isBack = (state: OperationState): boolean =>
  provenStep(state)?.output !== undefined && !state.turnedBack && !state.parked;

/** Handed over: what may still run only looks. */
export const isHandedOver = (state: OperationState): boolean =>
  isBack(state) && outputOf(state, 'hand-over') !== undefined;

/** Seconds of the RTO so far, or for good once the application is back. */
export function rtoSeconds(state: OperationState, now: Instant): number | undefined {
  const began = rtoBegan(state);
  return began && secondsBetween(began.at, backAt(state) ?? state.closed?.at ?? now);
}

/** From the order to stop until the application was back; `undefined` unless both are known. */
export function downtimeSeconds(state: OperationState): number | undefined {
  const stopped = stepState(state, 'stop-application')?.intendedAt;
  const back = backAt(state);
  const swapMs = outputOf(state, 'swap-names')?.outageMs ?? stepState(state, 'swap-back')?.output?.outageMs;
  if (typeof swapMs === 'number') return Math.ceil(swapMs / 1000);
  return stopped && back ? secondsBetween(stopped, back) : undefined;
}

/** From the recovery point to the last lost write, or to the best that is known instead, and which that is. */
export function rpo({
  state,
  plan,
}: Pick<Situation, 'state' | 'plan'>):
  | { readonly seconds: number; readonly until: 'lost' | 'incident' | 'request' }
  | undefined {
  const point = pointAt({ state, plan });
  const { request } = state;
  if (!point || !request) return undefined;
  const lost = outputOf(state, 'measure-loss')?.lastLostAt;
  if (lost) return { seconds: Math.max(0, secondsBetween(point, lost)), until: 'lost' };
  if (losesNothing({ plan })) return { seconds: 0, until: 'lost' };
  const until = request.incidentAt ? 'incident' : 'request';
  return { seconds: Math.max(0, secondsBetween(point, request.incidentAt ?? request.at)), until };
}
