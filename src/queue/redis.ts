import { Redis, type RedisOptions } from 'ioredis';
import { permanent } from '../domain/errors.ts';

/** Hash-tagged, so that all keys of the queue fall into one slot of a Redis Cluster (BullMQ guide, "Redis Cluster"). */
export const prefix = '{pitcrew}';

/**
 * A connection to Redis. `blocking` for workers: they wait for ever and reconnect; the others fail within seconds, since
 * nobody may wait for a Redis that is away.
 */
export function connect(url: string, use: 'blocking' | 'commands', onError: (error: Error) => void): Redis {
  const options: Omit<RedisOptions, 'replyMapping'> =
    use === 'blocking'
      ? { maxRetriesPerRequest: null }
      : { maxRetriesPerRequest: 1, commandTimeout: 5_000, connectTimeout: 5_000 };
  const redis = new Redis(url, { ...options, retryStrategy: (times: number) => Math.min(times * 200, 2_000) });
  redis.on('error', onError);
  return redis;
}

/**
 * BullMQ loses jobs when Redis evicts keys, and only warns about it.
 * @throws PitcrewError `queue.eviction-policy` when Redis may evict, `queue.unreachable` when it doesn't answer
 */
export async function requireNoEviction(redis: Redis): Promise<void> {
  const info = await redis.info('memory').catch((error: unknown) => {
    throw permanent('queue.unreachable', {}, error);
  });
  const policy = /maxmemory_policy:(\S+)/.exec(info)?.[1] ?? '';
  if (policy !== 'noeviction') throw permanent('queue.eviction-policy', { policy });
}
