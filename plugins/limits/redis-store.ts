/** Counts that every process and host shares. */

import type { Redis } from 'ioredis';
import { withTimeout } from '../../src/base/timeout.ts';
import type { Count, CountStore } from './count-store.ts';

export interface RedisStore extends CountStore {
  /** Why there is no connection at present; undefined while there is one. */
  connectionError(): Error | undefined;
  close(): void;
}

/** How long a request waits for a count, and the start for the first connection, in milliseconds. */
const PATIENCE = 200;
const FIRST_PATIENCE = 2000;

/** Times in milliseconds. */
const OPTIONS = {
  connectTimeout: 500,
  // A connection that is written to and says nothing is given up for a new one.
  socketTimeout: 3000,
  // A command fails at once while there is no connection, and when one ends: sent again, it might count twice.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (attempts: number): number => Math.min(attempts * 100, 2000),
  connectionName: 'mldsa-limits',
};

/** Waits for the first connection, though not for long. Redis need not be there: then counting fails. */
export async function openRedisStore(url: string): Promise<RedisStore> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, OPTIONS);
  let connectionFault: Error | undefined;
  redis.on('error', (error) => {
    connectionFault = error;
  });
  const run = async (script: string, key: string, window: number): Promise<Count> => {
    if (redis.status !== 'ready') throw new Error('Redis is not connected', { cause: connectionFault });
    // Not `commandTimeout`, which strikes before an answer is read that has arrived while the process was busy.
    return countOf(await withTimeout(redis.eval(script, 1, PREFIX + key, window), PATIENCE, 'Redis'));
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
 * Runs as one. A key whose end is missing or farther than a window, or whose value is no count, begins anew, so that
 * nothing is counted for ever.
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
  if (typeof current !== 'number' || typeof ttl !== 'number') throw new Error('Redis answers with no count');
  return { current, ttl };
}

async function firstConnection(redis: Redis): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, FIRST_PATIENCE);
  redis.once('ready', resolve).once('close', resolve);
  await promise;
  clearTimeout(timer);
}
