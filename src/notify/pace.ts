import { setTimeout as sleep } from 'node:timers/promises';

/** Who goes first when edits are short: what people act by, before what only shows how far something is. */
export type Urgency = 'urgent' | 'change';
const urgencies: readonly Urgency[] = ['urgent', 'change'];

/**
 * The same limit over every process of the bot. Both may fail or be slow: then each process keeps to the limit by itself,
 * and Slack's 429 does the rest.
 */
export interface SharedEdits {
  /** Takes one edit, leaving `keepBack` of the burst to others: 0, or in how many milliseconds to ask again. */
  take(keepBack: number): Promise<number>;
  /** No edit of anybody for so long. */
  pause(seconds: number): Promise<void>;
}

/** How long the other processes are waited for before this one decides alone. */
const sharedWithinMs = 300;

interface Waiter {
  readonly signal: AbortSignal;
  granted(): void;
}

interface BucketOptions {
  readonly perMinute: number;
  readonly burst: number;
  readonly shared?: SharedEdits;
}

/**
 * One bucket over all edits: `chat.update` is Tier 3, about 50 a minute for a whole workspace (docs.slack.dev, "Rate
 * limits"). Time is monotonic, in milliseconds.
 */
export class Bucket {
  readonly #burst: number;
  readonly #perMs: number;
  readonly #shared: SharedEdits | undefined;
  readonly #waiting: Record<Urgency, Waiter[]> = { urgent: [], change: [] };
  #tokens: number;
  #at = performance.now();
  #pumping = false;
  #timer: NodeJS.Timeout | undefined;

  constructor({ perMinute, burst, shared }: BucketOptions) {
    this.#burst = burst;
    this.#perMs = perMinute / 60_000;
    this.#shared = shared;
    this.#tokens = burst;
  }

  /** Waits for a token: what is urgent first, then in the order of asking. @throws when the signal ends the wait */
  take(urgency: Urgency, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const queue = this.#waiting[urgency];
      const ended = () => {
        queue.splice(queue.indexOf(waiter), 1);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        signal,
        granted() {
          signal.removeEventListener('abort', ended);
          resolve();
        },
      };
      signal.addEventListener('abort', ended, { once: true });
      queue.push(waiter);
      void this.#pump();
    });
  }

  /** A token for what only moves a clock: never waited for, and half of the burst is left to what matters. */
  async takeSpare(): Promise<boolean> {
    if (!this.spare() || urgencies.some((urgency) => this.#waiting[urgency].length > 0)) return false;
    this.#tokens -= 1;
    return (await this.#sharedWait(Math.ceil(this.#burst / 2))) === 0;
  }

  spare(): boolean {
    this.#refill();
    return this.#tokens >= Math.max(1, this.#burst / 2);
  }

  /** Nothing for so long: Slack said so. */
  pause(seconds: number): void {
    this.#refill();
    this.#tokens = Math.min(this.#tokens, 1 - seconds * 1000 * this.#perMs);
    void this.#shared?.pause(seconds).catch(() => undefined);
  }

  /** Gives out tokens, one at a time, for as long as somebody waits. */
  async #pump(): Promise<void> {
    if (this.#pumping || this.#timer) return;
    this.#pumping = true;
    try {
      while (urgencies.some((urgency) => this.#waiting[urgency].length > 0)) {
        this.#refill();
        const mineMs = this.#tokens >= 1 ? 0 : Math.ceil((1 - this.#tokens) / this.#perMs);
        const waitMs = mineMs > 0 ? mineMs : await this.#sharedWait(0);
        if (waitMs > 0) return this.#pumpIn(waitMs);
        // Who waits may have changed while the others were asked.
        const next = this.#waiting.urgent.shift() ?? this.#waiting.change.shift();
        if (!next) return;
        this.#tokens -= 1;
        next.granted();
      }
    } finally {
      this.#pumping = false;
    }
  }

  #pumpIn(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#pump();
    }, ms);
    this.#timer.unref();
  }

  async #sharedWait(keepBack: number): Promise<number> {
    if (!this.#shared) return 0;
    const ended = new AbortController();
    try {
      const alone = sleep(sharedWithinMs, 0, { signal: ended.signal }).catch(() => 0);
      return await Promise.race([this.#shared.take(keepBack), alone]);
    } catch {
      return 0;
    } finally {
      ended.abort();
    }
  }

  #refill(): void {
    const now = performance.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
  }
}

/** At most one message a second into one channel (docs.slack.dev, "Rate limits", posting messages). */
export class Turns {
  readonly #everyMs: number;
  readonly #free = new Map<string, number>();
  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  async take(channel: string, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.#free.get(channel) ?? 0);
    this.#free.set(channel, at + this.#everyMs);
    if (at > now) await sleep(at - now, undefined, { signal });
  }

  /** Nothing into this channel for so long: Slack said so. */
  pause(channel: string, seconds: number): void {
    this.#free.set(channel, Math.max(this.#free.get(channel) ?? 0, performance.now() + seconds * 1000));
  }
}
