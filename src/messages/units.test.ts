import { describe, expect, it } from 'vitest';
import { counted, showClock, showDuration, showInstant, showSize } from './units.ts';

describe('lengths, sizes and moments', () => {
  it('says a length as a person would, with two units at most', () => {
    const said = [0, 42, 200, 599, 2660, 7800, 90000, -5].map((seconds) => showDuration(seconds, 'en'));
    expect(said).toEqual(['0 s', '42 s', '3 min 20 s', '9 min 59 s', '44 min', '2 h 10 min', '1 d 1 h', '0 s']);
    expect(showDuration(7800, 'zh-TW')).toBe('2 小時 10 分鐘');
  });

  it('shows an instant in UTC, on the local clock and by its age', () => {
    const shown = showInstant('2026-11-20T02:30:00.000Z', 'Asia/Taipei', '2026-11-20T03:14:20.000Z', 'en');
    expect(shown).toEqual({ utc: '2026-11-20 02:30 UTC', local: '10:30 Asia/Taipei', age: '44 min ago' });
  });

  it('names the local day where it is another one, and no local time where the clock is UTC or unknown', () => {
    const at = '2026-11-19T18:30:00.000Z';
    expect(showInstant(at, 'Asia/Taipei', at, 'en').local).toBe('2026-11-20 02:30 Asia/Taipei');
    expect(showClock(at, 'UTC')).toBe('18:30 UTC');
    expect(showClock(at, 'Mars/Olympus')).toBe('18:30 UTC');
  });

  it('groups digits and knows one from many', () => {
    expect([counted(1, 'row'), counted(1204, 'row'), showSize(20_480, 'en')]).toEqual([
      '1 row',
      '1,204 rows',
      '20 TiB',
    ]);
  });
});
