import t from 'tap';
import { CLASSICAL_NAMES } from '../../src/algorithms/classical.ts';
import { SLH_DSA, SLH_DSA_PARAMETER_SETS } from '../../src/algorithms/slh-dsa/parameter-sets.ts';
import { ML_DSA_PARAMETER_SETS } from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import { placeholderSigner, signatureLength } from '../../src/ca/placeholder-key.ts';
import { openDomain } from '../support/domain.ts';

const { keys } = await openDomain(t);

t.test('a placeholder has the algorithm and the sizes of a real key', async (t) => {
  for (const algorithm of [...ML_DSA_PARAMETER_SETS, ...CLASSICAL_NAMES, 'slh-dsa-shake-128f'] as const) {
    const real = await keys.generate(algorithm);
    const { publicKey, signatureAlgorithm } = placeholderSigner(algorithm);
    t.equal(publicKey.algorithm, algorithm);
    t.equal(publicKey.family, real.publicKey.family);
    t.equal(publicKey.spki.length, real.publicKey.spki.length, algorithm);
    t.same(signatureAlgorithm, real.signatureAlgorithm);
    const signature = await real.sign(Uint8Array.of(1));
    const shorter = signatureLength(publicKey) - signature.length;
    t.ok(
      algorithm.startsWith('ecdsa') ? shorter >= 0 && shorter <= 8 : shorter === 0,
      `${algorithm}: ${shorter}`,
    );
    real.destroy();
  }
});

t.test('a placeholder of SLH-DSA has the lengths of its parameter set', async (t) => {
  for (const algorithm of SLH_DSA_PARAMETER_SETS) {
    const { publicKey } = placeholderSigner(algorithm);
    t.match(publicKey, { family: 'slh-dsa', algorithm });
    t.equal(publicKey.bits.length, SLH_DSA[algorithm].publicKeyLength);
    t.equal(signatureLength(publicKey), SLH_DSA[algorithm].signatureLength);
  }
});

t.test('the longest of many ECDSA signatures is as long as computed', async (t) => {
  for (const algorithm of ['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521'] as const) {
    const key = await keys.generate(algorithm);
    const lengths = await Promise.all(
      Array.from({ length: 64 }, async (_, index) => (await key.sign(Uint8Array.of(index))).length),
    );
    t.equal(Math.max(...lengths), signatureLength(key.publicKey), algorithm);
  }
});

t.test('a placeholder signs nothing', async (t) => {
  await t.rejects(placeholderSigner('ml-dsa-44').sign(Uint8Array.of(1)), /no private key/);
});
