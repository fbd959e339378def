import type { ModalView } from '@slack/web-api';
import { userError } from '../domain/errors.ts';
import type { Locale } from '../domain/people.ts';
import { modalTexts } from '../messages/answers.ts';
import { deny } from './handle-button.ts';
import { record } from './record.ts';
import { fill, read } from './restore-dialog.ts';
import { asModalView } from './views/blocks.ts';
import { loadingModal, longestReason } from './views/modals.ts';
import { environmentNamed, type Handling, type Visit } from './visit.ts';
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
export function checkSubmission({ callback, answers, carried }: Submitted, locale: Locale): SubmitAnswer {
  const errors: Record<string, string> = {};
  const { environment = '' } = carried;
  const confirms = callback === 'restore' || callback === 'restore-confirm';
  if (confirms && (answers.confirm ?? '').trim() !== environment)
    errors.confirm = modalTexts.confirmWrong(locale, { environment });
  const needsReason = ['restore', 'deny', 'supersede-operation'].includes(callback);
  if (needsReason && (answers.reason ?? '').trim() === '') errors.reason = modalTexts.reasonMissing(locale);
  if (Object.keys(errors).length > 0) return { kind: 'errors', errors };
  if (callback !== 'restore-environment') return { kind: 'close' };
  const chosen = { channel: carried.channel ?? '', environment: answers.environment ?? '' };
  return { kind: 'update', view: asModalView(loadingModal(chosen, locale)) };
}

/** Does what was submitted, after Slack was answered. */
export async function handleSubmission(given: Handling, visit: Visit, submitted: Submitted): Promise<void> {
  const { callback, viewId, answers, carried } = submitted;
  const reason = (answers.reason ?? '').trim().slice(0, longestReason);
  // One modal is one request, however often its submission is delivered.
  const delivery = `view:${viewId}`;
  switch (callback) {
    case 'restore': {
      const { from, order, 'on-failure': onFailure } = answers;
      const environment = carried.environment ?? '';
      // A client that sends no initial value means it: the operation's defaults are what the modal showed.
      const args = { ...(from ? { from } : {}), ...(order ? { order } : {}), ...(onFailure ? { onFailure } : {}) };
      return record(given, visit, {
        delivery,
        operation: 'restore',
        environment,
        args,
        reason,
      });
    }
    case 'restore-confirm': {
      const { environment = '', from = '', onFailure = '', reason: typed = '' } = carried;
      const args = { from, order: 'stop-first', onFailure };
      return record(given, visit, { delivery, operation: 'restore', environment, args, reason: typed });
    }
    case 'restore-environment': {
      const environment = environmentNamed(given, answers.environment);
      if (!environment) throw userError('request.unknown-environment', { given: answers.environment ?? '' });
      return fill(given, visit, viewId, environment, read(given, environment));
    }
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
