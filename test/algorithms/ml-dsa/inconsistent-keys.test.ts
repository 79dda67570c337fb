/** Every engine checks the expanded keys that it imports (RFC 9881 §8.2). */

import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import t, { type Test } from 'tap';
import type { Engine } from '../../../src/algorithms/ml-dsa/engine.ts';
import { createEngine, ENGINE_NAMES, unavailableReason } from '../../../src/algorithms/ml-dsa/engines.ts';
import { createNoblePool } from '../../../src/algorithms/ml-dsa/noble-pool.ts';
import {
  ML_DSA,
  ML_DSA_PARAMETER_SETS,
  type MlDsaParameterSetName,
} from '../../../src/algorithms/ml-dsa/parameter-sets.ts';
import { flipBit } from './octets.ts';
import { rfc9881, RFC9881_SEED } from './vectors.ts';

const noble = { 'ml-dsa-44': ml_dsa44, 'ml-dsa-65': ml_dsa65, 'ml-dsa-87': ml_dsa87 };
const pool = createNoblePool();
t.teardown(() => pool.close());

for (const name of ENGINE_NAMES)
  t.test(`the ${name} engine`, { skip: unavailableReason(name) }, async (t) => {
    const engine = await createEngine(name, pool);
    for (const parameterSet of ML_DSA_PARAMETER_SETS)
      t.test(`refuses an ${parameterSet} key with a flipped bit`, (t) =>
        refusesMutants(t, engine, parameterSet),
      );
    t.test('refuses the bad keys of RFC 9881 appendix C.4', (t) => refusesBadKeys(t, engine));
  });

/** Flips every 499th bit of a key, one at a time. */
async function refusesMutants(t: Test, engine: Engine, parameterSet: MlDsaParameterSetName): Promise<void> {
  const expandedKey = noble[parameterSet].keygen(RFC9881_SEED).secretKey;
  t.ok(await engine.importKey({ parameterSet, expandedKey }), 'the unchanged key is imported');
  const imported: number[] = [];
  for (let bit = 0; bit < 8 * expandedKey.length; bit += 499)
    await engine.importKey({ parameterSet, expandedKey: flipBit(expandedKey, bit) }).then(
      () => imported.push(bit >> 3),
      ({ code }: { code: unknown }) => t.equal(code, 'invalid-private-key', `bit ${bit}`),
    );
  // FIPS 204 algorithm 24: K, which can have any value, has the octets 32 to 63
  t.ok(
    imported.every((octet) => octet >= 32 && octet < 64),
    'only keys with another K are imported',
  );
}

async function refusesBadKeys(t: Test, engine: Engine): Promise<void> {
  const { expandedKeyLength } = ML_DSA['ml-dsa-44'];
  for (const file of ['bad-ML-DSA-44-2.priv', 'bad-ML-DSA-44-3.priv'])
    await t.rejects(
      engine.importKey({ parameterSet: 'ml-dsa-44', expandedKey: rfc9881(file, expandedKeyLength) }),
      { code: 'invalid-private-key' },
      file,
    );
}
