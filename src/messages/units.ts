import { type Locale, languageOf } from '../domain/people.ts';
import { type Instant, milliseconds, secondsBetween } from '../domain/time.ts';

/** A length of time as a person says it: `42 s`, `3 min 20 s`, `44 min`, `2 h 10 min`, `3 d 4 h`. Negative counts as 0. */
export function showDuration(seconds: number, locale: Locale): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const units = languageOf(locale) === 'zh-TW' ? chineseUnits : englishUnits;
  const parts = split(whole).filter(({ amount }) => amount > 0);
  if (parts.length === 0) return `0 ${units.s}`;
  return parts.map(({ amount, unit }) => `${amount} ${units[unit]}`).join(' ');
}

const englishUnits = { d: 'd', h: 'h', min: 'min', s: 's' } as const;
const chineseUnits = { d: '天', h: '小時', min: '分鐘', s: '秒' } as const;

/** At most two units, and seconds only below ten minutes: nobody decides by the rest. */
function split(seconds: number): readonly { amount: number; unit: keyof typeof englishUnits }[] {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours >= 24) {
    return [
      { amount: Math.floor(hours / 24), unit: 'd' },
      { amount: hours % 24, unit: 'h' },
    ];
  }
  if (hours > 0) {
    return [
      { amount: hours, unit: 'h' },
      { amount: minutes % 60, unit: 'min' },
    ];
  }
  if (minutes >= 10) return [{ amount: minutes, unit: 'min' }];
  return [
    { amount: minutes, unit: 'min' },
    { amount: seconds % 60, unit: 's' },
  ];
}

/** How long ago, `44 min ago`; what lies ahead, `in 12 min`. */
export function showAge(at: Instant, now: Instant, locale: Locale): string {
  const seconds = secondsBetween(at, now);
  const length = showDuration(Math.abs(seconds), locale);
  if (languageOf(locale) === 'zh-TW') return seconds < 0 ? `${length}後` : `${length}前`;
  return seconds < 0 ? `in ${length}` : `${length} ago`;
}

export interface ShownInstant {
  /** `2026-11-20 03:14 UTC`. */
  readonly utc: string;
  /** `11:14 Asia/Taipei`, with the day where it is another one; empty where the environment's clock is UTC. */
  readonly local: string;
  readonly age: string;
}

/** An instant three ways: UTC, on the environment's clock, and how long ago. An unknown time zone shows no local time. */
export function showInstant(at: Instant, timeZone: string, now: Instant, locale: Locale): ShownInstant {
  return { utc: `${day(at)} ${clock(at)} UTC`, local: localTime(at, timeZone), age: showAge(at, now, locale) };
}

/** As `showInstant`, to the second: a point in time is chosen by it. */
export function showMoment(at: Instant, timeZone: string, now: Instant, locale: Locale): ShownInstant {
  const seconds = new Date(milliseconds(at)).toISOString().slice(16, 19);
  const local = localTime(at, timeZone).replace(/\d\d:\d\d(?= )/, (shown) => `${shown}${seconds}`);
  return { utc: `${day(at)} ${clock(at)}${seconds} UTC`, local, age: showAge(at, now, locale) };
}

/** `2026-11-20 03:14 UTC (11:14 Asia/Taipei)`. */
export const bothClocks = ({ utc, local }: Pick<ShownInstant, 'utc' | 'local'>) => (local ? `${utc} (${local})` : utc);

/** `03:14 UTC (11:14 Asia/Taipei)`: for moments of the same night, where the day is clear. */
export function showClock(at: Instant, timeZone: string): string {
  const local = localTime(at, timeZone);
  return local ? `${clock(at)} UTC (${local})` : `${clock(at)} UTC`;
}

const day = (at: Instant) => new Date(milliseconds(at)).toISOString().slice(0, 10);
const clock = (at: Instant) => new Date(milliseconds(at)).toISOString().slice(11, 16);

function localTime(at: Instant, timeZone: string): string {
  try {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
    const { timeZone: resolved } = format.resolvedOptions();
    if (resolved === 'UTC') return '';
    const [localDay = '', localClock = ''] = format.format(milliseconds(at)).split(' ');
    return localDay === day(at) ? `${localClock} ${timeZone}` : `${localDay} ${localClock} ${timeZone}`;
  } catch {
    return '';
  }
}

/** With grouped digits: `1,204`. */
export function showCount(count: number, locale: Locale): string {
  return new Intl.NumberFormat(languageOf(locale)).format(count);
}

/** `1 row`, `1,204 rows`. English only: Chinese has no plural. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${showCount(count, 'en')} ${count === 1 ? one : many}`;
}

/** RDS sizes are whole GiB. */
export function showSize(gib: number, locale: Locale): string {
  return gib >= 10_240 ? `${showCount(Math.round(gib / 102.4) / 10, locale)} TiB` : `${showCount(gib, locale)} GiB`;
}

/** `a, b and c`, `a、b 和 c`. */
export function showList(items: readonly string[], locale: Locale): string {
  return new Intl.ListFormat(languageOf(locale), { type: 'conjunction' }).format(items);
}
