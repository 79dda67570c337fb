/** Tests of the native engine alone: memory, threads and the addon file. `engines.test.ts` tests every engine. */

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js';
import t from 'tap';
import { unavailableReason } from '../../../src/algorithms/ml-dsa/engines.ts';
import { ML_DSA_PARAMETER_SETS } from '../../../src/algorithms/ml-dsa/parameter-sets.ts';
import {
  createNativeEngine,
  nativeUnavailableReason,
} from '../../../src/algorithms/ml-dsa/engines/native.ts';
import { findInMemory } from '../../support/process-memory.ts';
import { runProgram, startProgram } from '../../support/children.ts';

const skip = unavailableReason('native');
const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));

t.test('a missing or invalid addon is an error that does not contain its path', async (t) => {
  t.match(nativeUnavailableReason('/no/such/file'), 'npm run build:native');
  const path = `${t.testdir({ 'ml-dsa.node': 'no addon' })}/ml-dsa.node`;
  t.equal(nativeUnavailableReason(path), undefined);
  t.throws(() => createNativeEngine(path), {
    code: 'engine-unavailable',
    message: /^The native engine cannot be loaded: the addon: /,
  });
});

t.test('the addon rejects invalid arguments', { skip }, async (t) => {
  const addon = createRequire(import.meta.url)('../../../native/build/ml-dsa.node');
  const octets = new Uint8Array(32);
  const key = await addon.importKey('ml-dsa-44', octets);
  const expanded = await addon.importKey('ml-dsa-65', ml_dsa65.keygen(octets).secretKey);
  const destroyed = await addon.generateKey('ml-dsa-44');
  addon.destroy(destroyed);
  const calls: readonly (readonly [string, ...unknown[]])[] = [
    ['generateKey'],
    ['generateKey', 44],
    ['generateKey', 'ml-dsa-44 and so on'],
    ['importKey', 'ml-dsa-44'],
    ['importKey', 'ml-dsa-44', 'octets'],
    ['importKey', 'ml-dsa-44', octets.buffer],
    ['importKey', 'ml-dsa-44', new Uint16Array(16)],
    ['sign', key, octets],
    ['sign', {}, octets, octets],
    ['sign', undefined, octets, octets],
    ['sign', createRequire, octets, octets],
    ['sign', destroyed, octets, octets],
    ['signVerified', key, octets],
    ['signVerified', destroyed, octets, octets],
    ['verify', 'ml-dsa-44', octets, octets, octets],
    ['publicKey', destroyed],
    ['publicKey', octets],
    ['seed', destroyed],
    ['seed', expanded],
    ['destroy', undefined],
  ];
  for (const [name, ...given] of calls) t.throws(() => addon[name](...given), TypeError, name);
  for (const length of [0, 31, 33, 4032])
    await t.rejects(addon.importKey('ml-dsa-44', new Uint8Array(length)), /AWS-LC/, `${length} octets`);
  t.equal((await addon.sign(key, octets, octets)).length, 2420, 'valid calls work after all that');
});

t.test('10,000 keys exist at once, each with its own signature', { skip }, async (t) => {
  const engine = createNativeEngine();
  const before = process.memoryUsage.rss();
  const keys = await Promise.all(
    Array.from({ length: 10_000 }, (_, i) => engine.generateKey(ML_DSA_PARAMETER_SETS[i % 3] ?? 'ml-dsa-44')),
  );
  t.equal(new Set(keys.map(({ publicKey }) => Buffer.from(publicKey).toString('latin1'))).size, 10_000);
  const message = new Uint8Array(1);
  const signatures = await Promise.all(keys.map((key) => engine.sign(key, message)));
  for (let i = 0; i < keys.length; i += 101) {
    const [key, signature] = [keys[i], signatures[i]];
    t.ok(key && signature && (await engine.verify(key.parameterSet, key.publicKey, message, signature)));
  }
  t.comment(`10,000 keys: ${Math.round((process.memoryUsage.rss() - before) / 1e6)} MB resident`);
  for (const key of keys) key.destroy();
});

t.test('threads and the process can end during their work without a crash', { skip }, async (t) => {
  const ended = await runProgram(t, process.execPath, [fixture('native-threads.ts')]);
  t.equal(ended.code, 0);
  t.equal(ended.stdout, '8 threads have ended');
});

t.test(
  'a private key leaves the memory when it is destroyed or collected',
  {
    skip: skip ?? (process.platform !== 'linux' && 'only Linux shows the memory of a process'),
  },
  async (t) => {
    const seed = randomBytes(32);
    const sk = Buffer.from(ml_dsa65.keygen(seed).secretKey);
    // K and the beginning of s1 (FIPS 204 algorithm 24)
    const secrets = [seed, sk.subarray(32, 64), sk.subarray(128, 160)];
    const holder = startProgram(t, process.execPath, ['--expose-gc', fixture('native-key.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const foundAfter = async (line: string): Promise<number> => {
      holder.stdin.write(`${line}\n`);
      await once(holder.stdout, 'data');
      return findInMemory(holder.pid ?? 0, secrets).size;
    };
    t.equal(await foundAfter(seed.toString('hex')), 3, 'the key is found in memory while it is in use');
    t.equal(await foundAfter('destroy'), 0);
    t.equal(
      await foundAfter(seed.toString('hex')),
      3,
      'the second key is found in memory while it is in use',
    );
    t.equal(await foundAfter('collect'), 0);
  },
);
