import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openHousehold } from '../household.ts';
import { downtime, noteAttempt } from './attempts.ts';

const household = openHousehold('pitcrew-attempts-test');
afterAll(() => household.close());

test('downtime is the longest gap between accepted orders, an open one included, and counts what failed', () => {
  const file = join(household.folder, 'gap.jsonl');
  const at = (second: number) => new Date(Date.UTC(2025, 0, 1, 0, 0, second)).toISOString();
  const note = (second: number, ok: boolean) =>
    noteAttempt(file, { at: at(second), ok, tookMs: 5, ...(ok ? { id: second } : { error: '503' }) });
  for (const [second, ok] of [
    [0, true],
    [1, true],
    [2, false],
    [3, false],
    [6, true],
    [7, true],
  ] as const)
    note(second, ok);
  expect(downtime(file)).toEqual({ longestMs: 5000, from: at(1), to: at(6), failed: 2, accepted: 4 });
  expect(downtime(file, new Date(at(7)))).toMatchObject({ longestMs: 1000, failed: 0, accepted: 1 });
  note(20, false);
  expect(downtime(file)).toEqual({ longestMs: 13_000, from: at(7), to: undefined, failed: 3, accepted: 4 });
});
