import type { AuditEvent } from '../../domain/audit.ts';
import type { RecordedError } from '../../domain/errors.ts';
import type { Instant } from '../../domain/time.ts';
import { approvalTexts } from '../../messages/approval.ts';
import { auditTexts as texts } from '../../messages/audit.ts';
import { describeError } from '../../messages/index.ts';
import { shortDigest, whatOf } from './approval.ts';
import { context, type Message, message } from './blocks.ts';
import { failedFindings } from './checklist.ts';
import { code, escaped, mention, quiet } from './mrkdwn.ts';
import { whoApproved } from './people.ts';
import { askerOf } from './requested.ts';
import { rollbackPlan } from './rollback.ts';
import { restorePlan, type Situation } from './situation.ts';

/** One line for the audit channel. UTC alone: logs and ledger are read beside it. */
export function auditLine(situation: Situation, event: AuditEvent): Message {
  const { state, locale, now } = situation;
  const at = `${(atOf(situation, event) ?? now).slice(0, 19).replace('T', ' ')} UTC`;
  const line = texts.line(locale, { at, said: saidOf(situation, event), operation: code(state.id) });
  return message(line.replaceAll(/[*`]/g, ''), [context(line)]);
}

function atOf({ state }: Situation, event: AuditEvent): Instant | undefined {
  switch (event) {
    case 'requested':
      return state.request?.at;
    case 'approved':
      return state.approvedAt;
    case 'denied':
      return state.votes.find(({ decision }) => decision === 'deny')?.at;
    case 'started':
      return state.steps[0]?.intendedAt;
    case 'findings-accepted':
    case 'findings-denied':
      return state.findings?.votes.at(-1)?.at;
    case 'cut-over-approved':
    case 'cut-over-denied':
      return state.cutOver?.votes.at(-1)?.at;
    case 'published':
      return state.steps.find(({ publishes }) => publishes)?.intendedAt;
    case 'turned-back':
      return state.turnedBack?.at;
    case 'parked':
      return state.parked?.at;
    case 'closed':
      return state.closed?.at;
    default: {
      const never: never = event;
      return never;
    }
  }
}

function saidOf(situation: Situation, event: AuditEvent): string {
  const { state, plan, locale } = situation;
  const what = escaped(whatOf(situation));
  const reason = (given: string | undefined) => (given ? quiet(given) : approvalTexts.noReason(locale));
  const yes = (votes: Situation['state']['votes']) => whoApproved(votes, locale);
  const why = (error: RecordedError | undefined) => (error ? escaped(describeError(locale, error).what) : '');
  const failed = failedFindings(state).length;
  switch (event) {
    case 'requested': {
      const who = askerOf(situation);
      return texts.requested(locale, { what, who, reason: reason(state.request?.reason) });
    }
    case 'approved': {
      const digest = code(shortDigest(state.plan?.digest ?? ''));
      return texts.approved(locale, { what, people: yes(state.votes), plan: digest });
    }
    case 'denied': {
      const no = state.votes.find(({ decision }) => decision === 'deny');
      return texts.denied(locale, { what, who: mention(no?.slackUser ?? '?'), reason: reason(no?.reason) });
    }
    case 'started':
      return texts.started(locale, { what });
    case 'findings-accepted':
      return texts.findingsAccepted(locale, { what, failed, people: yes(state.findings?.votes ?? []) });
    case 'findings-denied': {
      const who = mention(state.findings?.votes.at(-1)?.slackUser ?? '?');
      return texts.findingsDenied(locale, { what, failed, who });
    }
    case 'cut-over-approved':
      return texts.cutOverApproved(locale, { what, people: yes(state.cutOver?.votes ?? []) });
    case 'cut-over-denied':
      return texts.cutOverDenied(locale, { what, who: mention(state.cutOver?.votes.at(-1)?.slackUser ?? '?') });
    case 'published':
      return texts.published(locale, {
        what,
        instance: code((restorePlan(plan) ?? rollbackPlan(plan))?.decided.targetId ?? '?'),
      });
    case 'turned-back':
      return texts.turnedBack(locale, { what, why: why(state.turnedBack?.error) });
    case 'parked':
      return texts.parked(locale, { what, why: why(state.parked?.error) });
    case 'closed': {
      const { outcome = 'failed', service = 'unchanged' } = state.closed ?? {};
      const hash = code(state.head?.sha256 ?? '');
      return texts.closed(locale, {
        what,
        outcome: texts.outcomes[outcome](locale),
        service: texts.services[service](locale),
        hash,
      });
    }
    default: {
      const never: never = event;
      return never;
    }
  }
}
