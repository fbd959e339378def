import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultOf, latestBetween } from './schedule.ts';

const at = (text: string) => new Date(text);

describe('a schedule', () => {
  test('is five fields, a descriptor or an interval, in a time zone that exists', () => {
    for (const good of ['0 3 * * *', '*/5 8-18 ? * MON-FRI', '@daily', '@every 1h30m', '@every 5s']) {
      expect(faultOf(good, undefined)).toBeUndefined();
    }
    const bad = [
      '',
      '* * * *',
      '0 0 3 * * *',
      '61 * * * *',
      'L * * * *',
      '@every',
      '@every 0s',
      '@often',
      'TZ=UTC 0 3 * * *',
    ];
    for (const each of bad) expect(faultOf(each, undefined)?.field).toBe('spec.schedule');
    expect(faultOf('0 3 * * *', 'Europe/Berlin')).toBeUndefined();
    expect(faultOf('0 3 * * *', 'Europe/Nowhere')?.field).toBe('spec.timeZone');
  });

  test('is read in its time zone, over the change of the clocks', () => {
    const schedule = { schedule: '0 3 * * *', timeZone: 'Europe/Berlin' };
    expect(latestBetween(schedule, at('2026-03-27T12:00:00Z'), at('2026-03-28T12:00:00Z'))).toEqual(
      at('2026-03-28T02:00:00Z'),
    );
    expect(latestBetween(schedule, at('2026-03-28T12:00:00Z'), at('2026-03-29T12:00:00Z'))).toEqual(
      at('2026-03-29T01:00:00Z'),
    );
  });

  test('gives the latest instant that is due, and none twice', () => {
    const schedules = fc.constantFrom('0 3 * * *', '*/5 * * * *', '15 8 1 * 1', '@hourly', '@every 7m');
    const instants = fc.date({ min: at('2026-01-01T00:00:00Z'), max: at('2026-12-31T00:00:00Z'), noInvalidDate: true });
    fc.assert(
      fc.property(schedules, instants, fc.nat(100 * 86_400_000), (schedule, after, length) => {
        const until = new Date(after.getTime() + length);
        const latest = latestBetween({ schedule }, after, until);
        if (!latest) return;
        expect(latest.getTime()).toBeGreaterThan(after.getTime());
        expect(latest.getTime()).toBeLessThanOrEqual(until.getTime());
        expect(latestBetween({ schedule }, latest, until)).toBeUndefined();
      }),
    );
  });
});
