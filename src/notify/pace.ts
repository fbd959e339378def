import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One bucket over all edits: `chat.update` is Tier 3, about 50 a minute for a whole workspace (docs.slack.dev, "Rate
 * limits"). Time is monotonic, in milliseconds.
 */
export class Bucket {
  readonly #burst: number;
  readonly #perMs: number;
  #tokens: number;
  #at = performance.now();
  #turn: Promise<void> = Promise.resolve();

  constructor({ perMinute, burst }: { readonly perMinute: number; readonly burst: number }) {
    this.#burst = burst;
    this.#perMs = perMinute / 60_000;
    this.#tokens = burst;
  }

  /** Waits for a token, in the order of asking. @throws when the signal ends the wait */
  take(signal: AbortSignal): Promise<void> {
    const mine = this.#turn.then(() => this.#takeNow(signal));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** True while there is more than half: what only moves a clock leaves the rest to what matters. */
  spare(): boolean {
    this.#refill();
    return this.#tokens > this.#burst / 2;
  }

  /** Nothing for so long: Slack said so. */
  pause(seconds: number): void {
    this.#refill();
    this.#tokens = Math.min(this.#tokens, 1 - seconds * 1000 * this.#perMs);
  }

  async #takeNow(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      this.#refill();
      if (this.#tokens >= 1) {
        this.#tokens -= 1;
        return;
      }
      await sleep(Math.ceil((1 - this.#tokens) / this.#perMs), undefined, { signal });
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
}
