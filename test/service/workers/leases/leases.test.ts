/** The workers of one service never admit more than a quota together, and no less while all of them run. */

import { array, assert, asyncProperty, constantFrom, integer, record } from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import t from 'tap';
import { createMemoryStore } from '../../../../plugins/limits/memory-store.ts';
import { LeaseBook, type Lessee } from '../../../../service/workers/leases/lease-book.ts';
import { LeasedCounts } from '../../../../service/workers/leases/leased-counts.ts';

const WINDOW = 1000;
const KEY = 'hour:a';

interface Team {
  readonly workers: readonly LeasedCounts[];
  readonly time: { now: number };
  /** Calls of the primary. */
  readonly calls: { leases: number; recalls: number };
  /** The worker responds no more. */
  readonly end: (index: number) => void;
}

/** A primary and its workers, with messages that arrive a turn later. */
function startTeam(count: number): Team {
  const time = { now: 0 };
  const calls = { leases: 0, recalls: 0 };
  const clock = (): number => time.now;
  const lessees = new Set<Lessee>();
  const book = new LeaseBook(() => lessees, createMemoryStore(clock));
  const members = Array.from({ length: count }, () => {
    let isRunning = true;
    const lessee: Lessee = {
      async recall(window) {
        calls.recalls += 1;
        await nextTurn();
        if (!isRunning) throw new Error('ended');
        return counts.recall(window);
      },
      noteFull: (window) => counts.noteFull(window),
    };
    const counts = new LeasedCounts(
      {
        async lease(request) {
          calls.leases += 1;
          await nextTurn();
          const lease = await book.lease(lessee, request);
          await nextTurn();
          return lease;
        },
        putBack: async (returned) => book.putBack(returned),
      },
      clock,
    );
    lessees.add(lessee);
    return { counts, end: () => void (isRunning = false) };
  });
  return {
    workers: members.map(({ counts }) => counts),
    time,
    calls,
    end: (index) => members[index]?.end(),
  };
}

const isAdmitted = async (worker: LeasedCounts | undefined, quota: number): Promise<boolean> =>
  ((await worker?.increment(KEY, WINDOW, quota))?.current ?? Infinity) <= quota;

t.test('one after another, exactly the quota is admitted, whichever workers get the requests', async (t) => {
  const property = asyncProperty(
    array(integer({ min: 0, max: 3 }), { maxLength: 300 }),
    integer({ min: 1, max: 150 }),
    async (targets, quota) => {
      const { workers } = startTeam(4);
      let admitted = 0;
      for (const target of targets) if (await isAdmitted(workers[target], quota)) admitted += 1;
      return admitted === Math.min(quota, targets.length);
    },
  );
  await t.resolves(assert(property, { numRuns: 60 }), '60 sequences');
});

t.test('at the same time, at most the quota is admitted, and all of it in the end', async (t) => {
  const property = asyncProperty(
    array(array(integer({ min: 0, max: 2 }), { maxLength: 40 }), { maxLength: 8 }),
    integer({ min: 1, max: 200 }),
    async (bursts, quota) => {
      const { workers } = startTeam(3);
      let admitted = 0;
      const ask = async (target: number): Promise<void> => {
        if (await isAdmitted(workers[target], quota)) admitted += 1;
      };
      for (const burst of bursts) await Promise.all(burst.map(ask));
      if (admitted > quota) return false;
      for (let i = 0; i < quota; i++) await ask(i % 3);
      return admitted === quota;
    },
  );
  await t.resolves(assert(property, { numRuns: 100 }), '100 sequences');
});

