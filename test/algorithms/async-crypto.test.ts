import * as crypto from 'node:crypto';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';
import { promisified, sign, verify, type KeyPair } from '../../src/algorithms/async-crypto.ts';

setFlagsFromString('--expose-gc');
// No full garbage collection while the process waits, which it does on a busy machine
setFlagsFromString('--no-memory-reducer');
const collect = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void;

const [publicKey, privateKey] = await promisified<KeyPair>((done) =>
  crypto.generateKeyPair('ml-dsa-44', undefined, done),
);

t.test('a job resolves with its result, or rejects with its error', async (t) => {
  const data = Buffer.from('data');
  const signature = await sign(null, data, privateKey);
  t.ok(crypto.verify(null, data, publicKey, signature));
  t.ok(await verify(null, data, publicKey, signature));
  t.notOk(await verify(null, Buffer.from('date'), publicKey, signature));
  await t.rejects(sign('no-digest', data, privateKey), { code: /^ERR_/ });
  await t.rejects(sign(null, data, publicKey), { code: /^ERR_/ });
});

const JOBS = 100;
const LENGTH = 100_000;

const isFull = (detail: unknown): boolean =>
  (detail as { readonly kind: number }).kind === constants.NODE_PERFORMANCE_GC_MAJOR;

let fullCollections = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if ('detail' in entry && isFull(entry.detail)) fullCollections += 1;
}).observe({ entryTypes: ['gc'] });

/** Measures again while a full garbage collection came in between, as it does on a busy machine. */
async function octetsThatStay(signData: (data: Buffer) => Promise<unknown>): Promise<number> {
  for (;;) {
    const before = fullCollections;
    const octets = await measured(signData);
    // The observer is called after the next turn of the event loop
    for (let i = 0; i < 3; i++) await setImmediate();
    if (fullCollections === before) return octets;
  }
}

/** Returns how many octets of the signed data are still allocated after garbage collections of the young generation. */
async function measured(signData: (data: Buffer) => Promise<unknown>): Promise<number> {
  const external = (): number => getHeapStatistics().external_memory;
  collect({ type: 'minor' });
  const before = external();
  for (let i = 0; i < JOBS; i++) await signData(Buffer.allocUnsafeSlow(LENGTH));
  for (let i = 0; i < 3; i++) collect({ type: 'minor' });
  return external() - before;
}

t.test('signed data is freed after the request, without a full garbage collection', async (t) => {
  const own = await octetsThatStay((data) => sign(null, data, privateKey));
  t.ok(own < (JOBS * LENGTH) / 10, `${own} octets are left`);
  const promisified = promisify(crypto.sign);
  const others = await octetsThatStay((data) => promisified(null, data, privateKey));
  t.ok(
    others > (JOBS * LENGTH) / 2,
    `with promisify ${others} octets are left; otherwise it would be good enough`,
  );
});
