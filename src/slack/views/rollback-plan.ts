import type { Locale } from '../../domain/people.ts';
import type { Bound, Plan } from '../../domain/plan.ts';
import type { RollbackDecided, RollbackShown } from '../../domain/rollback.ts';
import { approvalTexts } from '../../messages/approval.ts';
import { rollbackTexts as texts } from '../../messages/rollback.ts';
import { bothClocks, showDuration, showInstant } from '../../messages/units.ts';
import { code } from './mrkdwn.ts';
import { planOf, type Situation, timeZoneOf } from './situation.ts';

export interface RollbackPlan {
  readonly bound: Bound;
  readonly decided: RollbackDecided;
  readonly shown: RollbackShown;
}

export function rollbackPlan(plan: Plan | undefined): RollbackPlan | undefined {
  const rollback = planOf<RollbackDecided, RollbackShown>(plan, 'rollback');
  return rollback?.decided.target && rollback.shown.left ? rollback : undefined;
}

// What is said alike of a rollback, whether another instance serves after it or another database of the same one.

/** For how long, and in how many rows where anybody could count them. */
export function leftBehind({ left }: RollbackShown, locale: Locale) {
  const counted = left.tables.flatMap(({ rows }) => (rows === null ? [] : [rows]));
  const rows = counted.length === 0 ? null : counted.reduce((all, one) => all + one, 0);
  return { length: showDuration(left.seconds, locale), rows };
}

export const leftTables = ({ left }: RollbackShown, locale: Locale): readonly string[] =>
  left.tables.map(({ table, rows }) => approvalTexts.lostRows(locale, { table: code(table), rows }));

/** `none`: where nobody has done it before. */
export function expectedLines({ expected }: RollbackShown, locale: Locale, none: string): readonly string[] {
  const { downtimeSeconds, totalSeconds, from } = expected;
  if (downtimeSeconds === null) return [none];
  return [
    approvalTexts.expectedDowntime(locale, { length: showDuration(downtimeSeconds, locale) }),
    ...(totalSeconds === null
      ? []
      : [texts.expectedTotal(locale, { length: showDuration(totalSeconds, locale), from })]),
  ];
}

/** Until when the application wrote to what it goes back to, as of the plan. */
export function asOfLine(situation: Situation, { asOf }: RollbackDecided): readonly string[] {
  if (!asOf) return [];
  const { state, locale, now } = situation;
  const at = bothClocks(showInstant(asOf, timeZoneOf(situation), state.plan?.at ?? now, locale));
  return [texts.asOf(locale, { at })];
}
