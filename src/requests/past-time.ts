import { userError } from '../domain/errors.ts';
import { type Instant, instant, milliseconds } from '../domain/time.ts';
import { type ClockThere, writtenTime } from './written-time.ts';

/**
 * A time as a person writes it, that has passed: down to the second, so that "25 minutes ago" is a time that can be
 * shown and read back.
 * @throws PitcrewError `time.in-future`, and as `writtenTime`
 */
export function pastTime(given: string, there: ClockThere): Instant {
  const written = writtenTime(given, there);
  const at = instant(Math.floor(milliseconds(written) / 1000) * 1000);
  if (at > there.now) throw userError('time.in-future', { given: given.trim().slice(0, 100), at });
  return at;
}
