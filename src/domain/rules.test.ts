import { describe, expect, it } from 'vitest';
import {
  at,
  by,
  cancel,
  chain,
  closed,
  deny,
  done,
  intent,
  type Line,
  noted,
  other,
  parked,
  planned,
  refused,
  requested,
  turnedBack,
  vote,
} from '../../test/drafts.ts';
import type { Draft } from './events.ts';
import { maxClaimsWithoutOutcome, maxRecordedRefusals, violation } from './rules.ts';

/** Name of the guarantee, what came before, what is said now, the rule that it breaks, and the minute. */
type Case = readonly [string, readonly Line[], Draft, string | undefined, number?];

const waiting = [requested(), planned()];
const approved = [...waiting, vote('ann'), vote('ben')];
const running = [...approved, intent('r1', 1)];

describe('who may vote, and when', () => {
  const cases: readonly Case[] = [
    ['an approver may approve', waiting, vote('ann'), undefined],
    ['the requester cannot approve their own request', waiting, vote('rita'), 'approval.own-request'],
    [
      'the requester cannot approve it by way of a group',
      waiting,
      vote('rita', { via: 'dba' }),
      'approval.own-request',
    ],
    ['a policy may count the requester', [requested({ requesterCounts: true }), planned()], vote('rita'), undefined],
    [
      'a counted requester still needs the right',
      [requested({ requesterCounts: true, approverUsers: ['ann'] }), planned()],
      vote('rita'),
      'approval.not-approver',
    ],
    ['the requester may withdraw', waiting, vote('rita', deny), undefined],
    [
      'the requester may withdraw without being an approver',
      [requested({ approverUsers: ['ann'] }), planned()],
      vote('rita', deny),
      undefined,
    ],
    ['a stranger may not approve', waiting, vote('eve'), 'approval.not-approver'],
    ['a stranger may not deny', waiting, vote('eve', deny), 'approval.not-approver'],
    ['a group of the pinned policy gives the right', waiting, vote('cat', { via: 'dba' }), undefined],
    [
      'a group outside the pinned policy gives none',
      waiting,
      vote('cat', { via: 'everybody' }),
      'approval.not-approver',
    ],
    ['the same human counts once', [...waiting, vote('ann')], vote('ann'), 'approval.already-voted'],
    [
      'the same human counts once, also by way of a group',
      [...waiting, vote('ann')],
      vote('ann', { via: 'dba' }),
      'approval.already-voted',
    ],
    ['a vote is for this very plan', waiting, vote('ann', { digest: other }), 'approval.other-plan'],
    ['a vote at the last moment counts', waiting, vote('ann'), undefined, 30],
    ['a vote after its time does not', waiting, vote('ann'), 'approval.expired', 30.001],
    ['nobody approves what has no plan yet', [requested()], vote('ann'), 'approval.no-plan'],
    ['nobody approves after a no', [...waiting, vote('ann', deny)], vote('ben'), 'approval.decided'],
    ['nobody votes on what is decided', approved, vote('cat', { via: 'dba' }), 'approval.decided'],
    ['nobody votes on what is closed', [...waiting, closed('refused')], vote('ann'), 'approval.decided'],
    ['a no does not come after the yes that decided', approved, vote('rita', deny), 'approval.decided'],
  ];
  for (const [name, lines, draft, code, minute = 1] of cases)
    it(name, () => {
      expect(violation(chain(...lines), draft, at(minute))).toBe(code);
    });

  it('F21: a new plan voids the votes for the old one', () => {
    const state = chain(...approved, planned(other));
    expect(state).toMatchObject({ phase: 'planned', votes: [], plan: { digest: other } });
    expect(violation(state, vote('ann'), at(1))).toBe('approval.other-plan');
    expect(violation(state, vote('ann', { digest: other }), at(1))).toBeUndefined();
  });

  it('a plan that needs nobody is approved by being made', () => {
    expect(chain(requested({ required: 0 }), planned()).phase).toBe('approved');
  });
});

