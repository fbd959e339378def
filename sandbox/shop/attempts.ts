import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** One try of a customer to order, as the customer saw it. Kept outside the database, one JSON object a line. */
export interface Attempt {
  /** When the answer came, or the customer gave up: ISO 8601 with milliseconds. */
  readonly at: string;
  readonly ok: boolean;
  readonly tookMs: number;
  /** The order's number where it was accepted. */
  readonly id?: number;
  /** The HTTP status or error where it was not. */
  readonly error?: string;
}

export function noteAttempt(file: string, attempt: Attempt): void {
  appendFileSync(file, `${JSON.stringify(attempt)}\n`);
}

/** All attempts so far, by time. A last line that is still being written is left out. */
export function readAttempts(file: string): Attempt[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const attempts = lines.map((line) => JSON.parse(line) as Attempt);
  return attempts.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

export interface Downtime {
  /** Milliseconds from the last accepted order before the longest gap to the first one after it. */
  readonly longestMs: number;
  readonly from: string | undefined;
  /** Undefined while the gap is still open: then it counts up to the last attempt. */
  readonly to: string | undefined;
  readonly failed: number;
  readonly accepted: number;
}

/** The longest time in which no order was accepted although customers tried. `from` leaves out what came before. */
export function downtime(file: string, from?: Date): Downtime {
  const all = readAttempts(file);
  const counted = from ? all.filter(({ at }) => Date.parse(at) >= from.getTime()) : all;
  const failed = counted.filter(({ ok }) => !ok).length;
  let longest: Pick<Downtime, 'longestMs' | 'from' | 'to'> = { longestMs: 0, from: undefined, to: undefined };
  const consider = (start: string | undefined, end: string, to: string | undefined) => {
    const longestMs = start ? Date.parse(end) - Date.parse(start) : 0;
    if (longestMs > longest.longestMs) longest = { longestMs, from: start, to };
  };
  let last = from ? all.filter(({ at, ok }) => ok && Date.parse(at) < from.getTime()).at(-1)?.at : undefined;
  last ??= counted[0]?.at;
  for (const { at } of counted.filter(({ ok }) => ok)) {
    consider(last, at, at);
    last = at;
  }
  const end = counted.at(-1);
  if (end && !end.ok) consider(last, end.at, undefined);
  return { ...longest, failed, accepted: counted.length - failed };
}
