import { describe, expect, it } from 'vitest';
import { besideOf } from './beside.ts';
import type { PastOperation } from './past-operation.ts';

const identity = (id: string) => ({ id, arn: `arn:${id}`, resourceId: `db-${id}`, host: `${id}.example`, port: 5432 });
type Ends = 'switched' | 'switched back' | 'never switched' | 'nothing made' | 'running' | 'parked';

/** A restore of A that made B. */
function past(ends: Ends, source: string | null = 'a'): PastOperation {
  const status = ends === 'switched' ? 'done' : ends === 'switched back' ? 'undone' : undefined;
  const over = ends === 'running' || ends === 'parked';
  return {
    state: {
      id: 'op-1',
      phase: over ? ends : 'closed',
      request: { operation: 'restore', environment: 'production' },
      ...(over ? {} : { closed: {} }),
      steps: [
        ...(ends === 'nothing made' ? [] : [{ step: 'await-instance', status: 'done', output: identity('b') }]),
        ...(status ? [{ step: 'switch-secret', status }] : []),
      ],
    },
    plan: { bound: { steps: [], decided: { source: source && identity(source) } } },
  } as never;
}
const beside = (of: PastOperation | undefined, live: string, environment = 'production') =>
  besideOf(of, 'op-1', environment, identity(live)).id;
const code = (...given: Parameters<typeof beside>) => {
  try {
    return beside(...given);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('the instance beside', () => {
  it('is the one that was replaced, once the application was switched', () => {
    expect(beside(past('switched'), 'b')).toBe('a');
  });
  it('is the one that was made, where the application never used it or came back', () => {
    expect(beside(past('never switched'), 'a')).toBe('b');
    expect(beside(past('switched back'), 'a')).toBe('b');
    expect(beside(past('switched'), 'a')).toBe('b');
  });
  it('stays the replaced one when a later operation moved the application on', () => {
    expect(beside(past('switched'), 'c')).toBe('a');
  });
  it('is never the one that serves', () => {
    expect(code(past('nothing made'), 'a')).toBe('rescue.nothing-beside');
    expect(code(past('switched', null), 'b')).toBe('rescue.nothing-beside');
  });
  it('is a database and no instance after a swap of names: refused, with the moment before it at which it can be had', () => {
    const { state } = past('nothing made');
    const output = { oid: 2, kept: 'shop_before_1', keptOid: 1, at: '2026-11-20T03:14:16.000Z' };
    const step = { step: 'swap-names', status: 'done', output, intendedAt: '2026-11-20T03:14:15.000Z' };
    const swapped = {
      state: { ...state, steps: [step] },
      plan: { bound: { decided: { source: identity('a') }, steps: [{ id: 'swap-names', input: {} }] } },
    } as never;
    expect(() => beside(swapped, 'a')).toThrow(
      expect.objectContaining({
        code: 'rescue.database-beside',
        params: expect.objectContaining({ kept: 'shop_before_1', until: '2026-11-20T03:14:15.000Z' }),
      }),
    );
  });
  it('is refused by name for an operation that can’t say', () => {
    expect(code(undefined, 'a')).toBe('cut-over.unknown');
    expect(code(past('running'), 'a')).toBe('rescue.not-over');
    expect(code(past('parked'), 'a')).toBe('rescue.parked');
    expect(code(past('switched'), 'b', 'staging')).toBe('cut-over.of-other');
  });
});
