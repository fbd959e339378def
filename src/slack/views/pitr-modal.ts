import type { Locale } from '../../domain/people.ts';
import type { FailurePolicy, RestoreOrder } from '../../domain/plan.ts';
import type { RestoreWindow } from '../../domain/restore.ts';
import type { Environment } from '../../domain/settings.ts';
import type { Instant } from '../../domain/time.ts';
import { modalTexts as texts } from '../../messages/answers.ts';
import { findTexts } from '../../messages/find.ts';
import { pitrModalTexts as own, pitrTexts } from '../../messages/pitr.ts';
import { showMoment } from '../../messages/units.ts';
import { context, type Modal, modal, section, textInput } from './blocks.ts';
import { windowLine } from './list.ts';
import {
  type Carried,
  carries,
  confirmInput,
  failureInput,
  incidentInput,
  initially,
  latest,
  orderInput,
  orderName,
  reasonInput,
  type TypedRestore,
} from './modals.ts';
import { escaped, quiet } from './mrkdwn.ts';

/** What was typed already: it stands in the modal when it opens. */
export interface PitrGiven {
  readonly to?: string;
  readonly incident?: string;
  readonly order?: RestoreOrder;
  readonly onFailure?: FailurePolicy;
  readonly reason?: string;
}

interface PitrModal extends Carried {
  readonly environment: string;
  readonly settings: Environment;
  /** Null where RDS didn't say in time. */
  readonly windows: readonly RestoreWindow[] | null;
  readonly now: Instant;
  readonly typed?: PitrGiven;
}

const windowsShown = 4;

/** To which moment, in which order, what if it fails, why; the environment's name confirms it. */
export function pitrModal({ settings, windows, now, typed = {}, ...carried }: PitrModal, locale: Locale): Modal {
  const { environment } = carried;
  const { timeZone } = settings.database;
  const lines = (windows ?? []).slice(0, windowsShown).map((one) => windowLine(one, timeZone, now, locale));
  const reach = windows === null ? own.notRead(locale) : own.reaches(locale, { windows: lines.join('\n') });
  return modal({
    id: 'pitr',
    title: own.title(locale, { environment }),
    submit: texts.ask(locale),
    close: texts.cancel(locale),
    carries: carries(carried),
    blocks: [
      section(texts.restoreIntro(locale, { required: settings.approvals.required, environment: escaped(environment) })),
      section(windows?.length === 0 ? pitrTexts.noWindow(locale, { environment: escaped(environment) }) : reach),
      context(findTexts.inDialog(locale, { environment: escaped(environment) })),
      textInput({
        id: 'to',
        label: own.to(locale),
        hint: own.toHint(locale, { zone: timeZone }),
        most: 100,
        ...initially(typed.to),
      }),
      orderInput(typed.order ?? (typed.to === latest ? 'stop-first' : settings.restore.order), locale),
      failureInput(typed.onFailure ?? settings.restore.onFailure, locale),
      incidentInput(locale, typed.incident),
      reasonInput(locale, typed.reason),
      confirmInput(environment, locale),
    ],
  });
}

export interface TypedPitr extends Omit<TypedRestore, 'from'> {
  /** As resolved, and as it was typed. */
  readonly to: { readonly to: string; readonly typed?: string };
  readonly line: string;
}

/** The command was typed in full: the moment is shown back, and only the environment's name is still to be typed. */
export function confirmPitrModal(
  { to, line, order, onFailure, reason, incident, ...carried }: TypedPitr,
  locale: Locale,
): Modal {
  const policy = onFailure === 'return' ? texts.onFailureReturn(locale) : texts.onFailureStay(locale);
  const [, ...rest] = texts
    .typed(locale, { from: '', order: orderName(order, locale), onFailure: policy, reason: quiet(reason) })
    .split('\n');
  return modal({
    id: 'pitr-confirm',
    title: own.title(locale, { environment: carried.environment }),
    submit: texts.ask(locale),
    close: texts.cancel(locale),
    carries: {
      ...carries(carried),
      ...to,
      order,
      onFailure,
      reason,
      ...(incident ? { incident: incident.at } : {}),
    },
    blocks: [
      section([line, ...(incident ? [incident.line] : []), ...rest].join('\n')),
      confirmInput(carried.environment, locale),
    ],
  });
}

/** Where it goes back to: three ways, or the latest moment. */
export function momentLine(at: Instant | null, timeZone: string, now: Instant, locale: Locale): string {
  const to = at === null ? `*${pitrTexts.latestMoment(locale)}*` : threeWays(at, timeZone, now, locale);
  return own.typedTo(locale, { to });
}

export const incidentLine = (at: Instant, timeZone: string, now: Instant, locale: Locale): string =>
  own.typedIncident(locale, { at: threeWays(at, timeZone, now, locale) });

const threeWays = (at: Instant, timeZone: string, now: Instant, locale: Locale) =>
  own.moment(locale, showMoment(at, timeZone, now, locale));
