import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApprovalPolicy, Draft, OperationEvent } from './events.ts';
import { knownEvent } from './events.ts';
import { emptyOperation, fold, type OperationState, type Sealed } from './state.ts';
import { gateOf, stepGateNames } from './step-gates.ts';

const names = ['ann', 'ben', 'rita', 'eve'];
const human = fc.constantFrom(...names).map((name) => ({ id: `T/${name}`, slackUser: name }));
const digest = fc.constantFrom('a', 'b').map((letter) => letter.repeat(64));
const step = fc.constantFrom('stop', 'create', 'publish');
const direction = fc.constantFrom('do' as const, 'undo' as const);
const error = fc.constant({ code: 'x.y', kind: 'retryable' as const, params: {} });
const signature = fc.option(
  fc.record({ run: fc.constantFrom('r1', 'r2', 'r3'), epoch: fc.integer({ min: 1, max: 4 }) }),
  { nil: undefined },
);

const policy = fc.record({
  required: fc.integer({ min: 0, max: 3 }),
  requesterCounts: fc.boolean(),
  approverUsers: fc.subarray(names),
  approverGroups: fc.constant<string[]>(['dba']),
  approveWithinMinutes: fc.constant(30),
  startWithinMinutes: fc.constant(30),
  findingsWithinMinutes: fc.constantFrom(0, 10),
  cutOver: fc.integer({ min: 0, max: 2 }),
  cutOverWithinMinutes: fc.constantFrom(0, 10),
});

const draft: fc.Arbitrary<Draft> = fc
  .tuple(
    signature,
    fc.oneof(
      fc.record({
        type: fc.constant('requested'),
        data: fc.record({
          operation: fc.constant('restore'),
          environment: fc.constant('prod'),
          args: fc.constant({}),
          requester: human,
          reason: fc.constant('because'),
          channel: fc.constant('C1'),
          language: fc.constantFrom('en', 'zh-TW'),
          policy,
        }),
      }),
      fc.record({ type: fc.constant('planned'), data: fc.record({ digest, steps: fc.constant(1) }) }),
      fc.record({
        type: fc.constant('vote'),
        data: fc.record({
          gate: fc.constantFrom('start', 'findings', 'cut-over'),
          digest,
          human,
          via: fc.constantFrom(...names, 'dba'),
          decision: fc.constantFrom('approve', 'approve', 'deny'),
        }),
      }),
      fc.record({
        type: fc.constant('refused'),
        data: fc.record({ human, what: fc.constant('approve'), code: fc.constant('x') }),
      }),
      fc.record({ type: fc.constant('cancel-asked'), data: fc.record({ human }) }),
      fc.record({
        type: fc.constant('intent'),
        data: fc.oneof(
          fc.record({ step, direction }),
          fc.constant({ step: 'publish', direction: 'do', publishes: true }),
          fc.constant({ step: 'create', direction: 'do', gate: 'findings' }),
          fc.constant({ step: 'create', direction: 'do', gate: 'cut-over' }),
        ),
      }),
      fc.record({ type: fc.constant('done'), data: fc.record({ step, direction, output: fc.constant({}) }) }),
      fc.record({ type: fc.constant('failed'), data: fc.record({ step, direction, error, attempt: fc.constant(1) }) }),
      fc.record({ type: fc.constant('turned-back'), data: fc.record({ step, error }) }),
      fc.record({ type: fc.constant('parked'), data: fc.record({ error }) }),
      fc.record({
        type: fc.constant('closed'),
        data: fc.record({
          outcome: fc.constantFrom('succeeded', 'failed', 'denied', 'expired', 'refused', 'cancelled', 'abandoned'),
          service: fc.constant('unchanged'),
        }),
      }),
    ),
  )
  .map(([signed, said]) => ({ actor: 'x', ...signed, ...said }) as Draft);

type Line = Sealed<OperationEvent>;

/** Any events at all, mostly after a request and a plan, with times that only go forward. */
const chain: fc.Arbitrary<readonly Line[]> = fc
  .tuple(fc.array(fc.tuple(draft, fc.integer({ min: 0, max: 20 })), { maxLength: 40 }), policy, fc.boolean())
  .map(([drafts, pinned, begun]) => {
    let minute = 0;
    const opening: [Draft, number][] = begun
      ? [
          [request(pinned), 0],
          [plan, 0],
        ]
      : [];
    return [...opening, ...drafts].map(([said, later], seq) => {
      minute += later;
      const at = new Date(Date.parse('2026-11-20T03:00:00Z') + minute * 60_000).toISOString();
      return { event: { ...said, v: 1, seq, nonce: String(seq) }, at, sha256: (seq % 2 ? 'a' : 'b').repeat(64) };
    });
  });

const plan: Draft = { type: 'planned', actor: 'worker', data: { digest: 'a'.repeat(64), steps: 1 } };
function request(pinned: ApprovalPolicy): Draft {
  return {
    type: 'requested',
    actor: 'rita',
    data: {
      operation: 'restore',
      environment: 'prod',
      args: {},
      requester: { id: 'T/rita', slackUser: 'rita' },
      reason: 'because',
      channel: 'C1',
      language: 'en',
      policy: pinned,
    },
  };
}