t.test(
  'workers that end, requests that are taken back and windows that end never add to a quota',
  async (t) => {
    const step = record({
      kind: constantFrom('asks', 'asks', 'asks', 'asks', 'takes back', 'ends', 'waits'),
      worker: integer({ min: 0, max: 2 }),
    });
    const property = asyncProperty(
      array(step, { maxLength: 200 }),
      integer({ min: 1, max: 60 }),
      async (steps, quota) => {
        const { workers, time, end } = startTeam(3);
        /** Requests of each window that were served, by its end. */
        const served = new Map<number, number>();
        let last: readonly [worker: number, end: number] | undefined;
        const running = new Set([0, 1, 2]);
        for (const { kind, worker } of steps) {
          if (kind === 'ends') {
            end(worker);
            running.delete(worker);
          }
          if (kind === 'waits') time.now += WINDOW / 4;
          if (kind === 'asks' && running.has(worker)) {
            const counted = await workers[worker]?.increment(KEY, WINDOW, quota);
            if (counted === undefined || counted.current > quota) continue;
            served.set(counted.end, (served.get(counted.end) ?? 0) + 1);
            last = [worker, counted.end];
          }
          if (kind === 'takes back' && last !== undefined) {
            const [holder, window] = last;
            last = undefined;
            if (running.has(holder) && (await workers[holder]?.giveBack(KEY, window, quota)) === true)
              served.set(window, (served.get(window) ?? 0) - 1);
          }
        }
        return [...served.values()].every((count) => count <= quota);
      },
    );
    await t.resolves(assert(property, { numRuns: 200 }), '200 sequences');
  },
);

t.test('most requests need no call, and near the quota each needs one', async (t) => {
  const { workers, calls } = startTeam(2);
  for (let i = 0; i < 500; i++) t.ok(await isAdmitted(workers[i % 2], 1000));
  t.comment(`500 of 1000 requests with ${calls.leases} calls`);
  t.ok(calls.leases < 25);
  t.equal(calls.recalls, 0);
});

t.test('units that another worker does not use are taken back once', async (t) => {
  const { workers, calls } = startTeam(2);
  await isAdmitted(workers[0], 100);
  for (let i = 0; i < 99; i++) t.ok(await isAdmitted(workers[1], 100), `request ${i + 2}`);
  t.ok(calls.recalls > 0);
  const { recalls } = calls;
  for (const worker of [...workers, ...workers]) t.notOk(await isAdmitted(worker, 100));
  t.equal(calls.recalls, recalls, 'a full window is not asked for again');
});

t.test('every worker knows a full window, until it ends', async (t) => {
  const { workers, time } = startTeam(2);
  for (let i = 0; i < 19; i++) await workers[0]?.increment(KEY, WINDOW, 20);
  t.equal((await workers[1]?.read(KEY, WINDOW))?.current, 0, 'a count below the quota is not told');
  const counted = await workers[0]?.increment(KEY, WINDOW, 20);
  t.same(await workers[1]?.read(KEY, WINDOW), { current: 20, ttl: WINDOW });
  await workers[1]?.giveBack(KEY, counted?.end ?? 0, 20);
  t.equal((await workers[1]?.read(KEY, WINDOW))?.current, 0, 'a request was taken back');
  await workers[0]?.increment(KEY, WINDOW, 20);
  time.now = WINDOW;
  t.equal((await workers[1]?.read(KEY, WINDOW))?.current, 0, 'the window has ended');
});

t.test('requests fail while the primary does not respond, and are served when it does', async (t) => {
  let responds = false;
  const counts = new LeasedCounts(
    {
      async lease({ needed }) {
        await nextTurn();
        if (!responds) throw new Error('no response');
        return { first: 1, units: needed, ttl: WINDOW, end: WINDOW };
      },
      putBack: async () => false,
    },
    () => 0,
  );
  const ask = () => counts.increment(KEY, WINDOW, 9);
  const results = await Promise.allSettled([ask(), ask()]);
  t.same(
    results.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  responds = true;
  t.equal((await ask()).current, 1);
});

t.test('a worker that starts gets the full windows that still run', async (t) => {
  let now = 0;
  const lessee: Lessee = { recall: async () => 0, noteFull() {} };
  const book = new LeaseBook(
    () => new Set([lessee]),
    createMemoryStore(() => now),
  );
  await book.lease(lessee, { key: KEY, window: WINDOW, quota: 1, needed: 1 });
  t.same(book.fullWindows(), [{ key: KEY, current: 1, ttl: WINDOW }]);
  now = WINDOW;
  t.same(book.fullWindows(), []);
});

t.test('a worker that ends while it waits does not use up the window', async (t) => {
  const lessee: Lessee = { recall: async () => 0, noteFull() {} };
  const book = new LeaseBook(
    () => new Set(),
    createMemoryStore(() => 0),
  );
  const { units } = await book.lease(lessee, { key: KEY, window: WINDOW, quota: 100, needed: 1 });
  t.ok(units < 100, `${units} units`);
});
