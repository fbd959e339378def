import type { Redis } from 'ioredis';
import { prefix } from './redis.ts';

const key = `${prefix}:edits`;

/**
 * The generic cell rate algorithm on Redis's own clock: one number, the moment at which the bucket would be empty again.
 * ARGV: milliseconds an edit, burst less what is kept back.
 */
const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local full = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
local every = tonumber(ARGV[1])
local wait = full - (tonumber(ARGV[2]) - 1) * every - now
if wait > 0 then return math.ceil(wait) end
redis.call('SET', KEYS[1], full + every, 'PX', math.ceil(full + every - now) + 1000)
return 0`;

const pauseScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now + tonumber(ARGV[1]))
redis.call('SET', KEYS[1], full, 'PX', math.ceil(full - now) + 1000)
return 0`;

/** How many edits of cards all processes of the bot may make together; forgotten with Redis, which costs a 429 at most. */
export function sharedEdits(
  redis: Redis,
  { perMinute, burst }: { readonly perMinute: number; readonly burst: number },
) {
  const everyMs = 60_000 / perMinute;
  return {
    /** 0 when it may be made now, else in how many milliseconds to ask again. */
    async take(keepBack: number): Promise<number> {
      return Number(await redis.eval(takeScript, 1, key, everyMs, Math.max(1, burst - keepBack)));
    },
    async pause(seconds: number): Promise<void> {
      await redis.eval(pauseScript, 1, key, seconds * 1000 + (burst - 1) * everyMs);
    },
  };
}
