import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, milliseconds } from '../domain/time.ts';
import type { Activity } from '../verification/bounds.ts';
import { jumpsBetween, type Look } from './baselines.ts';

const began = milliseconds('2026-11-20T00:00:00.000Z');
const at = (second: number) => instant(began + second * 1000);
const counters = (deleted: number, more: Partial<Activity> = {}): Activity => ({
  inserted: 0,
  updated: 0,
  deleted,
  files: 'f',
  epoch: 'e',
  ...more,
});
/** A look that takes three seconds: the snapshot's instant, then the counters are read. */
const look = (second: number, of: Activity, more: Partial<Look> = {}): Look => ({
  from: at(second),
  until: at(second + 3),
  counters: new Map([['public.orders', of]]),
  tablesAt: at(second),
  tables: new Set(['public.orders']),
  ...more,
});
const deletedIn = ({ candidates }: ReturnType<typeof jumpsBetween>) =>
  candidates.flatMap(({ at: from, evidence }) =>
    evidence.kind === 'deleted' ? [{ from, until: evidence.until, rows: evidence.tables[0]?.rows ?? 0 }] : [],
  );

it('every deletion lies in one of the intervals that are told, whenever looks were taken and whichever kept something back', () => {
  const looks = fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 2, maxLength: 8 });
  const deletions = fc.array(fc.integer({ min: 1, max: 1199 }), { maxLength: 12 });
  fc.assert(
    fc.property(looks, deletions, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (times, deletes, settled) => {
      const inOrder = times.map((time) => time * 6).sort((a, b) => a - b);
      const taken = inOrder.map((second, index) => {
        // What a session keeps back is told later: the look has less than there is, and says that it may.
        const until = settled[index] ? second + 3 : second - 60;
        const told = deletes.filter((one) => one < until).length;
        return look(second, counters(told), settled[index] ? {} : { from: null });
      });
      const intervals = deletedIn(jumpsBetween(taken, at(0)));
      const first = inOrder.find((_, index) => settled[index]) ?? Number.POSITIVE_INFINITY;
      const last = inOrder.findLast((_, index) => settled[index]) ?? 0;
      // In between nothing is missed, and no interval is without a deletion.
      for (const one of deletes.filter((second) => second >= first + 3 && second < last))
        expect(intervals.some(({ from, until }) => from <= at(one) && at(one) <= until)).toBe(true);
      for (const { from, until } of intervals)
        expect(deletes.some((one) => from <= at(one) && at(one) <= until)).toBe(true);
    }),
  );
});

describe('what counters can’t say', () => {
  it('counters that began anew are a gap, not a deletion', () => {
    const anew = jumpsBetween([look(0, counters(5)), look(60, counters(9, { epoch: 'other' }))], at(0));
    expect(anew.candidates).toEqual([]);
    expect(anew.gaps).toEqual([{ code: 'find.counters-reset', params: { from: at(0), until: at(63) } }]);
    expect(jumpsBetween([look(0, counters(5)), look(60, counters(2))], at(0)).gaps).toHaveLength(1);
  });

  it('a TRUNCATE and a table that went are told as what they are', () => {
    const emptied = jumpsBetween([look(0, counters(5)), look(60, counters(5, { files: 'g' }))], at(0));
    expect(emptied.candidates).toMatchObject([{ sureness: 'between', evidence: { kind: 'rewritten' } }]);
    const gone = look(60, counters(5), { counters: new Map(), tables: new Set<string>() });
    expect(jumpsBetween([look(0, counters(5)), gone], at(0)).candidates).toMatchObject([
      { evidence: { kind: 'gone', tables: ['public.orders'], until: at(60) } },
    ]);
  });

  it('what lies before the time that is asked for is left out', () => {
    const looks = [look(0, counters(0)), look(60, counters(5)), look(120, counters(9))];
    expect(deletedIn(jumpsBetween(looks, at(90)))).toEqual([{ from: at(60), until: at(123), rows: 4 }]);
  });
});
