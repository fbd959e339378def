import { beforeEach, describe, expect, it } from 'vitest';
import { approvedStage, op, type Stage } from '../../test/engine-stage.ts';
import { change, look } from '../../test/engine-steps.ts';
import type { Human } from '../domain/people.ts';
import { wait } from '../domain/step.ts';
import { Chains } from '../ledger/chain.ts';
import { type RequestDependencies, Requests, type VoteRequest } from './requests.ts';

const human = (name: string) => ({ id: `T/${name}`, slackUser: name });
let one: Stage;
let woken: string[];
let requests: Requests;
let digest: string;

beforeEach(async () => {
  one = await approvedStage(
    [
      look('judge', { gate: 'findings', run: async () => wait(30, 'wait.findings') }),
      change('publish', [], { after: ['judge'], publishes: true }),
    ],
    { findingsWithinMinutes: 10 },
  );
  await one.pass();
  digest = (await one.state()).findings?.digest ?? '';
  woken = [];
  requests = new Requests({
    chains: new Chains({ store: one.store }),
    directory: {
      rejects: async ({ slackUser }: Human) => (slackUser === 'guest' ? 'person.guest' : undefined),
      groupMembers: async () => [],
    },
    wake: async (operation: string) => void woken.push(operation),
  } as unknown as RequestDependencies);
});

const say = (name: string, over: Partial<VoteRequest> = {}) =>
  requests.vote({ operation: op, gate: 'findings', digest, human: human(name), decision: 'approve', ...over });

describe('F44: a word on what was found', () => {
  it('counts for an approver, and wakes the operation', async () => {
    expect(await say('ann')).toMatchObject({ kind: 'counted', state: { findings: { votes: [{ slackUser: 'ann' }] } } });
    expect(woken).toEqual([op]);
  });

  it('does not come from the requester, who may say no', async () => {
    expect(await say('rita')).toMatchObject({ kind: 'refused', code: 'approval.own-request' });
    const no = await say('rita', { decision: 'deny', reason: 'back to the old one' });
    expect(no).toMatchObject({ kind: 'counted', state: { findings: { decision: 'denied' } } });
  });

  it.each([
    ['a stranger', 'eve', 'approval.not-approver'],
    ['an account that may not act', 'guest', 'person.guest'],
  ])('does not come from %s; the chain keeps that they tried, and at what', async (_, name, code) => {
    expect(await say(name)).toMatchObject({ kind: 'refused', code });
    const { refusals, findings } = await one.state();
    expect(refusals).toMatchObject([{ code, what: 'findings:approve', human: { slackUser: name } }]);
    expect([findings?.votes, woken]).toEqual([[], []]);
  });

  it('is for these findings only: neither a card of others nor the plan’s digest will do', async () => {
    expect(await say('ann', { digest: 'b'.repeat(64) })).toMatchObject({ kind: 'refused', code: 'findings.other' });
    const { plan } = await one.state();
    expect(await say('ann', { digest: plan?.digest ?? '' })).toMatchObject({ code: 'findings.other' });
  });

  it('without a gate means the start, as every button did before, and the start is decided', async () => {
    const { gate: _, ...start } = { operation: op, gate: 'findings', digest, human: human('ann') } as const;
    expect(await requests.vote({ ...start, decision: 'approve' })).toMatchObject({ code: 'approval.decided' });
  });
});
