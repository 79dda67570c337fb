/** How requests are counted, with a clock of the test. */

import t from 'tap';
import { createBreaker } from '../../../plugins/limits/breaker.ts';
import { createMemoryStore } from '../../../plugins/limits/memory-store.ts';

t.test('a window starts with the first request, and ends whatever the number of requests', async (t) => {
  let now = 0;
  const store = createMemoryStore(() => now);
  t.same(await store.increment('a', 1000), { current: 1, ttl: 1000 });
  now = 400;
  t.same(await store.increment('a', 1000), { current: 2, ttl: 600 });
  t.same(await store.increment('b', 1000), { current: 1, ttl: 1000 }, 'another key has its own');
  now = 999;
  for (let i = 0; i < 1000; i++) await store.increment('a', 1000);
  t.same(await store.read('a', 1000), { current: 1002, ttl: 1 });
  t.same(await store.read('a', 1000), { current: 1002, ttl: 1 }, 'reading does not count');
  now = 1000;
  t.same(await store.read('a', 1000), { current: 0, ttl: 1000 });
  t.same(await store.increment('a', 1000), { current: 1, ttl: 1000 });
});

t.test('memory is bounded: the least recently counted key is dropped', async (t) => {
  const store = createMemoryStore(() => 0, 3);
  for (const key of ['a', 'b', 'c', 'a', 'd']) await store.increment(key, 1000);
  const counts = await Promise.all(['a', 'b', 'c', 'd'].map((key) => store.read(key, 1000)));
  t.same(
    counts.map(({ current }) => current),
    [2, 0, 1, 1],
  );
});

t.test(
  'after a failure the store is not called for a moment, after three not for five seconds',
  async (t) => {
    let now = 0;
    const breaker = createBreaker(() => now);
    const fail = (): void => {
      t.ok(breaker.allows());
      breaker.failed();
      t.ok(breaker.isTripped);
      t.notOk(breaker.allows());
    };
    fail();
    now += 100;
    fail();
    now += 100;
    fail();
    now += 4999;
    t.notOk(breaker.allows());
    now += 1;
    t.ok(breaker.allows());
    t.notOk(breaker.allows(), 'one tries, and the others do not wait for it');
    breaker.failed();
    now += 5000;
    t.ok(breaker.allows());
    breaker.succeeded();
    t.notOk(breaker.isTripped);
    t.ok(breaker.allows());
    t.ok(breaker.allows());
  },
);
