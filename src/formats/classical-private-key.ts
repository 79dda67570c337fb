/**
 * The contents of privateKey in a OneAsymmetricKey:
 *
 *   RSA      RSAPrivateKey ::= SEQUENCE { version INTEGER (0), modulus, publicExponent, privateExponent, prime1,
 *                prime2, exponent1, exponent2, coefficient INTEGER }                  -- RFC 8017 appendix A.1.2
 *   EC       ECPrivateKey ::= SEQUENCE { version INTEGER (1), privateKey OCTET STRING,
 *                parameters [0] ECParameters OPTIONAL, publicKey [1] BIT STRING OPTIONAL }     -- RFC 5915 §3
 *   Ed25519  CurvePrivateKey ::= OCTET STRING                                         -- RFC 8410 §7
 *
 * EC is in `ec-private-key.ts`. OpenSSL checks that the numbers are a key; the checks here keep unexpected structures away from OpenSSL.
 */

import type { AlgorithmIdentifier } from './algorithm-identifier.ts';
import { checkDer } from './der/strict.ts';
import { openSequence, type StructureReader } from './der/structure-reader.ts';
import { TAG, tlvParts } from './der/writer.ts';
import { ED25519_LENGTH, RSA_MODULUS } from './key-algorithm.ts';
import { invalidPrivateKey } from './private-key-info.ts';
import { STRICT, type Reading } from './reading.ts';

/** A private key as it is written. The parts of privateKey are views of the input, so no secret is copied. */
export interface ClassicalPrivateKey {
  readonly algorithm: AlgorithmIdentifier;
  readonly parts: readonly Uint8Array[];
}

/** In octets, including one for the sign. */
const MAX_MODULUS_LENGTH = RSA_MODULUS.max / 8 + 1;

/** The contents of an OCTET STRING are not checked as part of the whole. */
export const openPrivateKey = (name: string, privateKey: Uint8Array): StructureReader =>
  openSequence(checkDer(privateKey, { subject: name }), { name, code: 'invalid-private-key' });

/** Throws PkiError invalid-der or invalid-private-key. */
export function assertRsaPrivateKey(privateKey: Uint8Array): void {
  const reader = openPrivateKey('RSAPrivateKey', privateKey);
  // Version 1 has more than two primes
  if (reader.smallInteger('version') !== 0) throw reader.fault('version', 'must be 0');
  const modulus = reader.integer('modulus');
  if (modulus.length > MAX_MODULUS_LENGTH)
    throw reader.fault('modulus', `must have at most ${RSA_MODULUS.max} bits`);
  for (const member of RSA_NUMBERS) {
    const number = reader.integer(member);
    if ((number[0] ?? 0) >= 0x80 || number.length > modulus.length)
      throw reader.fault(member, 'must be positive and no longer than the modulus');
  }
  reader.end();
}

const RSA_NUMBERS = Object.freeze([
  'publicExponent',
  'privateExponent',
  'prime1',
  'prime2',
  'exponent1',
  'exponent2',
  'coefficient',
]);

/** Returns the parts of a CurvePrivateKey; its contents alone are tolerated. Throws PkiError invalid-private-key. */
export function ed25519PrivateKeyParts(
  privateKey: Uint8Array,
  reading: Reading = STRICT,
): readonly Uint8Array[] {
  const [tag, length] = privateKey;
  if (tag === TAG.octetString && length === ED25519_LENGTH && privateKey.length === 2 + ED25519_LENGTH)
    return [privateKey];
  const fault = invalidPrivateKey(
    `An Ed25519 private key must be an OCTET STRING of ${ED25519_LENGTH} octets`,
  );
  if (privateKey.length !== ED25519_LENGTH) throw fault;
  reading.tolerate('private-key-value', fault);
  return tlvParts(TAG.octetString, [privateKey]);
}
