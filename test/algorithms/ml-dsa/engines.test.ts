import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { Engine, EngineKey } from '../../../src/algorithms/ml-dsa/engine.ts';
import { absenceOf, createEngine, ENGINE_NAMES } from '../../../src/algorithms/ml-dsa/engines.ts';
import {
  ML_DSA,
  SECURITY_LEVELS,
  SEED_LENGTH,
  type SecurityLevel,
} from '../../../src/algorithms/ml-dsa/parameter-sets.ts';
import { createWorkerPool } from '../../../src/algorithms/ml-dsa/worker-pool.ts';
import { flipBit, same } from './octets.ts';
import { keyGenVectors, rfc9881, RFC9881_SEED, sigGenVectors, sigVerVectors } from './vectors.ts';

const noble = { 'ml-dsa-44': ml_dsa44, 'ml-dsa-65': ml_dsa65, 'ml-dsa-87': ml_dsa87 };
const message = new TextEncoder().encode('to be signed');
const context = Uint8Array.of(1, 2, 3);

const pool = createWorkerPool();
t.teardown(() => pool.close());
const names = ENGINE_NAMES.filter((name) => absenceOf(name) === undefined);
const engines = await Promise.all(names.map((name) => createEngine(name, pool)));

/** Turns of the event loop until `task` is done: one, when it computes without giving way. */
async function turnsDuring(task: () => Promise<unknown>): Promise<number> {
  const progress = { turns: 0, done: false };
  const finished = task().finally(() => (progress.done = true));
  while (!progress.done) {
    await nextTurn();
    progress.turns += 1;
  }
  await finished;
  return progress.turns;
}

t.strictSame(
  engines.map(({ name }) => name),
  names,
  'every engine goes by its name in the list',
);

for (const name of ENGINE_NAMES) {
  const skip = absenceOf(name);
  if (skip !== undefined) t.test(`the ${name} engine`, { skip }, async () => {});
}

for (const engine of engines) {
  t.test(`the ${engine.name} engine agrees with the published vectors`, async (t) => {
    t.test('of key generation', (t) => agreesOnKeys(t, engine));
    t.test('of signature verification, which all have a context', (t) => agreesOnVerification(t, engine));
    t.test('of signature generation', (t) => agreesOnSignatures(t, engine));
  });
  for (const level of SECURITY_LEVELS)
    t.test(`the ${engine.name} engine, ${level}`, async (t) => {
      const key = await engine.generateKey(level);
      t.test('makes keys', (t) => makesKeys(t, engine, key));
      t.test('makes signatures that every engine verifies', (t) => isUnderstood(t, engine, key));
      t.test('refuses what was altered', (t) => refusesAlterations(t, engine, key));
      t.test('lets go of a destroyed key', (t) => forgets(t, engine, level));
      t.test('leaves the event loop free', (t) => givesWay(t, engine, key));
    });
}

async function agreesOnKeys(t: Test, engine: Engine): Promise<void> {
  for (const { level, seed, publicKey, expandedKey } of keyGenVectors()) {
    t.ok(same(await engine.publicFromSeed(level, seed), publicKey), `${level} public key of a seed`);
    const keys = await Promise.all([
      engine.importKey({ level, seed }),
      engine.importKey({ level, expandedKey }),
    ]);
    for (const key of keys) t.ok(same(key.publicKey, publicKey), `${level} imported key`);
    t.strictSame(
      keys.map((key) => key.exportSeed()?.length),
      [32, undefined],
      'only a seed gives a seed',
    );
  }
  for (const level of SECURITY_LEVELS) {
    const published = rfc9881(`${level.toUpperCase()}.pub`, ML_DSA[level].publicKeyLength);
    t.ok(same(await engine.publicFromSeed(level, RFC9881_SEED), published), `RFC 9881 ${level}`);
  }
}

async function agreesOnVerification(t: Test, engine: Engine): Promise<void> {
  for (const { level, name, valid, publicKey, message, context, signature } of sigVerVectors())
    t.equal(await engine.verify(level, publicKey, message, signature, { context }), valid, name);
}

/** Engines sign hedged: the exact signature is noble's, called directly with no randomness. */
async function agreesOnSignatures(t: Test, engine: Engine): Promise<void> {
  for (const { level, expandedKey, message, context, signature } of sigGenVectors()) {
    const key = await engine.importKey({ level, expandedKey });
    t.ok(await engine.verify(level, key.publicKey, message, signature, { context }), `${level} published`);
    const exact = noble[level].sign(message, expandedKey, { context, extraEntropy: false });
    t.ok(same(exact, signature), `${level} deterministic`);
    const own = await engine.sign(key, message, { context });
    t.ok(await engine.verify(level, key.publicKey, message, own, { context }), `${level} own`);
  }
}

