import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { Engine, EngineKey } from '../../../src/algorithms/ml-dsa/engine.ts';
import { unavailableReason, createEngine, ENGINE_NAMES } from '../../../src/algorithms/ml-dsa/engines.ts';
import { ADDON, createNativeEngine } from '../../../src/algorithms/ml-dsa/engines/native.ts';
import {
  ML_DSA,
  ML_DSA_PARAMETER_SETS,
  SEED_LENGTH,
  type MlDsaParameterSetName,
} from '../../../src/algorithms/ml-dsa/parameter-sets.ts';
import { createNoblePool } from '../../../src/algorithms/ml-dsa/noble-pool.ts';
import { flipBit, same } from './octets.ts';
import { keyGenVectors, rfc9881, RFC9881_SEED, sigGenVectors, sigVerVectors } from './vectors.ts';

const noble = { 'ml-dsa-44': ml_dsa44, 'ml-dsa-65': ml_dsa65, 'ml-dsa-87': ml_dsa87 };
const message = new TextEncoder().encode('to be signed');
const context = Uint8Array.of(1, 2, 3);

const pool = createNoblePool();
t.teardown(() => pool.close());
const names = ENGINE_NAMES.filter((name) => unavailableReason(name) === undefined);
const engines = await Promise.all(names.map((name) => createEngine(name, pool)));

/** Returns the number of turns of the event loop until `task` ends; it is one if the task blocks the event loop. */
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
  'every engine has its name in the list',
);
// On a processor with AVX2 the engine uses another addon.
if (names.includes('native')) engines.push(createNativeEngine(ADDON));

for (const name of ENGINE_NAMES) {
  const skip = unavailableReason(name);
  if (skip !== undefined) t.test(`the ${name} engine`, { skip }, async () => {});
}

for (const engine of engines) {
  t.test(`the ${engine.name} engine agrees with the published vectors`, async (t) => {
    t.test('of key generation', (t) => agreesOnKeys(t, engine));
    t.test('of signature verification, which all have a context', (t) => agreesOnVerification(t, engine));
    t.test('of signature generation', (t) => agreesOnSignatures(t, engine));
  });
  for (const parameterSet of ML_DSA_PARAMETER_SETS)
    t.test(`the ${engine.name} engine, ${parameterSet}`, async (t) => {
      const key = await engine.generateKey(parameterSet);
      t.test('makes keys', (t) => makesKeys(t, engine, key));
      t.test('makes signatures that every engine verifies', (t) => interoperates(t, engine, key));
      t.test('rejects changed input', (t) => rejectsChanges(t, engine, key));
      t.test('forgets a destroyed key', (t) => forgets(t, engine, parameterSet));
      t.test('does not block the event loop', (t) => staysAsynchronous(t, engine, key));
    });
}

async function agreesOnKeys(t: Test, engine: Engine): Promise<void> {
  for (const { parameterSet, seed, publicKey, expandedKey } of keyGenVectors()) {
    t.ok(
      same(await engine.publicFromSeed(parameterSet, seed), publicKey),
      `${parameterSet} public key of a seed`,
    );
    const keys = await Promise.all([
      engine.importKey({ parameterSet, seed }),
      engine.importKey({ parameterSet, expandedKey }),
    ]);
    for (const key of keys) t.ok(same(key.publicKey, publicKey), `${parameterSet} imported key`);
    t.strictSame(
      keys.map((key) => key.exportSeed()?.length),
      [32, undefined],
      'only a key from a seed exports a seed',
    );
  }
  for (const parameterSet of ML_DSA_PARAMETER_SETS) {
    const published = rfc9881(`${parameterSet.toUpperCase()}.pub`, ML_DSA[parameterSet].publicKeyLength);
    t.ok(
      same(await engine.publicFromSeed(parameterSet, RFC9881_SEED), published),
      `RFC 9881 ${parameterSet}`,
    );
  }
}

async function agreesOnVerification(t: Test, engine: Engine): Promise<void> {
  for (const { parameterSet, name, valid, publicKey, message, context, signature } of sigVerVectors())
    t.equal(await engine.verify(parameterSet, publicKey, message, signature, { context }), valid, name);
}

/** Engines sign hedged, so the published signature is compared with noble's, called without randomness. */
async function agreesOnSignatures(t: Test, engine: Engine): Promise<void> {
  for (const { parameterSet, expandedKey, message, context, signature } of sigGenVectors()) {
    const key = await engine.importKey({ parameterSet, expandedKey });
    t.ok(
      await engine.verify(parameterSet, key.publicKey, message, signature, { context }),
      `${parameterSet} published`,
    );
    const exact = noble[parameterSet].sign(message, expandedKey, { context, extraEntropy: false });
    t.ok(same(exact, signature), `${parameterSet} deterministic`);
    const own = await engine.sign(key, message, { context });
    t.ok(await engine.verify(parameterSet, key.publicKey, message, own, { context }), `${parameterSet} own`);
  }
}

