import { userError } from '../domain/errors.ts';
import type { Locale } from '../domain/people.ts';
import type { RestoreOrder } from '../domain/plan.ts';
import type { Environment } from '../domain/settings.ts';
import type { Instant } from '../domain/time.ts';
import { pastTime } from '../requests/past-time.ts';
import { latest } from './views/modals.ts';
import { incidentLine, momentLine } from './views/pitr-modal.ts';

interface Where {
  readonly environment: Environment;
  readonly now: Instant;
  readonly locale: Locale;
}

/** What was typed as `--to`: resolved here, once, so that it means the same whenever it is planned. */
export interface To {
  readonly args: { readonly to: string; readonly typed?: string };
  /** The moment three ways. */
  readonly line: string;
}

/** @throws PitcrewError `time.*` when it can't be taken for one instant that has passed */
export function toMoment(typed: string, { environment, now, locale }: Where): To {
  const { timeZone } = environment.database;
  const given = typed.trim();
  // As people write it in either language; RDS's own word.
  if (/^(latest|最新)$/i.test(given)) return { args: { to: latest }, line: momentLine(null, timeZone, now, locale) };
  const to = pastTime(given, { timeZone, now });
  return { args: { to, typed: given.slice(0, 100) }, line: momentLine(to, timeZone, now, locale) };
}

/** When the incident began, where somebody said it. @throws PitcrewError `time.*` */
export function incidentMoment(
  typed: string | undefined,
  { environment, now, locale }: Where,
): { readonly at: Instant; readonly line: string } | undefined {
  if (typed === undefined || typed.trim() === '') return undefined;
  const { timeZone } = environment.database;
  const at = pastTime(typed, { timeZone, now });
  return { at, line: incidentLine(at, timeZone, now, locale) };
}

/**
 * In which order it goes back to that moment: to the latest one only the stop comes first.
 * @throws PitcrewError `pitr.latest-stops-first` where the other one was asked for
 */
export function orderAt(to: string, asked: RestoreOrder | undefined, configured: RestoreOrder): RestoreOrder {
  if (to !== latest) return asked ?? configured;
  if (asked === 'restore-first') throw userError('pitr.latest-stops-first');
  return 'stop-first';
}
