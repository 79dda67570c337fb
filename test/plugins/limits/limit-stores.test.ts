/** How requests are counted, with a clock of the test. */

import { array, assert, asyncProperty, constantFrom, integer } from 'fast-check';
import t from 'tap';
import { createBreaker } from '../../../plugins/limits/breaker.ts';
import { createMemoryStore } from '../../../plugins/limits/memory-store.ts';

/** For the stores that leave the comparison to the caller. */
const QUOTA = 5;

t.test('a window starts with the first request, and ends whatever the number of requests', async (t) => {
  let now = 0;
  const store = createMemoryStore(() => now);
  t.same(await store.increment('a', 1000, QUOTA), { current: 1, ttl: 1000, end: 1000 });
  now = 400;
  t.same(await store.increment('a', 1000, QUOTA), { current: 2, ttl: 600, end: 1000 });
  t.same(
    await store.increment('b', 1000, QUOTA),
    { current: 1, ttl: 1000, end: 1400 },
    'another key has its own',
  );
  now = 999;
  for (let i = 0; i < 1000; i++) await store.increment('a', 1000, QUOTA);
  t.same(await store.read('a', 1000), { current: 1002, ttl: 1 });
  t.same(await store.read('a', 1000), { current: 1002, ttl: 1 }, 'reading does not count');
  now = 1000;
  t.same(await store.read('a', 1000), { current: 0, ttl: 1000 });
  t.same(await store.increment('a', 1000, QUOTA), { current: 1, ttl: 1000, end: 2000 });
});

t.test('memory is bounded: the least recently counted key is dropped', async (t) => {
  const store = createMemoryStore(() => 0, 3);
  for (const key of ['a', 'b', 'c', 'a', 'd']) await store.increment(key, 1000, QUOTA);
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
      t.ok(breaker.allows(), 'the store is called');
      breaker.failed();
      t.ok(breaker.isTripped, 'the last call failed');
      t.notOk(breaker.allows(), 'the store is not called in the pause after a failure');
    };
    fail();
    now += 100;
    fail();
    now += 100;
    fail();
    now += 4999;
    t.notOk(breaker.allows(), 'the store is not called in the pause');
    now += 1;
    t.ok(breaker.allows(), 'the store is called after the pause');
    t.notOk(breaker.allows(), 'one tries, and the others do not wait for it');
    breaker.failed();
    now += 5000;
    t.ok(breaker.allows(), 'the store is called again');
    breaker.succeeded();
    t.notOk(breaker.isTripped, 'the last call succeeded');
    t.ok(breaker.allows(), 'after a success every request calls the store');
    t.ok(breaker.allows(), 'and the next one too');
  },
);

t.test('a request is taken back from its own window and from no other', async (t) => {
  let now = 0;
  const store = createMemoryStore(() => now);
  const first = await store.increment('a', 1000, QUOTA);
  await store.increment('a', 1000, QUOTA);
  t.equal(await store.giveBack('a', first.end, 5), true);
  t.same(await store.read('a', 1000), { current: 1, ttl: 1000 });
  t.equal(await store.giveBack('b', first.end, 5), false, 'a key that was not counted');
  now = 1000;
  t.equal(await store.giveBack('a', first.end, 5), false, 'the window has ended');
  const second = await store.increment('a', 1000, QUOTA);
  t.equal(await store.giveBack('a', first.end, 5), false, 'another window runs');
  t.same(await store.read('a', 1000), { current: 1, ttl: 1000 });
  t.equal(await store.giveBack('a', second.end, 5), true);
});

t.test('however requests are mixed, the served ones never exceed the quota, and none is lost', async (t) => {
  const arrival = constantFrom('arrives', 'is valid', 'is invalid');
  const property = assert(
    asyncProperty(
      array(arrival, { minLength: 5, maxLength: 60 }),
      integer({ min: 1, max: 5 }),
      async (steps, quota) => {
        const store = createMemoryStore(() => 0);
        const waiting: number[] = [];
        let served = 0;
        for (const step of steps) {
          if (step === 'arrives') {
            const { current, end } = await store.increment('a', 1000, QUOTA);
            if (current <= quota) waiting.push(end);
          } else {
            const end = waiting.shift();
            if (end === undefined) continue;
            if (step === 'is valid') served += 1;
            else await store.giveBack('a', end, quota);
          }
          if (served + waiting.length > quota) return false;
        }
        const { current } = await store.read('a', 1000);
        return Math.min(current, quota) === served + waiting.length;
      },
    ),
  );
  await t.resolves(property, 'in 100 mixtures');
});
