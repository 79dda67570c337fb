import { requireNoParameters } from '../formats/algorithm-identifier.ts';
import { ed25519PrivateKeyParts } from '../formats/classical-private-key.ts';
import { ED25519_LENGTH } from '../formats/key-algorithm.ts';
import { keyAlgorithmOid } from '../formats/oids.ts';
import { SIGNATURE_ALGORITHM } from '../formats/signature-algorithm.ts';
import { classicalFamily } from './classical-family.ts';
import { encodedAs, requireLength } from './public-key-checks.ts';

/** RFC 8410: keys and signatures have the same AlgorithmIdentifier. */
export const ed25519 = classicalFamily({
  title: 'Ed25519',
  keyOids: [keyAlgorithmOid.Ed25519],
  signatureTitle: 'Ed25519',
  signatureOids: [keyAlgorithmOid.Ed25519],

  readSignature(algorithm, reading) {
    requireNoParameters(algorithm, reading);
    return { digest: null };
  },

  readPublicKey(key, reading) {
    const algorithm = requireNoParameters(key.algorithm, reading);
    requireLength('An Ed25519 public key', key.bits, ED25519_LENGTH);
    return { family: 'ed25519', algorithm: 'ed25519', ...encodedAs(key, algorithm, key.bits) };
  },

  readPrivateKey: (algorithm, privateKey, reading) => ({
    algorithm: requireNoParameters(algorithm, reading),
    parts: ed25519PrivateKeyParts(privateKey, reading),
  }),

  signatureOf: () => ({ scheme: { digest: null }, algorithm: SIGNATURE_ALGORITHM.ed25519 }),
});
