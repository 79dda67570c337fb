import * as crypto from 'node:crypto';
import { promisify } from 'node:util';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';
import { promisified, sign, verify, type KeyPair } from '../../src/algorithms/async-crypto.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void;

const [publicKey, privateKey] = await promisified<KeyPair>((done) =>
  crypto.generateKeyPair('ml-dsa-44', undefined, done),
);

t.test('a job resolves with its result, or rejects with the error', async (t) => {
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

/** Returns how many octets of the signed data stay in memory after a collection of the young generation. */
async function octetsThatStay(signData: (data: Buffer) => Promise<unknown>): Promise<number> {
  const external = (): number => getHeapStatistics().external_memory;
  collect({ type: 'minor' });
  const before = external();
  for (let i = 0; i < JOBS; i++) await signData(Buffer.allocUnsafeSlow(LENGTH));
  for (let i = 0; i < 3; i++) collect({ type: 'minor' });
  return external() - before;
}

t.test('signed data leaves the memory with the young generation, without a full collection', async (t) => {
  const own = await octetsThatStay((data) => sign(null, data, privateKey));
  t.ok(own < (JOBS * LENGTH) / 10, `${own} octets stay in memory`);
  const promisified = promisify(crypto.sign);
  const others = await octetsThatStay((data) => promisified(null, data, privateKey));
  t.ok(
    others > (JOBS * LENGTH) / 2,
    `with promisify ${others} octets stay in memory: otherwise promisify would suffice`,
  );
});
