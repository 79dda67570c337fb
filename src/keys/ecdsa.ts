/** EC keys on named curves, for ECDSA. */

import { CLASSICAL } from '../algorithms/classical.ts';
import { COORDINATE_LENGTH, type CurveName } from '../formats/curves.ts';
import { readEcPrivateKey } from '../formats/ec-private-key.ts';
import { uncompressedPoint } from '../formats/ec-point.ts';
import { readNamedCurve } from '../formats/key-algorithm.ts';
import { keyAlgorithmOid } from '../formats/oids.ts';
import {
  ECDSA_SIGNATURE_OIDS,
  readEcdsaSignature,
  SIGNATURE_ALGORITHM,
} from '../formats/signature-algorithm.ts';
import { classicalFamily } from './classical-family.ts';
import { encodedAs, keyObjectOf, requireLength } from './public-key-checks.ts';

const NAMES = Object.freeze({
  'P-256': 'ecdsa-p256',
  'P-384': 'ecdsa-p384',
  'P-521': 'ecdsa-p521',
}) satisfies Readonly<Record<CurveName, keyof typeof CLASSICAL>>;

export const ecdsa = classicalFamily({
  title: 'ECDSA',
  keyOids: [keyAlgorithmOid['id-ecPublicKey']],
  signatureTitle: 'ECDSA with SHA-256/384/512',
  signatureOids: ECDSA_SIGNATURE_OIDS,
  readSignature: readEcdsaSignature,

  readPublicKey(key, reading) {
    const curve = readNamedCurve(key.algorithm);
    const bits = uncompressedPoint(curve, key.bits, reading);
    requireLength(`A ${curve} public key`, bits, 1 + 2 * COORDINATE_LENGTH[curve]);
    const encoded = encodedAs(key, key.algorithm, bits);
    // OpenSSL checks that the point is on the curve
    keyObjectOf(curve, encoded.spki);
    return { family: 'ecdsa', algorithm: NAMES[curve], ...encoded };
  },

  readPrivateKey: readEcPrivateKey,

  signatureOf({ algorithm }) {
    const { digest } = CLASSICAL[algorithm as (typeof NAMES)[CurveName]];
    return { scheme: { digest }, algorithm: SIGNATURE_ALGORITHM.ecdsa[digest] };
  },
});
