import { fileURLToPath } from 'node:url';
import t from 'tap';
import { runProgram } from '../support/children.ts';
import { createNobleEngine } from '../../src/algorithms/noble-engine.ts';
import { createWorkerPool, type WorkerPool } from '../../src/algorithms/worker-pool.ts';

const fixture = (name: string): URL => new URL(`./fixtures/${name}`, import.meta.url);

function oddPool(size: number): WorkerPool {
  const pool = createWorkerPool({ size, entry: fixture('odd-worker.ts') });
  t.teardown(() => pool.close());
  return pool;
}

/** Answers the number of the thread that obeyed. */
async function give(pool: WorkerPool, order: string): Promise<number | undefined> {
  const none = new Uint8Array();
  const message = new TextEncoder().encode(order);
  const { signature } = await pool.run('sign', {
    level: 'ml-dsa-44',
    expandedKey: none,
    message,
    context: none,
  });
  return signature[0];
}

const unavailable = { name: 'PkiError', code: 'engine-unavailable' };

for (const [order, cause] of Object.entries({
  exit: undefined,
  throw: { message: 'thrown in the thread' },
}))
  t.test(`a thread that dies (${order}) costs the request it was at, and no other`, async (t) => {
    const pool = oddPool(1);
    const first = await give(pool, 'work');
    const dying = give(pool, order);
    const waiting = give(pool, 'work');
    await t.rejects(dying, { ...unavailable, cause });
    t.not(await waiting, first, 'the next request got another thread');
    t.equal(await give(pool, 'work'), await waiting, 'which stays');
  });

t.test('a thread that cannot start costs one request each time, and never hangs', async (t) => {
  const pool = createWorkerPool({ size: 1, entry: fixture('no-such-file.ts') });
  await t.rejects(give(pool, 'work'), unavailable);
  await t.rejects(give(pool, 'work'), unavailable);
  await pool.close();
});

t.test('there are never more threads than the size, and idle ones are used again', async (t) => {
  const pool = oddPool(2);
  const threads = await Promise.all(Array.from({ length: 20 }, () => give(pool, 'work')));
  t.equal(new Set(threads).size, 2);
  t.ok(threads.includes(await give(pool, 'work')));
});

t.test('closing rejects what is under way, what waits and what comes', async (t) => {
  const pool = oddPool(1);
  const requests = [give(pool, 'hang'), give(pool, 'work')];
  const rejected = Promise.all(requests.map((request) => t.rejects(request, unavailable)));
  await pool.close();
  await rejected;
  await t.rejects(give(pool, 'work'), unavailable);
  await t.resolves(pool.close(), 'a second time does no harm');
});

t.test('the octets that are given stay the caller’s', async (t) => {
  const pool = createWorkerPool({ size: 1 });
  t.teardown(() => pool.close());
  const whole = Uint8Array.from({ length: 96 }, (_, i) => i);
  const seed = whole.subarray(32, 64);
  const given = pool.run('expand', { level: 'ml-dsa-44', seed });
  seed.fill(0);
  const { publicKey } = await given;
  const expected = await pool.run('expand', {
    level: 'ml-dsa-44',
    seed: Uint8Array.from({ length: 32 }, (_, i) => i + 32),
  });
  t.strictSame(publicKey, expected.publicKey, 'they are read at the call');
  t.strictSame([whole[31], whole[64]], [31, 64], 'and what lies around them stays as it was');
});

t.test('a fault of a task is an error, and the thread lives on', async (t) => {
  const pool = createWorkerPool({ size: 1 });
  t.teardown(() => pool.close());
  const engine = createNobleEngine(pool);
  const error = await engine.publicFromSeed('ml-dsa-44', new Uint8Array(31)).catch((error: unknown) => error);
  t.match(error, { name: 'Error', code: undefined }, 'a bug has no code for callers');
  t.equal((await engine.publicFromSeed('ml-dsa-44', new Uint8Array(32))).length, 1312);
});

t.test('an idle pool does not keep the process alive', async (t) => {
  const { stdout } = await runProgram(t, process.execPath, [fileURLToPath(fixture('unclosed-pool.ts'))]);
  t.equal(stdout, '1312\n');
});
