import { beforeEach, describe, expect, it } from 'vitest';
import { approvedStage, op, type Stage } from '../../test/engine-stage.ts';
import { broken, change } from '../../test/engine-steps.ts';
import { permanent } from '../domain/errors.ts';
import type { Human } from '../domain/people.ts';
import { undoBy, wait } from '../domain/step.ts';
import { Chains } from '../ledger/chain.ts';
import { type RequestDependencies, Requests } from './requests.ts';

const human = (name: string) => ({ id: `T/${name}`, slackUser: name });
const word = (name: string) => ({ operation: op, human: human(name) });
let woken: string[];

function requestsOf(one: Stage, environments: object = {}): Requests {
  woken = [];
  return new Requests({
    settings: {
      environments,
      people: { approvers: { users: ['dana', 'carl', 'rita'], groups: [] } },
    },
    chains: new Chains({ store: one.store }),
    directory: {
      rejects: async ({ slackUser }: Human) => (slackUser === 'guest' ? 'person.guest' : undefined),
      groupMembers: async () => ['gina'],
    },
    wake: async (operation: string) => void woken.push(operation),
  } as unknown as RequestDependencies);
}

async function parked(): Promise<Stage> {
  const undo = undoBy(() => Promise.reject(permanent('cluster.gone')));
  const one = await approvedStage([change('stop', [], { undo }), broken('verify', { after: ['stop'] })], {
    approverGroups: ['dba'],
  });
  expect(await one.drive()).toEqual({ kind: 'parked' });
  return one;
}

describe('cancel', () => {
  let one: Stage;
  let requests: Requests;
  beforeEach(async () => {
    one = await approvedStage(
      [change('wait', [], { polls: true, fence: 'read-only', run: async () => wait(9, 'w') })],
      {
        approverGroups: ['dba'],
      },
    );
    await one.pass();
    requests = requestsOf(one);
  });

  it.each(['rita', 'ann', 'gina'])(
    'is the requester’s, an approver’s, and a member’s of their group: %s',
    async (name) => {
      expect(await requests.cancel(word(name))).toMatchObject({
        kind: 'counted',
        state: { cancelAskedBy: `T/${name}` },
      });
      expect(woken).toEqual([op]);
      expect(await requests.cancel(word('rita'))).toMatchObject({ kind: 'refused', code: 'cancel.already-asked' });
    },
  );

  it.each([
    ['guest', 'person.guest'],
    ['guest2', 'operation.not-yours'],
  ])('is not anybody’s, and the chain keeps that they tried: %s', async (name, code) => {
    const other = name === 'guest2' ? requestsNobodyInGroup(one) : requests;
    expect(await other.cancel(word(name))).toMatchObject({ kind: 'refused', code });
    const { refusals, cancelAskedBy } = await one.state();
    expect(refusals).toMatchObject([{ code, what: 'cancel', human: { slackUser: name } }]);
    expect([cancelAskedBy, woken]).toEqual([undefined, []]);
  });

  it('whoever writes past that into the chain has said nothing', async () => {
    const data = { human: human('eve'), via: 'eve' };
    expect((await one.append(() => ({ type: 'cancel-asked', actor: 'eve', data }))).cancelAskedBy).toBeUndefined();
  });
});

const requestsNobodyInGroup = (one: Stage): Requests => {
  const requests = new Requests({
    chains: new Chains({ store: one.store }),
    directory: { rejects: async () => undefined, groupMembers: async () => [] },
    wake: async () => undefined,
  } as unknown as RequestDependencies);
  return requests;
};

describe('retry', () => {
  it('lets a parked operation go on and wakes it; what runs, or is over, is told what to do instead', async () => {
    const one = await parked();
    const requests = requestsOf(one);
    expect(await requests.retry(word('ann'))).toMatchObject({ kind: 'counted', state: { phase: 'undoing' } });
    expect(woken).toEqual([op]);
    expect(await requests.retry(word('ann'))).toMatchObject({ kind: 'refused', code: 'retry.not-parked' });
    const over = await approvedStage([change('stop', [])]);
    await over.drive();
    expect(await requestsOf(over).retry(word('rita'))).toMatchObject({ kind: 'refused', code: 'retry.over' });
  });
});

describe('supersede', () => {
  const environments = {
    prod: {
      approvals: { required: 2, requesterCounts: false, approveWithinMinutes: 30, startWithinMinutes: 10 },
      restore: { findingsWithinMinutes: 10 },
    },
  };
  const say = (requests: Requests, name: string, digest: string, decision: 'approve' | 'deny' = 'approve') =>
    requests.vote({ ...word(name), gate: 'supersede', digest, decision });

  it('is asked by anybody with a reason, and decided by those whom the config names today, never by who asked', async () => {
    const one = await parked();
    const requests = requestsOf(one, environments);
    await expect(requests.supersede({ ...word('rita'), reason: '  ' })).rejects.toThrow('request.reason-missing');
    const asked = await requests.supersede({ ...word('rita'), reason: 'the next must begin' });
    const digest = asked.state.supersede?.digest ?? '';
    expect(asked).toMatchObject({
      kind: 'counted',
      state: { phase: 'parked', supersede: { askedBy: { human: 'T/rita' } } },
    });
    expect(await say(requests, 'rita', digest)).toMatchObject({ code: 'approval.own-request' });
    expect(await say(requests, 'ann', digest)).toMatchObject({ code: 'approval.not-approver' });
    expect(await say(requests, 'dana', 'b'.repeat(64))).toMatchObject({ code: 'supersede.other' });
    expect(await say(requests, 'dana', digest)).toMatchObject({ kind: 'counted' });
    expect(await say(requests, 'dana', digest)).toMatchObject({ code: 'approval.already-voted' });
    expect((await one.state()).supersede?.decision).toBeUndefined();
    expect(await say(requests, 'carl', digest)).toMatchObject({ state: { supersede: { decision: 'approved' } } });
    expect(await requests.retry(word('rita'))).toMatchObject({ code: 'supersede.decided' });
    expect(await requests.cancel(word('rita'))).toMatchObject({ kind: 'refused' });
    expect(await one.pass()).toEqual({ kind: 'closed' });
  });

  it('F20: a word that comes after its time, by the store’s clock, is void and told so', async () => {
    const one = await parked();
    const requests = requestsOf(one, {
      prod: { ...environments.prod, approvals: { ...environments.prod.approvals, approveWithinMinutes: 0.000_01 } },
    });
    const { state } = await requests.supersede({ ...word('rita'), reason: 'the next must begin' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await say(requests, 'dana', state.supersede?.digest ?? '')).toMatchObject({ code: 'supersede.expired' });
    expect(await requests.supersede({ ...word('rita'), reason: 'again' })).toMatchObject({ kind: 'counted' });
  });

  it('is only for what is parked, and only where somebody is named to decide', async () => {
    const running = await approvedStage([
      change('wait', [], { polls: true, fence: 'read-only', run: async () => wait(9, 'w') }),
    ]);
    await running.pass();
    const reason = 'it is slow';
    expect(await requestsOf(running, environments).supersede({ ...word('rita'), reason })).toMatchObject({
      code: 'supersede.not-parked',
    });
    const one = await parked();
    // Taken out of the config meanwhile: those whom event 0 names decide.
    const { state } = await requestsOf(one).supersede({ ...word('rita'), reason });
    expect(state.supersede?.policy.approverUsers).toContain('ann');
  });
});
