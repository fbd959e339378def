/** What a message shows: a line for notifications, and its blocks. Drawn elsewhere, carried here. */
export interface Content {
  readonly text: string;
  readonly blocks: readonly unknown[];
}

/** Written into a message where people don't see it, so that it can be found again after a lost answer. */
export interface Mark {
  readonly operation: string;
  readonly surface: string;
  readonly nonce: string;
}

export interface Place {
  readonly channel: string;
  /** The `ts` of the message under which it stands. */
  readonly thread?: string;
}

export interface Spot {
  readonly channel: string;
  readonly ts: string;
}

export interface Found {
  readonly ts: string;
  readonly surface: string;
  readonly nonce: string;
}

/** All that the notifier asks of a chat. Every method may throw a `TransportError`. */
export interface Transport {
  post(place: Place, content: Content, mark: Mark): Promise<{ readonly ts: string }>;
  update(spot: Spot, content: Content, mark: Mark): Promise<void>;
  /** Our messages of that operation since then, the oldest first. */
  find(place: Place, operation: string, since: string): Promise<readonly Found[]>;
  /** Deleting what is gone is no error. */
  delete(spot: Spot): Promise<void>;
  /** The channel in which one person alone is spoken to. */
  direct(user: string): Promise<string>;
}

/**
 * `unknown`: it may have happened. `later`: it has not, and may be tried again after `afterSeconds`. `gone`: that
 * message isn't there. `no-channel`: the channel is archived, unknown, or the bot isn't in it. `refused`: never like this.
 */
export type TransportFailure = 'unknown' | 'later' | 'gone' | 'no-channel' | 'refused';

export class TransportError extends Error {
  readonly failure: TransportFailure;
  readonly afterSeconds: number;
  constructor(failure: TransportFailure, what: string, afterSeconds = 0, cause?: unknown) {
    super(what, cause === undefined ? undefined : { cause });
    this.name = 'TransportError';
    this.failure = failure;
    this.afterSeconds = afterSeconds;
  }
}

export const failureOf = (error: unknown): TransportFailure =>
  error instanceof TransportError ? error.failure : 'unknown';
