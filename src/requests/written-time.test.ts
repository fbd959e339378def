import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PitcrewError } from '../domain/errors.ts';
import { writtenTime } from './written-time.ts';

// A Saturday noon in Berlin, an hour ahead of UTC.
const there = { timeZone: 'Europe/Berlin', now: '2026-11-21T11:14:30.000Z' };

describe('a time as people write it', () => {
  it.each([
    ['2026-11-20T03:14:15Z', '2026-11-20T03:14:15.000Z'],
    ['2026-11-20T03:14+08:00', '2026-11-19T19:14:00.000Z'],
    ['2026-11-20 03:14 UTC', '2026-11-20T03:14:00.000Z'],
    ['03:14', '2026-11-21T02:14:00.000Z'],
    ['3:14', '2026-11-21T02:14:00.000Z'],
    ['11:30:59', '2026-11-21T10:30:59.000Z'],
    ['9:05 pm', '2026-11-21T20:05:00.000Z'],
    ['25 minutes ago', '2026-11-21T10:49:30.000Z'],
    ['1h30m ago', '2026-11-21T09:44:30.000Z'],
    ['2026-11-20 03:14', '2026-11-20T02:14:00.000Z'],
    ['yesterday 09:00', '2026-11-20T08:00:00.000Z'],
    ['yesterday at 9am', '2026-11-20T08:00:00.000Z'],
    ['20 Nov 2026 03:14:15', '2026-11-20T02:14:15.000Z'],
    ['25 分鐘前', '2026-11-21T10:49:30.000Z'],
    ['半小時前', '2026-11-21T10:44:30.000Z'],
    ['昨天上午9點', '2026-11-20T08:00:00.000Z'],
    ['昨天 09:00', '2026-11-20T08:00:00.000Z'],
    ['今天凌晨2點半', '2026-11-21T01:30:00.000Z'],
    ['昨晚9點', '2026-11-20T20:00:00.000Z'],
    ['11月20日3點14分', '2026-11-20T02:14:00.000Z'],
  ])('%s', (given, at) => {
    expect(writtenTime(given, there)).toBe(at);
  });

  it.each([
    ['yesterday at 9', 'time.ambiguous'],
    ['昨天9點', 'time.ambiguous'],
    ['at 9', 'time.unreadable'],
    ['03/04/2026 3:14', 'time.date-order'],
    ['2026-11-20 03:14 CST', 'time.zone-name'],
    ['yesterday', 'time.unreadable'],
    ['midnight', 'time.unreadable'],
    ['last friday at 10:00', 'time.unreadable'],
    ['25:61', 'time.unreadable'],
    ['2026-02-30 10:00', 'time.unreadable'],
    ['03:14 or so', 'time.unreadable'],
    ['03:10 - 03:14', 'time.unreadable'],
    ['', 'time.unreadable'],
    [`03:14${' '.repeat(500)}x`, 'time.unreadable'],
  ])('%s is refused, not guessed', (given, code) => {
    expect(() => writtenTime(given, there)).toThrow(expect.objectContaining({ code, kind: 'user' }));
  });

  it('in the hour that the clocks skip there is no time', () => {
    const spring = { timeZone: 'Europe/Berlin', now: '2026-03-29T10:00:00.000Z' };
    expect(() => writtenTime('02:30', spring)).toThrow(expect.objectContaining({ code: 'time.skipped' }));
    expect(writtenTime('03:00', spring)).toBe('2026-03-29T01:00:00.000Z');
  });

  it('in the hour that comes twice it is said which two instants it could be, and an offset decides', () => {
    const autumn = { timeZone: 'Europe/Berlin', now: '2026-10-25T10:00:00.000Z' };
    expect(() => writtenTime('02:30', autumn)).toThrow(
      expect.objectContaining({
        code: 'time.ambiguous',
        params: expect.objectContaining({ first: '2026-10-25T02:30+02:00', second: '2026-10-25T02:30+01:00' }),
      }),
    );
    expect(writtenTime('2026-10-25T02:30+01:00', autumn)).toBe('2026-10-25T01:30:00.000Z');
  });

  it('"ago" counts hours that passed, also over a night when the clocks change', () => {
    const after = { timeZone: 'Europe/Berlin', now: '2026-10-25T04:00:00.000Z' };
    expect(writtenTime('6 hours ago', after)).toBe('2026-10-24T22:00:00.000Z');
    expect(writtenTime('6小時前', after)).toBe('2026-10-24T22:00:00.000Z');
  });

  it('what the bot itself shows with an offset is read back as the same instant, in every zone', () => {
    const zones = ['UTC', 'Asia/Taipei', 'America/St_Johns', 'Australia/Lord_Howe', 'Europe/Berlin'];
    const minutes = fc.integer({ min: 27_000_000, max: 30_000_000 });
    fc.assert(
      fc.property(minutes, fc.constantFrom(...zones), (minute, timeZone) => {
        const at = new Date(minute * 60_000).toISOString();
        expect(writtenTime(at, { timeZone, now: there.now })).toBe(at);
        const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(
          new Date(at),
        );
        // On the zone's own clock: the very instant, or refused because it came twice.
        try {
          expect(writtenTime(local, { timeZone, now: there.now })).toBe(at);
        } catch (error) {
          expect(error).toMatchObject({ code: 'time.ambiguous' });
        }
      }),
    );
  });

  it('F45: whatever is written is an instant or refused by a code, and nothing else is thrown', () => {
    const word = fc.constantFrom(
      'yesterday',
      'at',
      '9',
      ':',
      '03:14',
      'ago',
      'min',
      '昨天',
      '點',
      '前',
      '/',
      'Z',
      '+08:00',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 6 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          expect(writtenTime(given, there)).toMatch(/^\d{4}-\d\d-\d\dT/);
        } catch (error) {
          expect(error).toBeInstanceOf(PitcrewError);
          expect((error as PitcrewError).code).toMatch(/^time\./);
        }
      }),
    );
  });
});
