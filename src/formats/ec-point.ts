/**
 * ECPoint ::= OCTET STRING: 04 ‖ x ‖ y, or compressed 02|03 ‖ x, or hybrid 06|07 ‖ x ‖ y (SEC 1 §2.3.3). RFC 5480 §2.2
 * requires the first form, makes the second optional and forbids the third.
 */

import { ECDH } from 'node:crypto';
import { PkiError } from '../base/errors.ts';
import { COORDINATE_LENGTH, type CurveName } from './curves.ts';
import { STRICT, type Reading } from './reading.ts';

const UNCOMPRESSED = 0x04;

/** Numbers of coordinates of the other forms. */
const OTHER_FORMS: ReadonlyMap<number | undefined, number> = new Map([
  [0x02, 1],
  [0x03, 1],
  [0x06, 2],
  [0x07, 2],
]);

/**
 * Returns `point` in uncompressed form: itself when it begins with 04, whatever follows. The other forms are tolerated.
 * Throws PkiError invalid-public-key.
 */
export function uncompressedPoint(
  curve: CurveName,
  point: Uint8Array,
  reading: Reading = STRICT,
): Uint8Array {
  const [form] = point;
  if (form === UNCOMPRESSED) return point;
  const fault = invalid(`A ${curve} public key must be an uncompressed point, 04 ‖ x ‖ y`);
  const coordinates = OTHER_FORMS.get(form);
  if (coordinates === undefined || point.length !== 1 + coordinates * COORDINATE_LENGTH[curve]) throw fault;
  reading.tolerate('ec-point-form', fault);
  return convert(curve, point);
}

const OPENSSL_NAME: Readonly<Record<CurveName, string>> = Object.freeze({
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
});

/** OpenSSL checks that the point is on the curve, and the parity bit of the hybrid form. */
function convert(curve: CurveName, point: Uint8Array): Uint8Array {
  try {
    const digits = ECDH.convertKey(point, OPENSSL_NAME[curve], undefined, 'hex', 'uncompressed');
    return new Uint8Array(Buffer.from(String(digits), 'hex'));
  } catch {
    throw invalid(`The public key is not a valid ${curve} key`);
  }
}

const invalid = (sentence: string): PkiError => new PkiError('invalid-public-key', sentence);
