import { join } from 'node:path';
import t from 'tap';
import { createWorkerPool, type WorkerPool } from '../../src/base/worker-pool.ts';
import { plainNode } from '../support/plain-node.ts';
import type { OddTasks } from './fixtures/odd-worker.ts';

type OddPool = WorkerPool<OddTasks>;

const fixture = (name: string): URL => new URL(`./fixtures/${name}`, import.meta.url);
const SUBJECT = { subject: 'The odd pool', code: 'engine-unavailable' } as const;

function oddPool(size: number, entry = 'odd-worker.ts'): OddPool {
  const pool = createWorkerPool<OddTasks>({ ...SUBJECT, size, entry: fixture(entry) });
  t.teardown(() => pool.close());
  return pool;
}

/** Returns the number of the thread that ran the task. */
const work = async (pool: OddPool): Promise<number> => (await pool.run('work', {})).threadId;

const unavailable = (message: RegExp) => ({ name: 'PkiError', code: 'engine-unavailable', message });
const LOST = unavailable(/^The odd pool lost a thread during the task; try again$/);

for (const [task, cause] of [
  ['exit', undefined],
  ['returnFunction', { stack: /could not be cloned/ }],
] as const)
  t.test(`a thread that ends during a task (${task}) fails that task, and no other`, async (t) => {
    const pool = oddPool(1);
    const first = await work(pool);
    const ending = pool.run(task, {});
    const waiting = work(pool);
    await t.rejects(ending, { ...LOST, cause });
    t.not(await waiting, first, 'the next task runs on another thread');
    t.equal(await work(pool), await waiting, 'that thread continues');
  });

t.test('a thread that cannot start fails one task each time, and never hangs', async (t) => {
  const pool = oddPool(1, 'no-such-file.ts');
  await t.rejects(work(pool), LOST);
  await t.rejects(work(pool), LOST);
});

t.test('there are never more threads than the size, and idle ones are used again', async (t) => {
  const pool = oddPool(2);
  const threads = await Promise.all(Array.from({ length: 20 }, () => work(pool)));
  t.ok(new Set(threads).size <= 2);
  t.ok(threads.includes(await work(pool)));
});

t.test('closing rejects the current, the waiting and the later tasks', async (t) => {
  const pool = oddPool(1);
  const rejected = Promise.all([
    t.rejects(pool.run('hang', {}), LOST),
    t.rejects(work(pool), unavailable(/^The odd pool was closed before the task was finished$/)),
  ]);
  await pool.close();
  await rejected;
  await t.rejects(work(pool), unavailable(/^The odd pool is closed$/));
  await t.resolves(pool.close(), 'it can be closed again');
});

t.test('a thread gets a copy of the octets, and zeroes it after the task', async (t) => {
  const pool = oddPool(1);
  const whole = Uint8Array.from({ length: 96 }, (_, i) => i);
  const octets = whole.subarray(32, 64);
  const running = pool.run('keep', { octets });
  octets.fill(0);
  t.strictSame(
    (await running).octets,
    Uint8Array.from({ length: 32 }, (_, i) => i + 32),
    'the octets are read at the call',
  );
  t.strictSame([whole[31], whole[64]], [31, 64], 'the octets around them are unchanged');
  t.strictSame((await pool.run('kept', {})).octets, new Uint8Array(32), 'the copy in the thread is zeroed');
});

t.test('an output may consist of several views of one buffer', async (t) => {
  t.strictSame(await oddPool(1).run('halves', { octets: Uint8Array.of(1, 2, 3) }), {
    first: Uint8Array.of(1),
    second: Uint8Array.of(2, 3),
  });
});

t.test('an error of a task arrives with the same class and code, and the thread continues', async (t) => {
  const pool = oddPool(1);
  const thread = await work(pool);
  const refusal = await pool.run('refuse', {}).catch((error: unknown) => error);
  t.match(refusal, {
    name: 'PkiError',
    code: 'invalid-private-key',
    message: 'The key must be a key',
    path: ['key'],
  });
  const bug = await pool.run('fail', {}).catch((error: unknown) => error);
  t.match(bug, { name: 'RangeError', message: 'a bug', code: undefined }, 'a bug is no PkiError');
  t.equal(await work(pool), thread);
});

t.test('closing keeps the process alive until a thread whose reply has arrived has ended', async (t) => {
  const program = `
    import { createWorkerPool } from ${JSON.stringify(import.meta.resolve('../../src/base/worker-pool.ts'))};
    const entry = new URL(${JSON.stringify(fixture('odd-worker.ts').href)});
    const pool = createWorkerPool({ subject: 'The odd pool', code: 'engine-unavailable', size: 1, entry });
    await pool.run('work', {});
    const last = pool.run('work', {});
    // Meanwhile the reply arrives; it is read after the thread was told to end.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    await pool.close();
    console.log('closed');
    await last.catch(() => undefined);`;
  const { code, stdout, stderr } = await plainNode(t, [
    join(t.testdir({ 'close.mjs': program }), 'close.mjs'),
  ]);
  t.same([code, stdout], [0, 'closed\n'], stderr);
});
