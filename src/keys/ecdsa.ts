/** EC keys on named curves, for ECDSA. */

import { CLASSICAL } from '../algorithms/classical.ts';
import { assertEcPrivateKey } from '../formats/classical-private-key.ts';
import { COORDINATE_LENGTH, readNamedCurve, type CurveName } from '../formats/key-algorithm.ts';
import { keyAlgorithmOid } from '../formats/oids.ts';
import {
  ECDSA_SIGNATURE_OIDS,
  readEcdsaSignature,
  SIGNATURE_ALGORITHM,
} from '../formats/signature-algorithm.ts';
import { classicalFamily } from './classical-family.ts';
import { invalidPublicKey, keyObjectOf, requireLength } from './public-key-checks.ts';

const NAMES = Object.freeze({
  'P-256': 'ecdsa-p256',
  'P-384': 'ecdsa-p384',
  'P-521': 'ecdsa-p521',
}) satisfies Readonly<Record<CurveName, keyof typeof CLASSICAL>>;

export const ecdsa = classicalFamily({
  title: 'ECDSA',
  keyOids: [keyAlgorithmOid['id-ecPublicKey']],
  signatureTitle: 'ECDSA with SHA-2',
  signatureOids: ECDSA_SIGNATURE_OIDS,
  readSignature: readEcdsaSignature,

  readPublicKey({ algorithm, spki, bits }) {
    const curve = readNamedCurve(algorithm);
    requirePoint(curve, spki, bits);
    return { family: 'ecdsa', algorithm: NAMES[curve], spki, bits };
  },

  checkPrivateKey: (algorithm, privateKey) => assertEcPrivateKey(readNamedCurve(algorithm), privateKey),

  signatureOf({ algorithm }) {
    const { digest } = CLASSICAL[algorithm as (typeof NAMES)[CurveName]];
    return { digest, algorithm: SIGNATURE_ALGORITHM.ecdsa[digest] };
  },
});

const UNCOMPRESSED = 0x04;

/** RFC 5480 §2.2: 04 ‖ x ‖ y. OpenSSL checks that the point is on the curve. */
function requirePoint(curve: CurveName, spki: Uint8Array, bits: Uint8Array): void {
  if (bits[0] !== UNCOMPRESSED)
    throw invalidPublicKey(`A ${curve} public key must be an uncompressed point, 04 ‖ x ‖ y`);
  requireLength(`A ${curve} public key`, bits, 1 + 2 * COORDINATE_LENGTH[curve]);
  keyObjectOf(curve, spki);
}