const states = (lines: readonly Line[]): readonly OperationState[] => {
  const all = [emptyOperation('op')];
  for (const line of lines) all.push(fold(all.at(-1) ?? emptyOperation('op'), line));
  return all;
};
const pairs = (all: readonly OperationState[]) =>
  all.flatMap((after, index) => (all[index - 1] ? [[all[index - 1] as OperationState, after] as const] : []));
const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
};

describe('the fold, over any events at all', () => {
  const runs = { numRuns: 600 };

  it('takes every event, counts it, and says the same each time; it changes nothing that it was given', () => {
    fc.assert(
      fc.property(chain, (lines) => {
        let frozen = freeze(emptyOperation('op'));
        for (const line of lines) frozen = freeze(fold(frozen, freeze(line)));
        const again = states(lines).at(-1);
        expect(again).toEqual(frozen);
        expect(frozen.n).toBe(lines.length);
      }),
      runs,
    );
  });

  it('a void event changes nothing but the count, the head and the list of what was void', () => {
    fc.assert(
      fc.property(chain, (lines) => {
        const all = states(lines);
        lines.forEach(({ event }, index) => {
          const [before, after] = [all[index], all[index + 1]];
          if (!before || !after || after.voided.length === before.voided.length) return;
          expect(after.voided.at(-1)?.seq).toBe(event.seq);
          expect({ ...after, n: 0, head: 0, voided: 0 }).toEqual({ ...before, n: 0, head: 0, voided: 0 });
        });
      }),
      runs,
    );
  });

  it('nothing is started without the votes that event 0 asks for', () => {
    fc.assert(
      fc.property(chain, (lines) => {
        const all = states(lines);
        const start = all.findIndex(({ steps }) => steps.length > 0);
        const before = all[start - 1];
        if (start < 0 || !before) return;
        const pinned = before.request?.policy;
        const yes = new Set(before.votes.map(({ human: voter }) => voter));
        expect(yes.size).toBe(before.votes.length);
        expect(before.votes.every(({ decision }) => decision === 'approve')).toBe(true);
        expect(yes.size).toBeGreaterThanOrEqual(pinned?.required ?? 99);
        if (!pinned?.requesterCounts) expect(yes).not.toContain(before.request?.requester.id);
      }),
      runs,
    );
  });

  it('at a gate half-way as many different people decide as event 0 asks for, in time, and never again', () => {
    fc.assert(
      fc.property(chain, fc.constantFrom(...stepGateNames), (lines, gate) => {
        for (const [before, after] of pairs(states(lines))) {
          const was = gateOf(before, gate);
          const is = gateOf(after, gate);
          if (was) expect({ ...is, votes: 0, decision: 0 }).toEqual({ ...was, votes: 0, decision: 0 });
          if (was?.decision) expect(is).toEqual(was);
          const pinned = before.request?.policy;
          if (is?.decision !== 'approved') continue;
          const yes = new Set(is.votes.map(({ human: voter }) => voter));
          expect([yes.size, is.votes.every(({ decision }) => decision === 'approve')]).toEqual([
            gate === 'findings' ? pinned?.required : pinned?.cutOver,
            true,
          ]);
          expect(is.votes.every(({ at }) => at >= is.opensAt && at <= is.expiresAt)).toBe(true);
          if (!pinned?.requesterCounts) expect(yes).not.toContain(before.request?.requester.id);
        }
      }),
      runs,
    );
  });

  it('an epoch only grows by one, a run with it, and what is closed or parked stays so', () => {
    fc.assert(
      fc.property(chain, (lines) => {
        const all = states(lines);
        for (const [index, after] of all.entries()) {
          const before = all[index - 1];
          if (!before) continue;
          expect([before.epoch, before.epoch + 1]).toContain(after.epoch);
          expect(after.run !== before.run).toBe(after.epoch !== before.epoch);
          if (before.phase === 'closed') expect(after.phase).toBe('closed');
          if (before.phase === 'parked') expect(after.phase).toBe('parked');
          if (before.published) expect(after.cancelAskedBy).toBe(before.cancelAskedBy);
          if (before.cancelAskedBy) expect(after.published).toBe(before.published);
        }
      }),
      runs,
    );
  });

  it('these events are the ones that the ledger knows', () => {
    fc.assert(
      fc.property(draft, ({ type, data }) => {
        expect(knownEvent(type, data)).toBeDefined();
      }),
    );
  });
});

describe('reading events', () => {
  it('another type, another field or another value is not known', () => {
    expect(knownEvent('toString', {})).toBeUndefined();
    expect(knownEvent('planned', { digest: 'a'.repeat(64), steps: 0 })).toBeUndefined();
    expect(knownEvent('planned', { digest: 'A'.repeat(64), steps: 1 })).toBeUndefined();
    expect(knownEvent('planned', { digest: 'a'.repeat(64), steps: 1, more: true })).toBeUndefined();
    expect(knownEvent('planned', null)).toBeUndefined();
  });
});
