import type { CleanupDecided, CleanupShown } from '../../domain/cleanup.ts';
import type { Plan } from '../../domain/plan.ts';
import { bothClocks, showInstant } from '../../messages/units.ts';
import { planOf, type Situation, timeZoneOf } from './situation.ts';

export interface CleanupPlan {
  readonly decided: CleanupDecided;
  readonly shown: CleanupShown;
}

export function cleanupPlan(plan: Plan | undefined): CleanupPlan | undefined {
  const cleanup = planOf<CleanupDecided, CleanupShown>(plan, 'cleanup');
  return cleanup?.decided.instance ? cleanup : undefined;
}

/** As of the plan, so that the card changes only when something else does. */
export function moment(situation: Situation, at: string): { readonly at: string; readonly age: string } {
  const { state, locale, now } = situation;
  const shown = showInstant(at, timeZoneOf(situation), state.plan?.at ?? now, locale);
  return { at: bothClocks(shown), age: shown.age };
}
