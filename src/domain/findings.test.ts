import { describe, expect, it } from 'vitest';
import {
  at,
  cancel,
  chain,
  deny,
  digest,
  done,
  failed,
  intent,
  type Line,
  other,
  parked,
  planned,
  requested,
  turnedBack,
  vote,
} from '../../test/drafts.ts';
import type { ApprovalPolicy, Draft, EventData } from './events.ts';
import { violation } from './rules.ts';

/** A chain in which a step with a gate began at minute 1; its event is number 4, and so is its hash in these tests. */
const began = (over: Partial<ApprovalPolicy> = {}): readonly Line[] => [
  requested({ findingsWithinMinutes: 10, ...over }),
  planned(),
  vote('ann'),
  vote('ben'),
  [intent('r1', 1, { gate: 'findings' }), 1],
];
const findings = '4';
const say = (name: string, over: Partial<EventData<'vote'>> = {}) =>
  vote(name, { gate: 'findings', digest: findings, ...over });
const asked = began();

describe('F44: who may say that a restore goes on with what was found, and when', () => {
  type Case = readonly [string, readonly Line[], Draft, string | undefined, number?];
  const cases: readonly Case[] = [
    ['an approver may, whether or not they approved the start', asked, say('ann'), undefined],
    ['by way of a group too', asked, say('cat', { via: 'dba' }), undefined],
    ['the requester cannot go on with the findings of their own restore', asked, say('rita'), 'approval.own-request'],
    ['a policy may count the requester', began({ requesterCounts: true }), say('rita'), undefined],
    ['a stranger may not', asked, say('eve'), 'approval.not-approver'],
    ['a stranger may not say no', asked, say('eve', deny), 'approval.not-approver'],
    ['the requester may say no', asked, say('rita', deny), undefined],
    ['the same human counts once', [...asked, say('ann')], say('ann'), 'approval.already-voted'],
    ['a word is for these very findings', asked, say('ann', { digest: other }), 'findings.other'],
    ['a word for the plan is none for the findings', asked, say('ann', { digest }), 'findings.other'],
    ['a word for the start changes nothing any more', asked, vote('cat', { via: 'dba' }), 'approval.decided'],
    ['at the last moment it counts', asked, say('ann'), undefined, 11],
    ['after its time it does not', asked, say('ann'), 'findings.expired', 11.001],
    ['nobody is asked before the step began', asked.slice(0, 4), say('ann'), 'findings.not-asked'],
    ['nobody is asked where the policy says 0', began({ findingsWithinMinutes: 0 }), say('ann'), 'findings.not-asked'],
    ['not after a no', [...asked, say('ann', deny)], say('ben'), 'approval.decided'],
    ['not after the yes that decided', [...asked, say('ann'), say('ben')], say('rita', deny), 'approval.decided'],
    ['not after the step ended', [...asked, done('r1', 1)], say('ann'), 'approval.decided'],
    ['not after turning back', [...asked, turnedBack('r1', 1)], say('ann'), 'approval.decided'],
    ['not after a cancel', [...asked, cancel], say('ann'), 'findings.cancelled'],
    ['not while a person must look', [...asked, parked('r1', 1)], say('ann'), 'operation.parked'],
    [
      'not after the hand-over began',
      [...asked, intent('r1', 1, { step: 'p', publishes: true })],
      say('ann'),
      'approval.decided',
    ],
  ];
  for (const [name, lines, draft, code, minute = 2] of cases)
    it(name, () => {
      expect(violation(chain(...lines), draft, at(minute))).toBe(code);
    });

  it('chains written before there was a second gate read as they did, and ask nobody', () => {
    const { findings: none } = chain(requested(), planned(), vote('ann'), vote('ben'), intent('r1', 1));
    expect(none).toBeUndefined();
  });

  it('where nobody had to approve, nobody is asked', () => {
    const unasked = chain(requested({ required: 0, findingsWithinMinutes: 10 }), planned(), [
      intent('r1', 1, { gate: 'findings' }),
      1,
    ]);
    expect(unasked.findings).toBeUndefined();
  });

  it('opens with the first intent, and no later claim moves its time or its digest', () => {
    const state = chain(...asked, [intent('r2', 2, { gate: 'findings' }), 9]);
    expect(state.findings).toEqual({ step: 's', digest: findings, votes: [], opensAt: at(1), expiresAt: at(11) });
  });

  it('is decided by as many as the start needed, or by one no', () => {
    expect(chain(...asked, [say('ann'), 2]).findings?.decision).toBeUndefined();
    expect(chain(...asked, [say('ann'), 2], [say('ben'), 3])).toMatchObject({
      phase: 'running',
      findings: { decision: 'approved', votes: [{ human: 'T/ann', at: at(2) }, { human: 'T/ben' }] },
    });
    expect(chain(...asked, [say('ann'), 2], [say('rita', deny), 3]).findings?.decision).toBe('denied');
  });
});

describe('F44: no worker’s clock takes the decision from people', () => {
  const fails = (lines: readonly Line[], minute: number, over = {}) =>
    violation(chain(...lines), failed('r1', 1, over), at(minute));

  it('what was found fails the step only when the time is over by the store’s clock', () => {
    expect(fails(asked, 11)).toBe('engine.findings-open');
    expect(fails(asked, 11.001)).toBeUndefined();
  });
  it('or by a person’s no', () => expect(fails([...asked, say('ann', deny)], 2)).toBeUndefined());
  it('never after people said to go on', () =>
    expect(fails([...asked, say('ann'), say('ben')], 99)).toBe('engine.findings-accepted'));
  it('what is pitcrew’s own fault, or may pass, is no word on the findings', () => {
    expect(fails(asked, 2, { kind: 'bug' })).toBeUndefined();
    expect(fails(asked, 2, { kind: 'retryable' })).toBeUndefined();
  });
});
