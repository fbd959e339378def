import type { ModalView } from '@slack/web-api';
import { recorded, userError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Locale } from '../domain/people.ts';
import type { Instant } from '../domain/time.ts';
import { modalTexts } from '../messages/answers.ts';
import { describeError } from '../messages/index.ts';
import { requestCleanup } from './cleanup.ts';
import { deny } from './handle-button.ts';
import { incidentMoment, orderAt, toMoment } from './moments.ts';
import { record } from './record.ts';
import { requestRescue, rescueFaults } from './rescue.ts';
import { fill, read } from './restore-dialog.ts';
import { requestRollback } from './rollback.ts';
import { asModalView, type Modal } from './views/blocks.ts';
import { loadingModal, longestReason } from './views/modals.ts';
import { pitrModal } from './views/pitr-modal.ts';
import { environmentNamed, type Handling, nowOf, type Visit } from './visit.ts';
import { cancel, supersede } from './ways-out.ts';

/** A submitted modal, as far as pitcrew reads it. */
export interface Submitted {
  readonly callback: string;
  readonly viewId: string;
  /** What was answered, by block. */
  readonly answers: Readonly<Record<string, string>>;
  /** What the modal carried: pointers that are checked again, never trusted. */
  readonly carried: Readonly<Record<string, string>>;
}

/** How Slack is answered within 3 s: close, say what is wrong with a field, or show another modal. */
export type SubmitAnswer =
  | { readonly kind: 'close' }
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: 'update'; readonly view: ModalView };

/** What the form itself says, before anything is asked of anybody. Pure. */
export function checkSubmission(
  { callback, answers, carried }: Submitted,
  locale: Locale,
  given: Pick<Handling, 'settings' | 'now'>,
): SubmitAnswer {
  const errors: Record<string, string> = {};
  const { environment = '' } = carried;
  const confirms = ['restore', 'restore-confirm', 'pitr', 'pitr-confirm', 'rollback', 'rescue', 'cleanup'].includes(
    callback,
  );
  if (confirms && (answers.confirm ?? '').trim() !== environment)
    errors.confirm = modalTexts.confirmWrong(locale, { environment });
  const needsReason = ['restore', 'pitr', 'rollback', 'rescue', 'cleanup', 'deny', 'supersede-operation'].includes(
    callback,
  );
  if (needsReason && (answers.reason ?? '').trim() === '') errors.reason = modalTexts.reasonMissing(locale);
  if (callback === 'rescue') Object.assign(errors, rescueFaults(answers, locale));
  const where = environmentNamed(given, environment);
  if (where) Object.assign(errors, timeErrors(answers, { environment: where, now: nowOf(given), locale }));
  if (Object.keys(errors).length > 0) return { kind: 'errors', errors };
  if (callback === 'pitr-environment')
    return { kind: 'update', view: asModalView(pitrOf(carried, answers, locale, given)) };
  if (callback !== 'restore-environment') return { kind: 'close' };
  const chosen = { channel: carried.channel ?? '', environment: answers.environment ?? '' };
  return { kind: 'update', view: asModalView(loadingModal(chosen, locale)) };
}

/** What was written as a time and can't be read as one is said at its field. */
function timeErrors(
  { to, incident, order }: Submitted['answers'],
  where: Parameters<typeof toMoment>[1],
): Readonly<Record<string, string>> {
  const said = (read: () => unknown): string | undefined => {
    try {
      read();
      return undefined;
    } catch (error) {
      const { what, hint } = describeError(where.locale, recorded(error));
      return `${what} ${hint}`.replaceAll('`', '');
    }
  };
  const ofTo = to === undefined ? undefined : said(() => toMoment(to, where));
  const ofOrder =
    to === undefined || ofTo || order !== 'restore-first'
      ? undefined
      : said(() => orderAt(toMoment(to, where).args.to, order, order));
  const ofIncident = said(() => incidentMoment(incident, where));
  return {
    ...(ofTo ? { to: ofTo } : {}),
    ...(ofOrder ? { order: ofOrder } : {}),
    ...(ofIncident ? { incident: ofIncident } : {}),
  };
}

/** @throws PitcrewError `request.unknown-environment` when it was taken out of the config meanwhile */
function pitrOf(
  carried: Submitted['carried'],
  { environment: name = '' }: Submitted['answers'],
  locale: Locale,
  given: Pick<Handling, 'settings' | 'now'>,
): Modal {
  const settings = environmentNamed(given, name);
  if (!settings) throw userError('request.unknown-environment', { given: name });
  const { channel = '' } = carried;
  return pitrModal({ channel, environment: name, settings, windows: null, now: nowOf(given) }, locale);
}

