import { expect, it } from 'vitest';
import type { RestoreWindow } from '../domain/restore.ts';
import { reachedBy } from './find.ts';

const window = (earliest: string, latest: string, until: string | null): RestoreWindow => ({
  ...{ instanceId: 'shop', resourceId: 'db-SHOP', until },
  earliest: `2026-11-20T${earliest}:00.000Z`,
  latest: `2026-11-20T${latest}:00.000Z`,
});
const now = window('02:00', '03:00', null);
const before = window('00:00', '02:30', '2026-11-20T01:00:00.000Z');
const at = (clock: string) => `2026-11-20T${clock}:00.000Z`;

it.each([
  ['02:30', true],
  ['00:30', true],
  ['03:01', 'soon'],
  ['01:30', false],
] as const)('a moment at %s is reached: %s', (clock, reached) => {
  expect(reachedBy([now, before], at(clock))).toBe(reached);
});

it('without the present instance’s log nothing is reached soon, and without RDS nobody knows', () => {
  expect(reachedBy([before], at('03:01'))).toBe(false);
  expect(reachedBy([], at('03:01'))).toBe(false);
  expect(reachedBy(undefined, at('03:01'))).toBe(null);
});
