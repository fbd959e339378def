import { describe, expect, it } from 'vitest';
import {
  at,
  by,
  cancel,
  chain,
  closed,
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
import { endedAtCutOver, gateOf, type StepGateName } from './step-gates.ts';

/** The hash of the event by which the step with a gate began: number 4 in these chains. */
const opening = '4';

/** Both gates with as many people and as much time, so that one table of cases holds for both. */
const pinned = { findingsWithinMinutes: 10, cutOver: 2, cutOverWithinMinutes: 10 };
const unasked: Readonly<Record<StepGateName, Partial<ApprovalPolicy>>> = {
  findings: { findingsWithinMinutes: 0 },
  'cut-over': { cutOver: 0 },
};

/** A chain in which a step with this gate began at minute 1. */
const beganAt =
  (gate: StepGateName) =>
  (over: Partial<ApprovalPolicy> = {}): readonly Line[] => [
    requested({ ...pinned, ...over }),
    planned(),
    vote('ann'),
    vote('ben'),
    [intent('r1', 1, { gate }), 1],
  ];
const sayAt =
  (gate: StepGateName) =>
  (name: string, over: Partial<EventData<'vote'>> = {}) =>
    vote(name, { gate, digest: opening, ...over });

describe.each(['findings', 'cut-over'] as const)(
  'F44: who may say at the gate of %s that it goes on, and when',
  (gate) => {
    const [began, say] = [beganAt(gate), sayAt(gate)];
    const asked = began();
    const seen = (...lines: readonly Line[]) => gateOf(chain(...lines), gate);
    type Case = readonly [string, readonly Line[], Draft, string | undefined, number?];
    const cases: readonly Case[] = [
      ['an approver may, whether or not they approved the start', asked, say('ann'), undefined],
      ['by way of a group too', asked, say('cat', { via: 'dba' }), undefined],
      ['the requester cannot let their own restore go on', asked, say('rita'), 'approval.own-request'],
      ['a policy may count the requester', began({ requesterCounts: true }), say('rita'), undefined],
      ['a stranger may not', asked, say('eve'), 'approval.not-approver'],
      ['a stranger may not say no', asked, say('eve', deny), 'approval.not-approver'],
      ['the requester may say no', asked, say('rita', deny), undefined],
      ['the same human counts once', [...asked, say('ann')], say('ann'), 'approval.already-voted'],
      ['a word is for this very question', asked, say('ann', { digest: other }), `${gate}.other`],
      ['a word for the plan is none for this', asked, say('ann', { digest }), `${gate}.other`],
      ['a word for the start changes nothing any more', asked, vote('cat', { via: 'dba' }), 'approval.decided'],
      ['at the last moment it counts', asked, say('ann'), undefined, 11],
      ['after its time it does not', asked, say('ann'), `${gate}.expired`, 11.001],
      ['nobody is asked before the step began', asked.slice(0, 4), say('ann'), `${gate}.not-asked`],
      ['nobody is asked where the policy says 0', began(unasked[gate]), say('ann'), `${gate}.not-asked`],
      ['not after a no', [...asked, say('ann', deny)], say('ben'), 'approval.decided'],
      ['not after the yes that decided', [...asked, say('ann'), say('ben')], say('rita', deny), 'approval.decided'],
      ['not after the step ended', [...asked, done('r1', 1)], say('ann'), 'approval.decided'],
      ['not after turning back', [...asked, turnedBack('r1', 1)], say('ann'), 'approval.decided'],
      ['not after a cancel', [...asked, cancel], say('ann'), `${gate}.cancelled`],
      ['not while a person must look', [...asked, parked('r1', 1)], say('ann'), 'operation.parked'],
      [
        'a hand-over that came before the question decides nothing: over the live database it does',
        [...asked.slice(0, 4), intent('r1', 1, { step: 'p', publishes: true }), ...asked.slice(4)],
        say('ann', { digest: '5' }),
        undefined,
      ],
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
      expect(seen(requested(), planned(), vote('ann'), vote('ben'), intent('r1', 1, { gate }))).toBeUndefined();
    });

    it('where nobody had to approve, nobody is asked', () => {
      expect(seen(requested({ ...pinned, required: 0 }), planned(), [intent('r1', 1, { gate }), 1])).toBeUndefined();
    });

    it('opens with the first intent, and no later claim moves its time or its digest', () => {
      expect(seen(...asked, [intent('r2', 2, { gate }), 9])).toEqual({
        step: 's',
        digest: opening,
        votes: [],
        opensAt: at(1),
        expiresAt: at(11),
      });
    });

    it('is decided by as many as the policy asks for, or by one no', () => {
      expect(seen(...asked, [say('ann'), 2])?.decision).toBeUndefined();
      expect(seen(...asked, [say('ann'), 2], [say('ben'), 3])).toMatchObject({
        decision: 'approved',
        votes: [{ human: 'T/ann', at: at(2) }, { human: 'T/ben' }],
      });
      expect(chain(...asked, [say('ann'), 2], [say('ben'), 3]).phase).toBe('running');
      expect(seen(...asked, [say('ann'), 2], [say('rita', deny), 3])?.decision).toBe('denied');
    });

    it('a word at one gate is none at the other', () => {
      const other = gate === 'findings' ? 'cut-over' : 'findings';
      expect(violation(chain(...asked), sayAt(other)('ann'), at(2))).toBe(`${other}.not-asked`);
    });

    describe('no worker’s clock takes the decision from people', () => {
      const fails = (lines: readonly Line[], minute: number, over = {}) =>
        violation(chain(...lines), failed('r1', 1, over), at(minute));

      it('the step fails only when the time is over by the store’s clock', () => {
        expect(fails(asked, 11)).toBe(`engine.${gate}-open`);
        expect(fails(asked, 11.001)).toBeUndefined();
      });
      it('or by a person’s no', () => expect(fails([...asked, say('ann', deny)], 2)).toBeUndefined());
      it('never after people said to go on', () =>
        expect(fails([...asked, say('ann'), say('ben')], 99)).toBe(`engine.${gate}-accepted`));
      it('what is pitcrew’s own fault, or may pass, is no word of people', () => {
        expect(fails(asked, 2, { kind: 'bug' })).toBeUndefined();
        expect(fails(asked, 2, { kind: 'retryable' })).toBeUndefined();
      });
    });
  },
);

