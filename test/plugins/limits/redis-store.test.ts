/** Counts in a real Redis. */

import { Redis } from 'ioredis';
import t from 'tap';
import { openRedisStore } from '../../../plugins/limits/redis-store.ts';
import { startRedis } from '../../support/redis.ts';
import { redisMissing } from '../../support/services.ts';

const skip = { skip: redisMissing };
const QUOTA = 5;

t.test('Redis takes a request back from its own window and from no other', skip, async (t) => {
  const redis = await startRedis(t);
  const client = new Redis(redis.url);
  t.teardown(() => client.disconnect());
  const store = await openRedisStore(redis.url);
  t.teardown(() => store.close());
  const first = await store.increment('a', 60_000, QUOTA);
  const again = await store.increment('a', 60_000, QUOTA);
  t.ok(Math.abs(first.end - again.end) < 100, `both are of one window: ${first.end}, ${again.end}`);
  t.equal(await store.giveBack('a', first.end, 5), true);
  t.equal((await store.read('a', 60_000)).current, 1);
  t.ok((await client.pttl('mldsa:limit:a')) > 50_000, 'the window ends as before');
  t.equal(await store.giveBack('a', first.end - 60_000, 5), false, 'the window before');
  t.equal(await store.giveBack('a', first.end + 60_000, 5), false, 'the window after');
  for (let i = 0; i < 9; i++) await store.increment('a', 60_000, QUOTA);
  t.equal(await store.giveBack('a', first.end, 5), true);
  t.equal((await store.read('a', 60_000)).current, 4, 'requests that exceeded the quota are dropped');
  t.equal(await store.giveBack('b', first.end, 5), false, 'a key that was not counted');
  await client.set('mldsa:limit:c', 'text', 'PX', 60_000);
  t.equal(await store.giveBack('c', Date.now() + 60_000, 5), false, 'a value that is not a count');
});