async function makesKeys(t: Test, engine: Engine, key: EngineKey): Promise<void> {
  const { level, publicKey } = key;
  t.equal(publicKey.length, ML_DSA[level].publicKeyLength);
  const seed = key.exportSeed() ?? new Uint8Array();
  t.equal(seed.length, SEED_LENGTH);
  for (const other of engines)
    t.ok(
      same(await other.publicFromSeed(level, seed), publicKey),
      `its seed gives its public key, by ${other.name}`,
    );
  seed.fill(0);
  t.notOk(same(key.exportSeed() ?? seed, seed), 'the exported seed is a copy');
  t.notOk(same((await engine.generateKey(level)).publicKey, publicKey), 'no key comes twice');
  await t.rejects(engine.importKey({ level, seed: new Uint8Array(31) }), 'a seed has 32 octets');
  await t.rejects(
    engine.importKey({ level, expandedKey: new Uint8Array(ML_DSA[level].expandedKeyLength - 1) }),
    { code: 'invalid-private-key' },
    'an expanded key has the length of its level',
  );
}

async function isUnderstood(t: Test, engine: Engine, key: EngineKey): Promise<void> {
  const { level, publicKey } = key;
  for (const options of [{}, { context }]) {
    const [first, second] = await Promise.all([
      engine.sign(key, message, options),
      engine.sign(key, message, options),
    ]);
    t.equal(first.length, ML_DSA[level].signatureLength);
    t.notOk(same(first, second), 'hedged: two signatures of one message differ');
    for (const judge of engines) {
      t.ok(await judge.verify(level, publicKey, message, first, options), `${judge.name} verifies the first`);
      t.ok(
        await judge.verify(level, publicKey, message, second, options),
        `${judge.name} verifies the second`,
      );
    }
  }
  const empty = await engine.sign(key, new Uint8Array());
  t.ok(await engine.verify(level, publicKey, new Uint8Array(), empty), 'an empty message can be signed');
  await t.rejects(
    engine.sign(key, message, { context: new Uint8Array(256) }),
    'a context has at most 255 octets',
  );
}

async function refusesAlterations(t: Test, engine: Engine, key: EngineKey): Promise<void> {
  const { level, publicKey } = key;
  const signature = await engine.sign(key, message);
  const withContext = await engine.sign(key, message, { context });
  const other = level === 'ml-dsa-44' ? 'ml-dsa-65' : 'ml-dsa-44';
  const lastBit = 8 * signature.length - 1;
  const cases: Record<string, Promise<boolean>> = {
    'a message with a bit flipped': engine.verify(level, publicKey, flipBit(message, 5), signature),
    'the first bit of the signature': engine.verify(level, publicKey, message, flipBit(signature, 0)),
    'a middle bit of the signature': engine.verify(
      level,
      publicKey,
      message,
      flipBit(signature, lastBit >> 1),
    ),
    'the last bit of the signature': engine.verify(level, publicKey, message, flipBit(signature, lastBit)),
    'a public key with a bit flipped': engine.verify(level, flipBit(publicKey, 300), message, signature),
    'a signature with a context, without it': engine.verify(level, publicKey, message, withContext),
    'a signature without a context, with one': engine.verify(level, publicKey, message, signature, {
      context,
    }),
    'a short signature': engine.verify(level, publicKey, message, signature.slice(1)),
    'a long signature': engine.verify(level, publicKey, message, Buffer.concat([signature, context])),
    'an empty signature': engine.verify(level, publicKey, message, new Uint8Array()),
    'a short public key': engine.verify(level, publicKey.slice(1), message, signature),
    'an empty public key': engine.verify(level, new Uint8Array(), message, signature),
    'another level': engine.verify(other, publicKey, message, signature),
  };
  t.ok(await engine.verify(level, publicKey, message, signature), 'the signature itself verifies');
  for (const [name, verified] of Object.entries(cases)) t.equal(await verified, false, name);
}

async function forgets(t: Test, engine: Engine, level: SecurityLevel): Promise<void> {
  const key = await engine.generateKey(level);
  const pending = engine.sign(key, message);
  key.destroy();
  t.ok(
    await engine.verify(level, key.publicKey, message, await pending),
    'a signature under way is finished',
  );
  await t.rejects(engine.sign(key, message), { message: 'this private key was destroyed' });
  t.throws(() => key.exportSeed(), { message: 'this private key was destroyed' });
  t.doesNotThrow(() => key.destroy(), 'a second time does no harm');
  const foreigner: EngineKey = {
    ...key,
    level,
    publicKey: key.publicKey,
    exportSeed: () => undefined,
    destroy() {},
  };
  await t.rejects(engine.sign(foreigner, message), TypeError, 'keys of another engine are refused');
}

async function givesWay(t: Test, engine: Engine, key: EngineKey): Promise<void> {
  const tasks: Record<string, () => Promise<unknown>> = {
    'key generation': () => engine.generateKey(key.level),
    signing: () => engine.sign(key, message),
    verification: () =>
      engine.verify(key.level, key.publicKey, message, new Uint8Array(ML_DSA[key.level].signatureLength)),
  };
  for (const [name, task] of Object.entries(tasks)) {
    const fiveTimes = async () => {
      for (let i = 0; i < 5; i += 1) await task();
    };
    t.ok((await turnsDuring(fiveTimes)) > 1, name);
  }
}
