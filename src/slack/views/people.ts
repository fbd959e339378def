import type { ApprovalPolicy } from '../../domain/events.ts';
import type { Locale } from '../../domain/people.ts';
import type { CastVote } from '../../domain/state.ts';
import { approvalTexts } from '../../messages/approval.ts';
import { showClock, showList } from '../../messages/units.ts';
import { groupMention, mention } from './mrkdwn.ts';

/** Whoever the pinned policy lets approve. */
export function approvers({ approverUsers, approverGroups }: ApprovalPolicy, locale: Locale): string {
  const named = [...approverUsers.map(mention), ...approverGroups.map(groupMention)];
  return named.length === 0 ? approvalTexts.nobodyNamed(locale) : showList(named, locale);
}

/** Who approved so far, each with the time. */
export function approvedBy(votes: readonly CastVote[], timeZone: string, locale: Locale): string {
  const named = votes
    .filter(({ decision }) => decision === 'approve')
    .map(({ slackUser, at }) => `${mention(slackUser)} ${showClock(at, timeZone)}`);
  return named.length === 0 ? approvalTexts.nobodyYet(locale) : showList(named, locale);
}

export const approvals = (votes: readonly CastVote[]) => votes.filter(({ decision }) => decision === 'approve');
