/** An instant in UTC as ISO 8601 with its offset, `2026-11-20T03:14:15.000Z`. Compares as text because the shape is fixed. */
export type Instant = string;

/** @throws RangeError when the date is invalid */
export function instant(date: Date | number): Instant {
  return new Date(date).toISOString();
}

export function milliseconds(at: Instant): number {
  return Date.parse(at);
}

export function plusMinutes(at: Instant, minutes: number): Instant {
  return instant(milliseconds(at) + minutes * 60_000);
}

/** Seconds from `from` to `to`; negative when `to` is earlier. */
export function secondsBetween(from: Instant, to: Instant): number {
  return (milliseconds(to) - milliseconds(from)) / 1000;
}

export function laterOf(a: Instant, b: Instant): Instant {
  return a >= b ? a : b;
}
