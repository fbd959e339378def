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
  intent,
  type Line,
  parked,
  planned,
  requested,
  vote,
} from '../../test/drafts.ts';
import type { Draft, EventData } from './events.ts';
import { endedUnstarted } from './prestage.ts';
import { maxClaimsWithoutOutcome, violation } from './rules.ts';

const plan: Draft = { type: 'planned', actor: 'worker', data: { digest, steps: 2, prestage: ['s'] } };
const waiting = [requested(), plan];
const begun = [...waiting, intent('r1', 1)];
const made = [...begun, done('r1', 1)];
const approved = [vote('ann'), vote('ben')];
const back = (code: string, run = 'r1', epoch = 1): Draft => ({
  type: 'turned-back',
  data: { step: '', error: { code, kind: 'user', params: {} } },
  ...by(run, epoch),
});
const other = (over: Partial<EventData<'intent'>> = {}) => intent('r1', 1, { step: 'stop', ...over });

type Case = readonly [string, readonly Line[], Draft, string | undefined, number?];
const judged = (cases: readonly Case[]) => {
  for (const [name, before, draft, code, minute] of cases)
    it(name, () =>
      expect(violation(chain(...before), draft, minute === undefined ? undefined : at(minute))).toBe(code),
    );
};

describe('while people decide', () => {
  judged([
    ['a step that the plan prestages may begin', waiting, intent('r1', 1), undefined],
    ['no other step may', waiting, other(), 'engine.not-approved'],
    ['nor may it once one has begun', made, other(), 'engine.not-approved'],
    [
      'a plan that prestages nothing lets nothing begin',
      [requested(), planned()],
      intent('r1', 1),
      'engine.not-approved',
    ],
    ['nothing is handed over', waiting, intent('r1', 1, { publishes: true }), 'engine.not-approved'],
    ['no gate is opened', waiting, intent('r1', 1, { gate: 'cut-over' }), 'engine.not-approved'],
    ['nothing is taken back', made, intent('r1', 1, { direction: 'undo' }), 'engine.not-approved'],
    ['nothing begins after a no', [...waiting, vote('ann', deny)], intent('r1', 1), 'engine.not-approved'],
    ['nothing begins after a cancel', [...waiting, cancel], intent('r1', 1), 'engine.cancel-asked'],
    ['nothing begins once the time to approve is over', waiting, intent('r1', 1), 'approval.expired', 31],
    ['it has one owner', begun, intent('r2', 1), 'engine.fenced'],
    ['who takes over claims the next epoch', begun, intent('r2', 2), undefined],
    ['an outcome is the owner’s', begun, done('r2', 2), 'engine.fenced'],
    ['five deaths are enough', poisoned(), intent('r9', maxClaimsWithoutOutcome + 1), 'engine.poison'],
    ['people vote on', made, vote('ann'), undefined],
    ['another plan comes too late', made, planned(), 'plan.too-late'],
    ['it is not parked: let go on, it would begin', begun, parked('r1', 1), 'engine.not-approved'],
    ['it has not succeeded', made, closed('succeeded', 'r1', 1), 'engine.not-approved'],
    ['it has not failed', made, closed('failed', 'r1', 1), 'engine.not-approved'],
  ]);

  it('it waits for people as before, and begins with the first intent that they approved', () => {
    expect(chain(...made)).toMatchObject({ phase: 'planned', epoch: 1, steps: [{ status: 'done' }] });
    expect(chain(...made).startedAt).toBeUndefined();
    const failed: Draft = {
      type: 'failed',
      data: { step: 's', direction: 'do', attempt: 1, error: { code: 'x.y', kind: 'permanent', params: {} } },
      ...by('r1', 1),
    };
    const state = chain(...begun, failed, ...approved);
    expect(state).toMatchObject({ phase: 'approved', steps: [{ failures: 1 }] });
    const on = chain(...begun, failed, ...approved, [other(), 5]);
    expect(on).toMatchObject({ phase: 'running', startedAt: at(5), steps: [{ step: 's', failures: 0 }, {}] });
    expect(on.steps[0]?.error).toBeUndefined();
  });

  judged([
    ['approved, it begins in time', [...made, ...approved], other(), undefined, 15],
    ['approved, it does not begin too late', [...made, ...approved], other(), 'approval.start-too-late', 16],
  ]);
});

describe('when nobody lets it begin, it turns back for what the chain bears out', () => {
  const no = [...made, vote('ann', deny)];
  judged([
    ['a no', no, back('approval.denied'), undefined],
    ['nobody’s no', made, back('approval.denied'), 'close.not-denied'],
    ['a cancel', [...made, cancel], back('operation.cancelled'), undefined],
    ['nobody’s cancel', made, back('operation.cancelled'), 'cancel.not-asked'],
    ['the time to approve is over', made, back('approval.expired'), undefined, 31],
    ['it is not over yet', made, back('approval.expired'), 'close.not-expired', 30],
    ['not because a step failed while people decide', made, back('aws.denied'), 'engine.not-approved'],
    ['the time to begin is over', [...made, ...approved], back('approval.start-too-late'), undefined, 16],
    ['that is not over yet', [...made, ...approved], back('approval.start-too-late'), 'close.not-expired', 15],
    ['what was approved can’t be done any more', [...made, ...approved], back('x.y'), undefined],
    ['a stranger turns nothing back', no, back('approval.denied', 'r2', 3), 'engine.fenced'],
    ['a no does not close it before it turned back', no, closed('denied'), 'engine.fenced'],
    ['nor does its owner', no, closed('denied', 'r1', 1), 'engine.not-approved'],
    ['nor is it closed as refused', made, closed('refused'), 'engine.fenced'],
    ['nobody votes on the way back', [...no, back('approval.denied')], vote('ben'), 'approval.decided'],
    ['nothing begins on the way back', [...no, back('approval.denied')], intent('r1', 1), 'engine.turned-back'],
  ]);

  const turned: readonly [Parameters<typeof closed>[0], readonly Line[]][] = [
    ['denied', [...no, back('approval.denied')]],
    ['cancelled', [...made, cancel, back('operation.cancelled')]],
    ['expired', [...made, [back('approval.expired'), 31]]],
    ['expired', [...made, ...approved, [back('approval.start-too-late'), 16]]],
    ['refused', [...made, ...approved, back('x.y')]],
  ];
  it.each(turned)('it is closed as %s, and as nothing else', (outcome, lines) => {
    const state = chain(...lines);
    expect(endedUnstarted(state)).toBe(outcome);
    const taken = (['succeeded', 'failed', 'denied', 'cancelled', 'expired', 'refused'] as const).filter(
      (one) => violation(state, closed(one, 'r1', 1), at(99)) === undefined,
    );
    expect(taken).toEqual([outcome]);
  });

  it('parked on the way back it goes on back, and parked after the approval it has not begun', () => {
    const resumed: Draft = { type: 'resumed', actor: 'rita', data: { human: { id: 'T/rita', slackUser: 'rita' } } };
    expect(chain(...no, back('approval.denied'), parked('r1', 1), resumed).phase).toBe('undoing');
    expect(chain(...made, ...approved, parked('r1', 1), resumed).phase).toBe('approved');
  });
});

function poisoned(): readonly Line[] {
  return [...waiting, ...Array.from({ length: maxClaimsWithoutOutcome }, (_, n) => intent(`r${n + 1}`, n + 1))];
}
