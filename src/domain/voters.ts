import type { ApprovalPolicy, EventData } from './events.ts';
import { sameHuman } from './people.ts';
import type { CastVote } from './state.ts';

type Vote = EventData<'vote'>;

/** Whether this person may say this, at any gate. `requester`: who asked for what is decided there. */
export function voterViolation(
  policy: ApprovalPolicy,
  requester: string | undefined,
  votes: readonly CastVote[],
  vote: Vote,
): string | undefined {
  const isRequester = sameHuman(vote.human.id, requester);
  // Saying no to one's own request is a withdrawal: it needs nobody's permission.
  if (isRequester && vote.decision === 'deny') return undefined;
  if (isRequester && !policy.requesterCounts) return 'approval.own-request';
  if (!isNamed(policy, vote.via)) return 'approval.not-approver';
  if (votes.some(({ human }) => sameHuman(human, vote.human.id))) return 'approval.already-voted';
  return undefined;
}

/** Whether the policy names this user or group. */
export function isNamed({ approverUsers, approverGroups }: ApprovalPolicy, via: string | undefined): boolean {
  return via !== undefined && [...approverUsers, ...approverGroups].includes(via);
}
