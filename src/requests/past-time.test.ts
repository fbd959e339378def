import { expect, it } from 'vitest';
import { pastTime } from './past-time.ts';

const there = { timeZone: 'Europe/Berlin', now: '2026-11-21T11:14:30.400Z' };

it.each([
  ['25 minutes ago', '2026-11-21T10:49:30.000Z'],
  ['2026-11-20T03:14:15.900Z', '2026-11-20T03:14:15.000Z'],
  ['昨天 03:14', '2026-11-20T02:14:00.000Z'],
])('%s is a second that has passed', (given, at) => {
  expect(pastTime(given, there)).toBe(at);
});

it.each([
  ['12:14:31', 'time.in-future'],
  ['tomorrow 03:14', 'time.in-future'],
  ['yesterday at 9', 'time.ambiguous'],
  ['昨天9點', 'time.ambiguous'],
])('%s is refused as %s', (given, code) => {
  expect(() => pastTime(given, there)).toThrow(expect.objectContaining({ code }));
});

it('an hour that the clocks skip, and one that comes twice, are refused with what to write instead', () => {
  const spring = { timeZone: 'Europe/Berlin', now: '2026-03-30T10:00:00.000Z' };
  expect(() => pastTime('2026-03-29 02:30', spring)).toThrow(expect.objectContaining({ code: 'time.skipped' }));
  const autumn = { timeZone: 'Europe/Berlin', now: '2026-10-26T10:00:00.000Z' };
  expect(() => pastTime('2026-10-25 02:30', autumn)).toThrow(expect.objectContaining({ code: 'time.ambiguous' }));
  expect(pastTime('2026-10-25T02:30+01:00', autumn)).toBe('2026-10-25T01:30:00.000Z');
});
