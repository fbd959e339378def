import type { ApprovalPolicy } from '../../domain/events.ts';
import type { Locale } from '../../domain/people.ts';
import type { CastVote } from '../../domain/state.ts';
import type { Instant } from '../../domain/time.ts';
import { approvalTexts } from '../../messages/approval.ts';
import { showClock, showList } from '../../messages/units.ts';
import { groupMention, mention } from './mrkdwn.ts';
import { type Situation, timeZoneOf } from './situation.ts';

/** Whoever the pinned policy lets approve. */
function approvers({ approverUsers, approverGroups }: ApprovalPolicy, locale: Locale): string {
  const named = [...approverUsers.map(mention), ...approverGroups.map(groupMention)];
  return named.length === 0 ? approvalTexts.nobodyNamed(locale) : showList(named, locale);
}

/** Who approved so far, each with the time. */
function approvedBy(votes: readonly CastVote[], timeZone: string, locale: Locale): string {
  const named = approvals(votes).map(({ slackUser, at }) => `${mention(slackUser)} ${showClock(at, timeZone)}`);
  return named.length === 0 ? approvalTexts.nobodyYet(locale) : showList(named, locale);
}

export const approvals = (votes: readonly CastVote[]) => votes.filter(({ decision }) => decision === 'approve');

/** Who approved, by name. */
export function whoApproved(votes: readonly CastVote[], locale: Locale): string {
  const named = approvals(votes).map(({ slackUser }) => mention(slackUser));
  return showList(named, locale);
}

interface Vote {
  readonly votes: readonly CastVote[];
  readonly expiresAt: Instant;
  /** How many have to approve. */
  readonly required: number;
}

/** Who decides, until when, and who has approved so far. */
export function voteLines(situation: Situation, policy: ApprovalPolicy, vote: Vote): readonly [string, string] {
  const { locale } = situation;
  const { votes, expiresAt, required } = vote;
  const { requesterCounts } = policy;
  const timeZone = timeZoneOf(situation);
  const until = showClock(expiresAt, timeZone);
  const missing = Math.max(0, required - approvals(votes).length);
  return [
    approvalTexts.whoDecides(locale, { required, people: approvers(policy, locale), requesterCounts, until }),
    approvalTexts.approvedSoFar(locale, { people: approvedBy(votes, timeZone, locale), missing }),
  ];
}
