import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import type { PitcrewError } from '../../src/domain/errors.ts';
import type { Gate } from '../../src/domain/events.ts';
import { humanOf } from '../../src/slack/directory.ts';
import type { Case, Group } from './cases.ts';
import type { Ground } from './ground.ts';
import { peopleWhoMayNotAsk } from './typed.ts';

const human = (user: string) => humanOf(sandboxWorkspace.teamId, user);

/** A restore that waits for approval: its plan is made anew for every case. */
async function waiting(ground: Ground): Promise<{ operation: string; digest: string }> {
  const { id, plan } = await ground.ask({ from: 'latest' });
  return { operation: id, digest: plan?.digest ?? '' };
}

interface Click {
  readonly user: string;
  readonly code: string;
  readonly digest?: string;
  readonly approvers?: object;
  readonly gate?: Gate;
  readonly decision?: 'approve' | 'deny';
}

const click = (input: string, { user, code, digest, gate, decision = 'approve' }: Click): Case => ({
  input,
  code,
  async ask(ground) {
    const on = await waiting(ground);
    const answer = await ground
      .requests()
      .vote({ ...on, ...(digest ? { digest } : {}), ...(gate ? { gate } : {}), human: human(user), decision });
    await ground.abandon(on.operation);
    return answer.kind === 'refused' ? answer : { code: 'it was counted', params: {} };
  },
});

export const people: Group = {
  title: 'People who may not',
  cases: [
    ...peopleWhoMayNotAsk,
    click('the requester presses Approve', { user: 'U0ROSA', code: 'approval.own-request' }),
    click('somebody presses Approve who is no approver', { user: 'U0MALLORY', code: 'approval.not-approver' }),
    click('a guest presses Approve', { user: 'U0GUEST', code: 'person.guest' }),
    click('an approver presses Approve on an older plan’s card', {
      user: 'U0AMIR',
      code: 'approval.other-plan',
      digest: '0'.repeat(64),
    }),
    click('an approver approves a cut-over that nobody was asked about', {
      user: 'U0AMIR',
      code: 'cut-over.not-asked',
      gate: 'cut-over',
    }),
    click('an approver denies a cut-over that nobody was asked about', {
      user: 'U0AMIR',
      code: 'cut-over.not-asked',
      gate: 'cut-over',
      decision: 'deny',
    }),
    click('the requester approves the cut-over of their own restore', {
      user: 'U0ROSA',
      code: 'approval.own-request',
      gate: 'cut-over',
    }),
    click('somebody approves a cut-over who is no approver', {
      user: 'U0MALLORY',
      code: 'approval.not-approver',
      gate: 'cut-over',
    }),
    click('an approver accepts findings that there aren’t', {
      user: 'U0AMIR',
      code: 'findings.not-asked',
      gate: 'findings',
    }),
    click('an approver agrees to give up what doesn’t stand still', {
      user: 'U0AMIR',
      code: 'supersede.not-asked',
      gate: 'supersede',
    }),
    {
      input: 'a forged pointer to an operation that never was',
      code: 'request.unknown-id',
      async ask(ground) {
        const vote = { operation: 'op-000000000000', digest: '', human: human('U0AMIR'), decision: 'approve' } as const;
        return ground
          .requests()
          .vote(vote)
          .then(
            () => ({ code: 'it was counted', params: {} }),
            (error: PitcrewError) => error,
          );
      },
    },
  ],
};

/** A dialog’s submission is checked again: what it carries may be forged. */
const forged = (input: string, code: string, over: object): Case => ({
  input,
  code,
  async ask(ground) {
    const given = {
      ...{ team: sandboxWorkspace.teamId, requester: human('U0ROSA'), delivery: input, operation: 'restore' },
      ...{ environment: 'production', args: {}, reason: 'orders are gone', channel: 'C0INCPROD' },
      ...over,
    };
    return ground
      .requests()
      .request(given)
      .then(
        () => ({ code: 'it was recorded', params: {} }),
        (error: PitcrewError) => error,
      );
  },
});

export const forgedDialogs: Group = {
  title: 'Dialogs that somebody forged',
  cases: [
    forged('an environment that the config doesn’t have', 'request.unknown-environment', { environment: 'prodution' }),
    forged('an operation that there isn’t', 'request.unknown-operation', { operation: 'restor' }),
    forged('an order that there isn’t', 'request.bad-argument', { args: { order: 'sideways' } }),
    forged('a policy for failure that there isn’t', 'request.bad-argument', { args: { onFailure: 'give-up' } }),
    forged('an option that there isn’t', 'request.bad-argument', { args: { form: 'latest' } }),
    forged('no reason', 'request.reason-missing', { reason: '  ' }),
  ],
};
