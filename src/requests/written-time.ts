import { en, type ParsedResult, zh } from 'chrono-node';
import { userError } from '../domain/errors.ts';
import { type Instant, instant, milliseconds } from '../domain/time.ts';

export interface ClockThere {
  /** IANA name of the environment's time zone: what a time without an offset is read in. */
  readonly timeZone: string;
  readonly now: Instant;
}

const longest = 100;
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * A time as a person writes it, in either language: ISO 8601 with an offset, `03:14` today on the environment's clock,
 * `yesterday 03:14`, `25 minutes ago`, `昨天 03:14`, `25 分鐘前`. What could mean two things is refused, never guessed:
 * an hour without minutes may be morning or evening, a date with slashes may begin with either, an abbreviation of a zone
 * is used by several, and when clocks are put back an hour comes twice.
 * @throws PitcrewError `time.unreadable`, `time.ambiguous`, `time.date-order`, `time.zone-name`, `time.skipped`
 */
export function writtenTime(given: string, there: ClockThere): Instant {
  const text = given.trim();
  const params = { given: text.slice(0, longest), example: example(there) };
  if (/\d\s*\/\s*\d/.test(text)) throw userError('time.date-order', params);
  const zone = /\d\s*([A-Z]{2,5})$/.exec(text)?.[1];
  if (zone && !/^(UTC|GMT|AM|PM)$/.test(zone)) throw userError('time.zone-name', { ...params, zone });
  const found = text.length <= longest ? parsed(text, wallClock(there)) : undefined;
  if (!found) throw userError('time.unreadable', params);
  if (isRelative(found)) return instant(milliseconds(there.now) - passedUntil(text));
  if (found.start.isCertain('timezoneOffset')) return instant(found.date());
  if (!saysWhichDay(found, text)) throw userError('time.unreadable', params);
  const local = localOf(found);
  if (isBareHour(found, text)) {
    const readings = [local, local + 12 * 60 * minuteMs].map((one) => written(one));
    throw userError('time.ambiguous', { ...params, first: readings[0] ?? '', second: readings[1] ?? '' });
  }
  const instants = instantsOf(local, there.timeZone);
  const [first, second] = instants;
  if (first === undefined) throw userError('time.skipped', { ...params, zone: there.timeZone });
  if (second !== undefined)
    throw userError('time.ambiguous', {
      ...params,
      first: withOffset(local, local - first),
      second: withOffset(local, local - second),
    });
  return instant(first);
}

/**
 * The whole of the text as one time: what is left over may have been the important part. The library reads a wall clock,
 * this machine's; it is given one that shows what the environment's clock shows.
 */
function parsed(text: string, wallClock: Date): ParsedResult | undefined {
  for (const language of [en.casual, zh.hant.casual]) {
    const [found, ...others] = language.parse(text, wallClock);
    if (found && others.length === 0 && !found.end && found.index === 0 && found.text.length === text.length)
      return found;
  }
  return undefined;
}

function wallClock({ timeZone, now }: ClockThere): Date {
  return showing(milliseconds(now) + offsetAt(milliseconds(now), timeZone));
}

/** The instant at which this machine's clock shows what a reading says. */
function showing(reading: number): Date {
  const at = new Date(reading);
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  return new Date(year, month, day, at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds());
}

/** Counted back from now; the Chinese parser doesn't mark it otherwise. */
const isRelative = ({ start, text }: ParsedResult) =>
  start.tags().has('result/relativeDateAndTime') || (/前$/.test(text) && start.isCertain('second'));

/** Hours that have passed are the same on every clock, so they are counted on one that nobody puts back: noon in mid-January. */
function passedUntil(text: string): number {
  const winter = new Date(2001, 0, 15, 12);
  const found = parsed(text, winter);
  return found ? winter.getTime() - showing(localOf(found)).getTime() : 0;
}

/** A day, or nothing but a time of day: that is today's. */
function saysWhichDay({ start }: ParsedResult, text: string): boolean {
  return start.isCertain('hour') && (start.isCertain('day') || /^\d{1,2}:\d{2}(:\d{2})?(\s*[ap]m)?$/i.test(text));
}

/** `at 9`, `9點`: neither minutes nor morning or evening. */
function isBareHour({ start }: ParsedResult, text: string): boolean {
  const hour = start.get('hour') ?? 0;
  const saysHalf = /[ap]\.?m\b|noon|上午|下午|早上|凌晨|清晨|中午|晚/i.test(text);
  return hour >= 1 && hour <= 12 && !/\d:\d{2}|[點点]\s*[\d半一二三四五]/.test(text) && !saysHalf;
}

/** The wall clock's reading, as if it were UTC, in milliseconds. */
function localOf({ start }: ParsedResult): number {
  const part = (name: Parameters<typeof start.get>[0]) => start.get(name) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/** Every instant at which the clocks of the zone show this: none in the hour that is skipped, two in the one that comes twice. */
function instantsOf(local: number, timeZone: string): readonly number[] {
  const offsets = new Set([local - dayMs, local + dayMs].map((near) => offsetAt(near, timeZone)));
  return [...offsets].map((offset) => local - offset).filter((at) => at + offsetAt(at, timeZone) === local);
}

/** Milliseconds that the zone's clocks are ahead of UTC at an instant. */
function offsetAt(at: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const wholeSecond = Math.floor(at / 1000) * 1000;
  return Date.parse(`${format.format(wholeSecond).replace(' ', 'T')}Z`) - wholeSecond;
}

const written = (local: number) => new Date(local).toISOString().slice(0, 16).replace('T', ' ');

function withOffset(local: number, offset: number): string {
  const minutes = Math.abs(offset) / minuteMs;
  const pad = (number: number) => String(Math.floor(number)).padStart(2, '0');
  return `${new Date(local).toISOString().slice(0, 16)}${offset < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`;
}

/** Half an hour ago, written so that nobody can read it otherwise. */
function example({ timeZone, now }: ClockThere): string {
  const at = milliseconds(now) - 30 * minuteMs;
  const offset = offsetAt(at, timeZone);
  return withOffset(at + offset, offset);
}
