/** Counts that all processes and hosts share. */

import type { Redis } from 'ioredis';
import { withTimeout } from '../../src/base/timeout.ts';
import type { Count, CountStore, WindowCount } from './count-store.ts';

export interface RedisStore extends CountStore {
  /** Why there is no connection at present; undefined while there is one. */
  connectionError(): Error | undefined;
  close(): void;
}

/** Timeouts of a count, and of the first connection at the start, in milliseconds. */
const COUNT_TIMEOUT = 200;
const CONNECT_TIMEOUT = 2000;

/**
 * Octets. A count has 50, so a longer reply is not a count. A connection with such a reply is replaced: a string of 512 MB that was read
 * on took 1 GB of memory in five seconds.
 */
const FLOOD = 65_536;

/** Times in milliseconds. */
const OPTIONS = {
  connectTimeout: 500,
  // A connection that does not respond is replaced by a new one.
  socketTimeout: 3000,
  // A command fails at once without a connection, and when its connection ends: a second attempt might count twice.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (attempts: number): number => Math.min(attempts * 100, 2000),
  connectionName: 'mldsa-limits',
};

/** Waits for the first connection, for two seconds at most. Without Redis the store opens too, and counting fails. */
export async function openRedisStore(url: string): Promise<RedisStore> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, OPTIONS);
  let connectionFault: Error | undefined;
  redis.on('error', (error) => {
    connectionFault = error;
  });
  const run = async (script: string, key: string, ...numbers: readonly number[]): Promise<unknown> => {
    if (redis.status !== 'ready') throw new Error('Redis is not connected', { cause: connectionFault });
    const { bytesRead } = redis.stream;
    try {
      // Not `commandTimeout`, which expires before a reply is read that arrived while the process was busy.
      return await withTimeout(redis.eval(script, 1, PREFIX + key, ...numbers), COUNT_TIMEOUT, 'Redis');
    } catch (error) {
      if (redis.stream.bytesRead - bytesRead > FLOOD) redis.disconnect(true);
      throw error;
    }
  };
  await firstConnection(redis);
  return {
    increment: async (key, window) => windowCountOf(await run(INCREMENT, key, window)),
    read: async (key, window) => countOf(await run(READ, key, window)),
    giveBack: async (key, end, quota) => (await run(GIVE_BACK, key, end, quota)) === 1,
    connectionError: () =>
      redis.status === 'ready' ? undefined : (connectionFault ?? new Error('Redis does not respond')),
    close: () => redis.disconnect(),
  };
}

const PREFIX = 'mldsa:limit:';

/**
 * Atomic. A key starts again from one if it never expires, expires after more than a window, or has a value that is not a
 * count, so that no client is counted for ever.
 */
const INCREMENT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ttl = redis.call('PTTL', KEYS[1])
if ttl >= 0 and ttl <= tonumber(ARGV[1]) then
  local count = redis.pcall('INCR', KEYS[1])
  if type(count) == 'number' and count > 0 then return {count, ttl, now + ttl} end
end
redis.call('SET', KEYS[1], 1, 'PX', ARGV[1])
return {1, tonumber(ARGV[1]), now + tonumber(ARGV[1])}
`;

const READ = `
local ttl = redis.call('PTTL', KEYS[1])
if ttl >= 0 and ttl <= tonumber(ARGV[1]) then
  local count = redis.pcall('GET', KEYS[1])
  if type(count) == 'string' and string.match(count, '^%d+$') then return {tonumber(count), ttl} end
end
return {0, tonumber(ARGV[1])}
`;

/**
 * The window of the count ends at ARGV[1]. Its end, computed twice, differs by a few milliseconds; that of the next window
 * is a whole window later, at least a minute.
 */
const GIVE_BACK = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ttl = redis.call('PTTL', KEYS[1])
if ttl <= 0 or math.abs(now + ttl - tonumber(ARGV[1])) > 1000 then return 0 end
local count = tonumber(redis.pcall('GET', KEYS[1]))
if count == nil or count < 1 then return 0 end
redis.call('SET', KEYS[1], math.min(count, tonumber(ARGV[2])) - 1, 'PX', ttl)
return 1
`;

function windowCountOf(reply: unknown): WindowCount {
  const end: unknown = Array.isArray(reply) ? reply[2] : undefined;
  if (typeof end !== 'number') throw new Error('Redis returned no end of a window');
  return { ...countOf(reply), end };
}

function countOf(reply: unknown): Count {
  const [current, ttl] = Array.isArray(reply) ? (reply as readonly unknown[]) : [];
  if (typeof current !== 'number' || typeof ttl !== 'number') throw new Error('Redis returned no count');
  return { current, ttl };
}

async function firstConnection(redis: Redis): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, CONNECT_TIMEOUT);
  redis.once('ready', resolve).once('close', resolve);
  await promise;
  clearTimeout(timer);
}
