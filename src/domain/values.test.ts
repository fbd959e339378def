import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bug, PitcrewError, permanent, recorded, retryable, userError } from './errors.ts';
import { checkedObject } from './json.ts';
import { Secret } from './secret.ts';
import { done, nothingToUndo, number, object, type Step, stepSet, text } from './step.ts';
import { instant, laterOf, milliseconds, plusMinutes, secondsBetween } from './time.ts';

const date = fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });

describe('time', () => {
  it('instants compare as text in the order of time', () => {
    fc.assert(
      fc.property(date, date, (a, b) => {
        expect(instant(a) < instant(b)).toBe(a.getTime() < b.getTime());
        expect(laterOf(instant(a), instant(b))).toBe(instant(Math.max(a.getTime(), b.getTime())));
      }),
    );
  });

  it('minutes added are the seconds between', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: -5000, max: 5000 }), (ms, added) => {
        const from = instant(ms);
        expect(milliseconds(from)).toBe(ms);
        expect(secondsBetween(from, plusMinutes(from, added))).toBe(added * 60);
      }),
    );
  });

  it('no date is no instant', () => {
    expect(() => instant(Number.NaN)).toThrow(RangeError);
  });
});

describe('secrets', () => {
  it('never print, log or serialise; only reveal() gives them away', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9]{12,40}$/), (value) => {
        const secret = new Secret(value);
        const shown = [
          String(secret),
          `${secret}`,
          JSON.stringify({ secret }),
          inspect({ deep: [secret] }, { depth: 9, showHidden: true }),
          inspect(secret),
          Object.values(secret).join(),
          inspect(new Error('x', { cause: secret })),
        ].join('\n');
        expect(shown).not.toContain(value);
        expect(shown).toContain('***');
        expect(secret.reveal()).toBe(value);
      }),
    );
  });
});

describe('errors', () => {
  it('are recorded without message, stack or cause', () => {
    const secret = 'password=hunter2';
    const error = permanent('restore.snapshot-gone', { snapshot: 's' }, new Error(secret));
    expect(recorded(error)).toEqual({ code: 'restore.snapshot-gone', kind: 'permanent', params: { snapshot: 's' } });
    expect(JSON.stringify([recorded(error), recorded(new TypeError(secret)), recorded(secret)])).not.toContain(
      'hunter2',
    );
  });

  it('what nobody raised on purpose is a bug', () => {
    expect(recorded(new TypeError('x'))).toEqual({ code: 'unexpected', kind: 'bug', params: { name: 'TypeError' } });
    expect(recorded(undefined)).toMatchObject({ code: 'unexpected', kind: 'bug' });
  });

  it('know their kind', () => {
    expect([userError('a'), retryable('a'), permanent('a'), bug('a')].map(({ kind }) => kind)).toEqual([
      'user',
      'retryable',
      'permanent',
      'bug',
    ]);
    expect(bug('a.b')).toBeInstanceOf(PitcrewError);
  });
});

describe('JSON', () => {
  it('takes whatever JSON gives back the same, but for keys named __proto__, and nothing else', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('__proto__'));
        expect(checkedObject.parse(JSON.parse(text))).toEqual(JSON.parse(text));
      }),
    );
    expect(checkedObject.parse(JSON.parse('{"a":{"__proto__":{"admin":true},"b":1}}'))).toEqual({ a: { b: 1 } });
    for (const value of [null, [], 'text', 1, { a: new Date() }, { a: () => 1 }, { a: Number.NaN }])
      expect(checkedObject.safeParse(value).success).toBe(false);
  });
});

describe('steps that break a rule are refused at load', () => {
  const step = (over: Partial<Step>): Step => ({
    id: 'a',
    fence: 'read-only',
    run: async () => done({}),
    undo: nothingToUndo,
    ...over,
  });
  it.each([
    ['twice the same', [step({}), step({})], 'step.twice'],
    ['changes and polls', [step({ fence: 'xid', polls: true })], 'step.polls-and-changes'],
    ['changes, and says that there is nothing to undo', [step({ fence: 'xid' })], 'step.changes-without-undo'],
    ['asks people, and can’t wait for them', [step({ gate: 'findings' })], 'step.gate-without-polls'],
    [
      'asks people twice about findings',
      ['a', 'b'].map((id) => step({ id, gate: 'findings', polls: true })),
      'step.two-gates',
    ],
    [
      'asks people twice about the cut-over',
      ['a', 'b'].map((id) => step({ id, gate: 'cut-over', polls: true })),
      'step.two-gates',
    ],
  ])('%s', (_, steps, code) => {
    expect(() => stepSet(steps)).toThrow(expect.objectContaining({ code }));
  });

  it('one may ask at each gate', () => {
    const set = (['findings', 'cut-over'] as const).map((gate) => step({ id: gate, gate, polls: true }));
    expect(stepSet(set).size).toBe(2);
  });

  it('a field that is absent, empty or of another kind is a bug and not a default', () => {
    expect([text({ a: 'x' }, 'a'), number({ a: 0 }, 'a'), object({ a: {} }, 'a')]).toEqual(['x', 0, {}]);
    for (const bad of [
      () => text({ a: '' }, 'a'),
      () => text({}, 'a'),
      () => number({ a: '1' }, 'a'),
      () => object({ a: [] }, 'a'),
      () => object({ a: null }, 'a'),
    ])
      expect(bad).toThrow(expect.objectContaining({ code: 'step.bad-field' }));
  });
});
