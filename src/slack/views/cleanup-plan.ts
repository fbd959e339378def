import type { CleanupDecided, CleanupShown } from '../../domain/cleanup.ts';
import type { Plan } from '../../domain/plan.ts';
import { showInstant } from '../../messages/units.ts';
import { type Situation, timeZoneOf } from './situation.ts';

export interface CleanupPlan {
  readonly decided: CleanupDecided;
  readonly shown: CleanupShown;
}

/** The plan of a cleanup with its own types; `undefined` when there is no plan or it is another operation's. */
export function cleanupPlan(plan: Plan | undefined): CleanupPlan | undefined {
  if (plan?.bound.operation !== 'cleanup') return undefined;
  const { decided } = plan.bound as unknown as { decided: CleanupDecided };
  const { shown } = plan as unknown as { shown: CleanupShown };
  return decided?.instance && shown ? { decided, shown } : undefined;
}

/** As of the plan, so that the card changes only when something else does. */
export function moment(situation: Situation, at: string): { readonly at: string; readonly age: string } {
  const { state, locale, now } = situation;
  const { utc, local, age } = showInstant(at, timeZoneOf(situation), state.plan?.at ?? now, locale);
  return { at: local ? `${utc} (${local})` : utc, age };
}