async function makesKeys(t: Test, engine: Engine, key: EngineKey): Promise<void> {
  const { parameterSet, publicKey } = key;
  t.equal(publicKey.length, ML_DSA[parameterSet].publicKeyLength);
  const seed = key.exportSeed() ?? new Uint8Array();
  t.equal(seed.length, SEED_LENGTH);
  for (const other of engines)
    t.ok(
      same(await other.publicFromSeed(parameterSet, seed), publicKey),
      `the exported seed gives the same public key with the engine ${other.name}`,
    );
  seed.fill(0);
  t.notOk(same(key.exportSeed() ?? seed, seed), 'the exported seed is a copy');
  t.notOk(same((await engine.generateKey(parameterSet)).publicKey, publicKey), 'every generated key is new');
  await t.rejects(engine.importKey({ parameterSet, seed: new Uint8Array(31) }), 'a seed has 32 octets');
  await t.rejects(
    engine.importKey({
      parameterSet,
      expandedKey: new Uint8Array(ML_DSA[parameterSet].expandedKeyLength - 1),
    }),
    { code: 'invalid-private-key' },
    'an expanded key has the length of its parameter set',
  );
}

async function interoperates(t: Test, engine: Engine, key: EngineKey): Promise<void> {
  const { parameterSet, publicKey } = key;
  for (const options of [{}, { context }]) {
    const [first, second] = await Promise.all([
      engine.sign(key, message, options),
      engine.sign(key, message, options),
    ]);
    t.equal(first.length, ML_DSA[parameterSet].signatureLength);
    t.notOk(same(first, second), 'hedged: two signatures of one message differ');
    for (const other of engines) {
      t.ok(
        await other.verify(parameterSet, publicKey, message, first, options),
        `${other.name} verifies the first`,
      );
      t.ok(
        await other.verify(parameterSet, publicKey, message, second, options),
        `${other.name} verifies the second`,
      );
    }
  }
  const empty = await engine.sign(key, new Uint8Array());
  t.ok(
    await engine.verify(parameterSet, publicKey, new Uint8Array(), empty),
    'an empty message can be signed',
  );
  await t.rejects(
    engine.sign(key, message, { context: new Uint8Array(256) }),
    'a context has at most 255 octets',
  );
}

async function rejectsChanges(t: Test, engine: Engine, key: EngineKey): Promise<void> {
  const { parameterSet, publicKey } = key;
  const signature = await engine.sign(key, message);
  const withContext = await engine.sign(key, message, { context });
  const other = parameterSet === 'ml-dsa-44' ? 'ml-dsa-65' : 'ml-dsa-44';
  const lastBit = 8 * signature.length - 1;
  const cases: Record<string, Promise<boolean>> = {
    'a message with a bit flipped': engine.verify(parameterSet, publicKey, flipBit(message, 5), signature),
    'the first bit of the signature': engine.verify(parameterSet, publicKey, message, flipBit(signature, 0)),
    'a middle bit of the signature': engine.verify(
      parameterSet,
      publicKey,
      message,
      flipBit(signature, lastBit >> 1),
    ),
    'the last bit of the signature': engine.verify(
      parameterSet,
      publicKey,
      message,
      flipBit(signature, lastBit),
    ),
    'a public key with a bit flipped': engine.verify(
      parameterSet,
      flipBit(publicKey, 300),
      message,
      signature,
    ),
    'a signature with a context, verified without it': engine.verify(
      parameterSet,
      publicKey,
      message,
      withContext,
    ),
    'a signature without a context, verified with one': engine.verify(
      parameterSet,
      publicKey,
      message,
      signature,
      {
        context,
      },
    ),
    'a short signature': engine.verify(parameterSet, publicKey, message, signature.slice(1)),
    'a long signature': engine.verify(parameterSet, publicKey, message, Buffer.concat([signature, context])),
    'an empty signature': engine.verify(parameterSet, publicKey, message, new Uint8Array()),
    'a short public key': engine.verify(parameterSet, publicKey.slice(1), message, signature),
    'an empty public key': engine.verify(parameterSet, new Uint8Array(), message, signature),
    'another parameter set': engine.verify(other, publicKey, message, signature),
  };
  t.ok(await engine.verify(parameterSet, publicKey, message, signature), 'the signature itself verifies');
  for (const [name, verified] of Object.entries(cases)) t.equal(await verified, false, name);
}

async function forgets(t: Test, engine: Engine, parameterSet: MlDsaParameterSetName): Promise<void> {
  const key = await engine.generateKey(parameterSet);
  const pending = engine.sign(key, message);
  key.destroy();
  t.ok(
    await engine.verify(parameterSet, key.publicKey, message, await pending),
    'a running signature is finished',
  );
  await t.rejects(engine.sign(key, message), { message: 'The private key was destroyed' });
  t.throws(() => key.exportSeed(), { message: 'The private key was destroyed' });
  t.doesNotThrow(() => key.destroy(), 'destroying a key twice is harmless');
  const foreigner: EngineKey = {
    ...key,
    parameterSet,
    publicKey: key.publicKey,
    exportSeed: () => undefined,
    destroy() {},
  };
  await t.rejects(engine.sign(foreigner, message), TypeError, 'a key of another engine is refused');
}

async function staysAsynchronous(t: Test, engine: Engine, key: EngineKey): Promise<void> {
  const tasks: Record<string, () => Promise<unknown>> = {
    'key generation': () => engine.generateKey(key.parameterSet),
    signing: () => engine.sign(key, message),
    verification: () =>
      engine.verify(
        key.parameterSet,
        key.publicKey,
        message,
        new Uint8Array(ML_DSA[key.parameterSet].signatureLength),
      ),
  };
  for (const [name, task] of Object.entries(tasks)) {
    const fiveTimes = async () => {
      for (let i = 0; i < 5; i += 1) await task();
    };
    t.ok((await turnsDuring(fiveTimes)) > 1, name);
  }
}