describe('who may act', () => {
  const cases: readonly Case[] = [
    ['a first claim of an approved operation stands', approved, intent('r1', 1), undefined],
    ['nothing starts without enough votes', [...waiting, vote('ann')], intent('r1', 1), 'engine.not-approved'],
    ['nothing starts after a no', [...waiting, vote('ann', deny)], intent('r1', 1), 'engine.not-approved'],
    ['nothing starts too late', approved, intent('r1', 1), 'approval.start-too-late', 15.001],
    ['what has started may go on late', running, done('r1', 1), undefined, 999],
    ['an epoch is never skipped', running, intent('r2', 3), 'engine.fenced'],
    ['an epoch is never kept by another run', running, intent('r2', 1), 'engine.fenced'],
    ['a run does not claim from itself', running, intent('r1', 2), 'engine.fenced'],
    ['the next epoch takes over', running, intent('r2', 2), undefined],
    ['F5: a fenced run says nothing more', [...running, intent('r2', 2)], done('r1', 1), 'engine.fenced'],
    ['F5: a fenced run does not park', [...running, intent('r2', 2)], parked('r1', 1), 'engine.fenced'],
    ['F5: a fenced run does not close', [...running, intent('r2', 2)], closed('succeeded', 'r1', 1), 'engine.fenced'],
    [
      'an outcome needs an intent',
      running,
      { ...done('r1', 1), data: { step: 't', direction: 'do', output: {} } } as Draft,
      'engine.no-intent',
    ],
    ['the owner notes what a later run must know', running, noted('r1', 1), undefined],
    [
      'F5: a fenced run notes nothing, so its effect does not come',
      [...running, intent('r2', 2)],
      noted('r1', 1),
      'engine.fenced',
    ],
    ['nobody claims by a note', running, noted('r2', 2), 'engine.fenced'],
    ['what has its outcome is not noted any more', [...running, done('r1', 1)], noted('r1', 1), 'engine.no-intent'],
    [
      'F50: asked to stop before the note, the effect does not come',
      [...running, cancel],
      noted('r1', 1),
      'engine.cancel-asked',
    ],
    ['an outcome is said once', [...running, done('r1', 1)], done('r1', 1), 'engine.no-intent'],
    ['a step is not done again', [...running, done('r1', 1)], intent('r1', 1), 'engine.already-done'],
    ['nothing goes on after turning back', [...running, turnedBack('r1', 1)], intent('r1', 1), 'engine.turned-back'],
    [
      'nothing is undone before turning back',
      running,
      intent('r1', 1, { direction: 'undo' }),
      'engine.not-turned-back',
    ],
    [
      'what was only intended is undone too',
      [...running, turnedBack('r1', 1)],
      intent('r1', 1, { direction: 'undo' }),
      undefined,
    ],
    [
      'what was never intended is not undone',
      [...running, turnedBack('r1', 1)],
      intent('r1', 1, { direction: 'undo', step: 't' }),
      'engine.nothing-to-undo',
    ],
    ['a parked operation is left alone', [...running, parked('r1', 1)], intent('r2', 2), 'operation.parked'],
    [
      'F50: asked to stop first, nothing is handed over',
      [...running, cancel],
      intent('r1', 1, { step: 'p', publishes: true }),
      'engine.cancel-asked',
    ],
    [
      'F50: handed over first, it is too late to stop',
      [...running, intent('r1', 1, { step: 'p', publishes: true })],
      cancel,
      'cancel.too-late',
    ],
    ['one asks to stop once', [...running, cancel], cancel, 'cancel.already-asked'],
    ['a plan is not changed after the start', running, planned(other), 'plan.too-late'],
    ['a plan is not changed after a no', [...waiting, vote('ann', deny)], planned(other), 'plan.too-late'],
    ['only the owner closes what has started', running, closed('succeeded'), 'engine.fenced'],
    ['what has started does not expire', running, closed('expired'), 'close.started', 999],
    ['nothing expires before its time', waiting, closed('expired'), 'close.not-expired', 30],
    ['what nobody approved expires', waiting, closed('expired'), undefined, 30.001],
    ['F51: a recorded request is never given up as never made', [requested()], closed('abandoned'), 'close.requested'],
    ['F51: a request that never came is given up', [], closed('abandoned'), undefined],
    ['F51: a request after it was given up is none', [closed('abandoned')], requested(), 'operation.exists'],
    ['F51: it is given up once', [closed('abandoned')], closed('abandoned'), 'operation.none'],
    [
      'nothing comes after the end',
      [...running, done('r1', 1), closed('succeeded', 'r1', 1)],
      intent('r1', 1),
      'operation.closed',
    ],
    [
      'an attempt is noted even after the end',
      [...running, done('r1', 1), closed('succeeded', 'r1', 1)],
      refused,
      undefined,
    ],
  ];
  for (const [name, lines, draft, code, minute = 1] of cases)
    it(name, () => {
      expect(violation(chain(...lines), draft, at(minute))).toBe(code);
    });

  it('F53: after five claims without an outcome nobody claims any more, and it can be parked', () => {
    const claims = Array.from({ length: maxClaimsWithoutOutcome }, (_, n) => intent(`r${n + 1}`, n + 1));
    const state = chain(...approved, ...claims);
    expect(state).toMatchObject({ voided: [], epoch: maxClaimsWithoutOutcome });
    expect(violation(state, intent('r9', maxClaimsWithoutOutcome + 1), at(1))).toBe('engine.poison');
    expect(violation(state, parked('r9', maxClaimsWithoutOutcome + 1), at(1))).toBeUndefined();
  });

  it('F12: claims with outcomes between them never park it', () => {
    const lives = Array.from({ length: 8 }, (_, n) => [
      intent(`r${n + 1}`, n + 1, { step: `s${n}` }),
      { type: 'done', data: { step: `s${n}`, direction: 'do', output: {} }, ...by(`r${n + 1}`, n + 1) } as Draft,
    ]).flat();
    expect(chain(...approved, ...lives)).toMatchObject({ voided: [], epoch: 8, claimsWithoutOutcome: 0 });
  });

  it('a vote that bears a run and an epoch takes nothing over', () => {
    const state = chain(...waiting, { ...vote('ann'), ...by('r1', 1) });
    expect(state).toMatchObject({ epoch: 0, votes: [{ human: 'T/ann' }] });
    expect(state.run).toBeUndefined();
  });

  it('nobody fills a chain by clicking: refusals are recorded up to a bound', () => {
    const clicks = Array.from({ length: maxRecordedRefusals }, () => refused);
    expect(violation(chain(...waiting, ...clicks.slice(1)), refused)).toBeUndefined();
    expect(violation(chain(...waiting, ...clicks), refused)).toBe('refused.too-many');
  });
});

it('the newest note of a step is what the next run is told; a refused one changes nothing', () => {
  const state = chain(...running, noted('r1', 1, '7'), noted('r1', 1, '8'), intent('r2', 2), noted('r1', 1, '9'));
  expect(state.steps[0]).toMatchObject({ status: 'intended', noted: { transaction: '8' } });
  expect(state.voided).toMatchObject([{ type: 'noted', code: 'engine.fenced' }]);
});