/** Does what was submitted, after Slack was answered. */
export async function handleSubmission(given: Handling, visit: Visit, submitted: Submitted): Promise<void> {
  const { callback, viewId, answers, carried } = submitted;
  const reason = (answers.reason ?? '').trim().slice(0, longestReason);
  // One modal is one request, however often its submission is delivered.
  const delivery = `view:${viewId}`;
  switch (callback) {
    case 'restore': {
      const { from, mode, order, 'on-failure': onFailure } = answers;
      const environment = carried.environment ?? '';
      // A client that sends no initial value means it: the operation's defaults are what the modal showed.
      const args = restoreArgs({ from, mode, order, onFailure });
      const asked = { delivery, operation: 'restore' as const, environment, args, reason };
      return record(given, visit, { ...asked, ...began(given, visit, environment, answers.incident) });
    }
    case 'restore-confirm': {
      const { environment = '', from, mode, order, onFailure, reason: typed = '' } = carried;
      const args = restoreArgs({ from, mode, order, onFailure });
      const asked = { delivery, operation: 'restore' as const, environment, args, reason: typed };
      return record(given, visit, { ...asked, ...began(given, visit, environment, carried.incident) });
    }
    case 'pitr':
      return recordPitr(given, visit, { delivery, reason, ...submitted });
    case 'pitr-confirm':
      return recordPitr(given, visit, {
        delivery,
        reason: carried.reason ?? '',
        answers: { ...carried, 'on-failure': carried.onFailure ?? '' },
        carried,
      });
    case 'pitr-environment':
      return;
    case 'restore-environment': {
      const environment = environmentNamed(given, answers.environment);
      if (!environment) throw userError('request.unknown-environment', { given: answers.environment ?? '' });
      return fill(given, visit, viewId, environment, read(given, environment));
    }
    case 'rollback': {
      const { environment = '', operation = '' } = carried;
      return requestRollback(given, visit, { delivery, operation, reason }, environment);
    }
    case 'rescue':
      return requestRescue(given, visit, { delivery, reason }, carried.environment ?? '', answers);
    case 'cleanup':
      return requestCleanup(given, visit, { delivery, reason }, carried);
    case 'snapshot':
      return record(given, visit, {
        delivery,
        operation: 'snapshot',
        environment: answers.environment ?? '',
        args: {},
        reason,
      });
    case 'cancel-operation':
      return cancel(given, visit, carried.operation ?? '');
    case 'supersede-operation':
      return supersede(given, visit, carried.operation ?? '', reason);
    case 'deny':
      return deny(given, visit, carried.pointer ?? '', reason);
    default:
      throw userError('slack.bad-button');
  }
}

/** When the incident began, resolved once: recorded, and shown back. */
function began(
  given: Handling,
  visit: Visit,
  name: string,
  typed: string | undefined,
): { readonly incidentAt: Instant; readonly readAs: readonly string[] } | Record<string, never> {
  const environment = environmentNamed(given, name);
  const moment = environment && incidentMoment(typed, { environment, ...visit });
  return moment ? { incidentAt: moment.at, readAs: [moment.line] } : {};
}

async function recordPitr(
  given: Handling,
  visit: Visit,
  {
    delivery,
    reason,
    answers,
    carried,
  }: Pick<Submitted, 'answers' | 'carried'> & Record<'delivery' | 'reason', string>,
): Promise<void> {
  const environment = environmentNamed(given, carried.environment);
  if (!environment) throw userError('request.unknown-environment', { given: carried.environment ?? '' });
  const moment = toMoment(answers.to ?? '', { environment, ...visit });
  const { typed = moment.args.typed, order, 'on-failure': onFailure } = answers;
  const { readAs = [], ...incident } = began(given, visit, environment.name, answers.incident);
  return record(given, visit, {
    delivery,
    operation: 'pitr',
    environment: environment.name,
    args: {
      to: moment.args.to,
      ...(typed ? { typed } : {}),
      ...(order ? { order } : {}),
      ...(onFailure ? { onFailure } : {}),
    },
    reason,
    ...incident,
    readAs: [moment.line, ...readAs],
  });
}

type RestoreAnswers = Readonly<Partial<Record<'from' | 'mode' | 'order' | 'onFailure', string | undefined>>>;

/** A mode is of dumps alone, and neither beside nor in place has an order: a menu says one all the same. */
function restoreArgs({ from, mode, order, onFailure }: RestoreAnswers): JsonObject {
  const how = from?.includes('/') && mode ? mode : undefined;
  const ordered = order && (how === undefined || how === 'own-instance');
  return {
    ...(from ? { from } : {}),
    ...(how ? { mode: how } : {}),
    ...(ordered ? { order } : {}),
    ...(onFailure ? { onFailure } : {}),
  };
}
