import { requireNoParameters } from '../formats/algorithm-identifier.ts';
import { assertEd25519PrivateKey } from '../formats/classical-private-key.ts';
import { ED25519_LENGTH } from '../formats/key-algorithm.ts';
import { keyAlgorithmOid } from '../formats/oids.ts';
import { SIGNATURE_ALGORITHM } from '../formats/signature-algorithm.ts';
import { classicalFamily } from './classical-family.ts';
import { requireLength } from './public-key-checks.ts';

/** RFC 8410: keys and signatures have the same AlgorithmIdentifier. */
export const ed25519 = classicalFamily({
  title: 'Ed25519',
  keyOids: [keyAlgorithmOid.Ed25519],
  signatureTitle: 'Ed25519',
  signatureOids: [keyAlgorithmOid.Ed25519],

  readSignature(algorithm) {
    requireNoParameters(algorithm);
    return { digest: null };
  },

  readPublicKey({ algorithm, spki, bits }) {
    requireNoParameters(algorithm);
    requireLength('An Ed25519 public key', bits, ED25519_LENGTH);
    return { family: 'ed25519', algorithm: 'ed25519', spki, bits };
  },

  checkPrivateKey(algorithm, privateKey) {
    requireNoParameters(algorithm);
    assertEd25519PrivateKey(privateKey);
  },

  signatureOf: () => ({ digest: null, algorithm: SIGNATURE_ALGORITHM.ed25519 }),
});