describe('the cut-over has people and a time of its own', () => {
  const [began, say] = [beganAt('cut-over'), sayAt('cut-over')];

  it('one may be enough where the start took two', () => {
    expect(chain(...began({ cutOver: 1 }), say('ann')).cutOver?.decision).toBe('approved');
  });

  it('findings that were accepted before it decide nothing there, nor does its time move theirs', () => {
    const state = chain(
      ...beganAt('findings')(),
      [sayAt('findings')('ann'), 2],
      [sayAt('findings')('ben'), 3],
      [intent('r1', 1, { step: 'c', gate: 'cut-over' }), 20],
    );
    expect(state).toMatchObject({
      findings: { decision: 'approved', expiresAt: at(11) },
      cutOver: { step: 'c', digest: '7', votes: [], opensAt: at(20), expiresAt: at(30) },
    });
    expect(state.cutOver?.decision).toBeUndefined();
  });
});

describe('an operation that people keep from its cut-over has not failed', () => {
  const [began, say] = [beganAt('cut-over'), sayAt('cut-over')];
  const over: Line = [
    {
      type: 'turned-back',
      data: { step: 's', error: { code: 'cut-over.x', kind: 'user', params: {} } },
      ...by('r1', 1),
    },
    12,
  ];
  const fails: Line = [failed('r1', 1, { kind: 'user' }), 12];
  const ends = (state: ReturnType<typeof chain>, outcome: Parameters<typeof closed>[0]) =>
    violation(state, closed(outcome, 'r1', 1), at(13));

  it('a no ends it as denied', () => {
    const state = chain(...began(), [say('ann', deny), 2], fails, over);
    expect([endedAtCutOver(state), ends(state, 'denied')]).toEqual(['denied', undefined]);
    expect(ends(state, 'expired')).toBe('close.started');
  });

  it('nobody’s word in time ends it as expired', () => {
    const state = chain(...began(), fails, over);
    expect([endedAtCutOver(state), ends(state, 'expired')]).toEqual(['expired', undefined]);
    expect(ends(state, 'denied')).toBe('close.not-denied');
  });

  it('only its owner ends it so', () => {
    const state = chain(...began(), [say('ann', deny), 2], fails, over);
    expect(violation(state, closed('denied'), at(13))).toBe('engine.fenced');
    expect(violation(state, closed('denied', 'r9', 1), at(13))).toBe('engine.fenced');
  });

  it('what failed for another reason has failed, and what was cancelled is neither', () => {
    const broken = chain(...began(), [failed('r1', 1, { kind: 'bug' }), 2], [turnedBack('r1', 1), 3]);
    expect([endedAtCutOver(broken), ends(broken, 'expired')]).toEqual([undefined, 'close.started']);
    const elsewhere = chain(...began(), [turnedBack('r1', 1), 3]);
    expect([endedAtCutOver(elsewhere), ends(elsewhere, 'expired')]).toEqual([undefined, 'close.started']);
    const approved = chain(...began({ cutOver: 1 }), [say('ann'), 2], [failed('r1', 1, { kind: 'bug' }), 3], over);
    expect([endedAtCutOver(approved), ends(approved, 'denied')]).toEqual([undefined, 'close.not-denied']);
  });
});
