import type { RecordedError } from './errors.ts';
import type { Closing, EventData } from './events.ts';
import type { OperationState } from './state.ts';
import type { Instant } from './time.ts';

// What is done while people still decide: the steps that the plan names for it and that harm nobody, and nothing else. An
// operation that nobody lets begin turns back, and only then is it closed as what people made of it.

/** Something was done, and nobody has let it begin: all of it is what the plan said may be done meanwhile. */
export const isOnlyPrestaged = ({ epoch, startedAt }: OperationState): boolean => epoch > 0 && startedAt === undefined;

/** Whether this step may begin while people decide. Handing over and asking people never may. */
export function mayPrestage(state: OperationState, intent: EventData<'intent'>): boolean {
  if (state.phase !== 'planned' || intent.direction !== 'do' || intent.publishes || intent.gate) return false;
  return state.plan?.prestage?.includes(intent.step) === true;
}

type Early = Extract<Closing, 'denied' | 'expired' | 'cancelled' | 'refused'>;

const endings: Readonly<Record<string, Early>> = {
  'approval.denied': 'denied',
  'approval.expired': 'expired',
  'approval.start-too-late': 'expired',
  'operation.cancelled': 'cancelled',
};

const endingOf = ({ code }: RecordedError): Early => endings[code] ?? 'refused';

/** How an operation ends that turned back before it began; `undefined` where it began, or did not turn back. */
export const endedUnstarted = ({ startedAt, turnedBack }: OperationState): Early | undefined =>
  startedAt === undefined && turnedBack ? endingOf(turnedBack.error) : undefined;

/** It turns back before it began only for a reason that the chain bears out: a no, a cancel, a time that is over. */
export function earlyTurnViolation(state: OperationState, error: RecordedError, at?: Instant): string | undefined {
  const ending = endingOf(error);
  switch (ending) {
    case 'denied':
      return state.phase === 'denied' ? undefined : 'close.not-denied';
    case 'cancelled':
      return state.cancelAskedBy ? undefined : 'cancel.not-asked';
    case 'expired':
      return notYetExpired(state, at);
    // Looked at again after the approval: what was approved can't be done any more.
    case 'refused':
      return state.phase === 'approved' ? undefined : 'engine.not-approved';
    default: {
      const never: never = ending;
      return never;
    }
  }
}

/** By the store's clock: the time to approve while people decide, the time to begin once they approved. */
export function notYetExpired({ phase, startBy, plan }: OperationState, at?: Instant): string | undefined {
  const deadline = phase === 'approved' ? startBy : plan?.expiresAt;
  if (!deadline || phase === 'denied') return 'close.not-expired';
  return at === undefined || at > deadline ? undefined : 'close.not-expired';
}
