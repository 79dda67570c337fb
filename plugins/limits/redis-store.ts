/** Counts that all processes and hosts share. */

import type { Redis } from 'ioredis';
import { withTimeout } from '../../src/base/timeout.ts';
import type { Count, CountStore } from './count-store.ts';

export interface RedisStore extends CountStore {
  /** Why there is no connection at present; undefined while there is one. */
  connectionError(): Error | undefined;
  close(): void;
}

/** Timeouts of a count, and of the first connection at the start, in milliseconds. */
const COUNT_TIMEOUT = 200;
const CONNECT_TIMEOUT = 2000;

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
  const run = async (script: string, key: string, window: number): Promise<Count> => {
    if (redis.status !== 'ready') throw new Error('Redis is not connected', { cause: connectionFault });
    // Not `commandTimeout`, which expires before a reply is read that arrived while the process was busy.
    return countOf(await withTimeout(redis.eval(script, 1, PREFIX + key, window), COUNT_TIMEOUT, 'Redis'));
  };
  await firstConnection(redis);
  return {
    increment: (key, window) => run(INCREMENT, key, window),
    read: (key, window) => run(READ, key, window),
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
local ttl = redis.call('PTTL', KEYS[1])
if ttl >= 0 and ttl <= tonumber(ARGV[1]) then
  local count = redis.pcall('INCR', KEYS[1])
  if type(count) == 'number' and count > 0 then return {count, ttl} end
end
redis.call('SET', KEYS[1], 1, 'PX', ARGV[1])
return {1, tonumber(ARGV[1])}
`;

const READ = `
local ttl = redis.call('PTTL', KEYS[1])
if ttl >= 0 and ttl <= tonumber(ARGV[1]) then
  local count = redis.pcall('GET', KEYS[1])
  if type(count) == 'string' and string.match(count, '^%d+$') then return {tonumber(count), ttl} end
end
return {0, tonumber(ARGV[1])}
`;

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
