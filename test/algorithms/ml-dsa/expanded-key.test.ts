import * as fc from 'fast-check';
import t from 'tap';
import { createExpandedKeys } from '../../../src/algorithms/ml-dsa/expanded-key.ts';
import {
  ML_DSA,
  ML_DSA_PARAMETER_SETS,
  type MlDsaParameterSetName,
} from '../../../src/algorithms/ml-dsa/parameter-sets.ts';
import { createNodeEngine } from '../../../src/algorithms/ml-dsa/engines/node.ts';
import { createNoblePool } from '../../../src/algorithms/ml-dsa/noble-pool.ts';
import { flipBit, same } from './octets.ts';
import { keyGenVectors, rfc9881, RFC9881_SEED, sigGenVectors } from './vectors.ts';

const pool = createNoblePool();
t.teardown(() => pool.close());
const expandedKeys = createExpandedKeys(pool);
const openssl = createNodeEngine();

const published = (parameterSet: MlDsaParameterSetName): Uint8Array =>
  rfc9881(`${parameterSet.toUpperCase()}-expanded.priv`, ML_DSA[parameterSet].expandedKeyLength);

/** FIPS 204 algorithm 24: the length of each part, in octets. */
const REGIONS: Record<MlDsaParameterSetName, readonly [string, number][]> = {
  'ml-dsa-44': [
    ['rho', 32],
    ['K', 32],
    ['tr', 64],
    ['s1', 4 * 96],
    ['s2', 4 * 96],
    ['t0', 4 * 416],
  ],
  'ml-dsa-65': [
    ['rho', 32],
    ['K', 32],
    ['tr', 64],
    ['s1', 5 * 128],
    ['s2', 6 * 128],
    ['t0', 6 * 416],
  ],
  'ml-dsa-87': [
    ['rho', 32],
    ['K', 32],
    ['tr', 64],
    ['s1', 7 * 96],
    ['s2', 8 * 96],
    ['t0', 8 * 416],
  ],
};

t.test('a seed expands to the published key', async (t) => {
  for (const { parameterSet, seed, expandedKey } of keyGenVectors())
    t.ok(same(await expandedKeys.expand(parameterSet, seed), expandedKey), `ACVP ${parameterSet}`);
  for (const parameterSet of ML_DSA_PARAMETER_SETS)
    t.ok(
      same(await expandedKeys.expand(parameterSet, RFC9881_SEED), published(parameterSet)),
      `RFC 9881 ${parameterSet}`,
    );
});

t.test('the public key is computed from an expanded key', async (t) => {
  for (const { parameterSet, publicKey, expandedKey } of keyGenVectors())
    t.ok(
      same(await expandedKeys.publicKeyOf(parameterSet, expandedKey), publicKey),
      `ACVP key generation ${parameterSet}`,
    );
  for (const { parameterSet, expandedKey } of sigGenVectors()) {
    const { publicKey } = await openssl.importKey({ parameterSet, expandedKey });
    t.ok(
      same(await expandedKeys.publicKeyOf(parameterSet, expandedKey), publicKey),
      `ACVP signature ${parameterSet}`,
    );
  }
});

t.test('the bad keys of RFC 9881 appendix C.4 are refused', async (t) => {
  const { expandedKeyLength } = ML_DSA['ml-dsa-44'];
  const faults = {
    'bad-ML-DSA-44-2.priv': /tr is not the hash of the public key$/,
    'bad-ML-DSA-44-3.priv': /t0 does not match rho, s1 and s2$/,
  };
  for (const [file, message] of Object.entries(faults))
    await t.rejects(
      expandedKeys.publicKeyOf('ml-dsa-44', rfc9881(file, expandedKeyLength)),
      { code: 'invalid-private-key', message },
      file,
    );
});

for (const parameterSet of ML_DSA_PARAMETER_SETS)
  t.test(`one flipped bit of an ${parameterSet} key`, async (t) => {
    const key = published(parameterSet);
    const publicKey = await expandedKeys.publicKeyOf(parameterSet, key);
    let start = 0;
    for (const [region, length] of REGIONS[parameterSet]) {
      const bit = fc.integer({ min: 8 * start, max: 8 * (start + length) - 1 });
      const passes = async (bit: number) =>
        same(await expandedKeys.publicKeyOf(parameterSet, flipBit(key, bit)), publicKey);
      const fails = (bit: number) => isRefused(parameterSet, flipBit(key, bit));
      await t.resolves(
        fc.assert(fc.asyncProperty(bit, region === 'K' ? passes : fails), { numRuns: 25 }),
        region === 'K'
          ? 'is accepted in K, which is independent of the other parts'
          : `is refused in ${region}`,
      );
      start += length;
    }
    t.equal(start, key.length, 'the regions cover every octet');
  });

/** Returns whether our check and OpenSSL, which is independent, both reject the key. */
async function isRefused(parameterSet: MlDsaParameterSetName, expandedKey: Uint8Array): Promise<boolean> {
  const results = await Promise.allSettled([
    expandedKeys.publicKeyOf(parameterSet, expandedKey),
    openssl.importKey({ parameterSet, expandedKey }),
  ]);
  return results.every(
    ({ status, ...rest }) =>
      status === 'rejected' && 'reason' in rest && rest.reason.code === 'invalid-private-key',
  );
}

t.test('coefficients of s1 and s2 stay within eta', async (t) => {
  for (const parameterSet of ML_DSA_PARAMETER_SETS) {
    const s2 = REGIONS[parameterSet].slice(0, 4).reduce((sum, [, length]) => sum + length, 0);
    for (const offset of [128, s2]) {
      const key = published(parameterSet).fill(0xff, offset, offset + 1);
      await t.rejects(
        expandedKeys.publicKeyOf(parameterSet, key),
        { code: 'invalid-private-key', message: /s1 or s2 has a coefficient beyond ±[24]$/ },
        `${parameterSet}, octet ${offset}`,
      );
    }
  }
});

t.test('an expanded key has the length of its parameter set', async (t) => {
  const key = published('ml-dsa-65');
  const message = /^An expanded ML-DSA-\d\d private key must have \d{4} octets, got \d+$/;
  const cases: [MlDsaParameterSetName, Uint8Array][] = [
    ['ml-dsa-65', key.subarray(1)],
    ['ml-dsa-65', Buffer.concat([key, Buffer.of(0)])],
    ['ml-dsa-65', new Uint8Array()],
    ['ml-dsa-44', key],
    ['ml-dsa-87', key],
  ];
  for (const [parameterSet, octets] of cases)
    await t.rejects(
      expandedKeys.publicKeyOf(parameterSet, octets),
      { code: 'invalid-private-key', message },
      `${parameterSet}, ${octets.length}`,
    );
});
