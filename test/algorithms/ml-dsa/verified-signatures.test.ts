/** `signVerified` of every engine: a signature that does not verify with the given public key is held back. */

import t, { type Test } from 'tap';
import type { Engine, EngineKey } from '../../../src/algorithms/ml-dsa/engine.ts';
import { createEngine, ENGINE_NAMES, unavailableReason } from '../../../src/algorithms/ml-dsa/engines.ts';
import { createNoblePool } from '../../../src/algorithms/ml-dsa/noble-pool.ts';
import { ML_DSA_PARAMETER_SETS } from '../../../src/algorithms/ml-dsa/parameter-sets.ts';
import { flipBit } from './octets.ts';

const message = new TextEncoder().encode('to be signed');

const pool = createNoblePool();
t.teardown(() => pool.close());
const names = ENGINE_NAMES.filter((name) => unavailableReason(name) === undefined);
const engines = await Promise.all(names.map((name) => createEngine(name, pool)));

for (const name of ENGINE_NAMES) {
  const skip = unavailableReason(name);
  if (skip !== undefined) t.test(`the ${name} engine`, { skip }, async () => {});
}

for (const engine of engines)
  for (const parameterSet of ML_DSA_PARAMETER_SETS)
    t.test(`the ${engine.name} engine, ${parameterSet}, verifies before release`, async (t) => {
      await verifiesBeforeRelease(t, engine, await engine.generateKey(parameterSet));
    });

async function verifiesBeforeRelease(t: Test, engine: Engine, key: EngineKey): Promise<void> {
  const { parameterSet, publicKey } = key;
  const signature = await engine.signVerified(key, message, publicKey);
  if (signature === undefined) throw new Error('A correct signature was held back');
  for (const other of engines)
    t.ok(
      await other.verify(parameterSet, publicKey, message, signature),
      `${other.name} verifies what is released`,
    );
  const foreign = await engine.generateKey(parameterSet);
  const wrongKeys = {
    'a public key with a bit flipped': flipBit(publicKey, 300),
    'the public key of another key': foreign.publicKey,
    'a short public key': publicKey.slice(1),
    'an empty public key': new Uint8Array(),
  };
  for (const [name, wrong] of Object.entries(wrongKeys))
    t.equal(await engine.signVerified(key, message, wrong), undefined, name);
  foreign.destroy();
  await t.rejects(engine.signVerified(foreign, message, publicKey), {
    message: 'The private key was destroyed',
  });
}
