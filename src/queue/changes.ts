import type { Redis } from 'ioredis';
import type { Because } from '../domain/step.ts';
import { prefix } from './redis.ts';

const channel = `${prefix}:changed`;

/** A hint that an operation's chain has grown, and what it waits for now. Lost ones cost seconds, never a card. */
export interface Change {
  readonly operation: string;
  readonly waiting: readonly { readonly step: string; readonly because: Because }[];
}

/** Tells every bot; never waits, never throws: nobody's restore hangs on a card. */
export function publisher(redis: Redis, onError: (error: unknown) => void): (change: Change) => void {
  return (change) => {
    redis.publish(channel, JSON.stringify(change)).catch(onError);
  };
}

/** Needs a connection of its own: one that listens can do nothing else. */
export async function listen(redis: Redis, heard: (change: Change) => void): Promise<void> {
  redis.on('message', (_channel: string, message: string) => heard(JSON.parse(message) as Change));
  await redis.subscribe(channel);
}
