/**
 * The contents of privateKey in a OneAsymmetricKey:
 *
 *   RSA      RSAPrivateKey ::= SEQUENCE { version INTEGER (0), modulus, publicExponent, privateExponent, prime1,
 *                prime2, exponent1, exponent2, coefficient INTEGER }                  -- RFC 8017 appendix A.1.2
 *   EC       ECPrivateKey ::= SEQUENCE { version INTEGER (1), privateKey OCTET STRING,
 *                parameters [0] ECParameters OPTIONAL, publicKey [1] BIT STRING OPTIONAL }     -- RFC 5915 §3
 *   Ed25519  CurvePrivateKey ::= OCTET STRING                                         -- RFC 8410 §7
 *
 * OpenSSL checks that the numbers are a key; the checks here keep unexpected structures away from OpenSSL.
 */

import { TAG } from './der/writer.ts';
import { COORDINATE_LENGTH, ED25519_LENGTH, RSA_MODULUS, type CurveName } from './key-algorithm.ts';
import { curveOid } from './oids.ts';
import { invalidPrivateKey } from './private-key-info.ts';
import { checkDer } from './der/strict.ts';
import { openSequence, type StructureReader } from './der/structure-reader.ts';

/** In octets, including one for the sign. */
const MAX_MODULUS_LENGTH = RSA_MODULUS.max / 8 + 1;

/** The contents of an OCTET STRING are not checked as part of the whole. */
const open = (name: string, privateKey: Uint8Array): StructureReader =>
  openSequence(checkDer(privateKey, { subject: name }), { name, code: 'invalid-private-key' });

/** Throws PkiError invalid-der or invalid-private-key. */
export function assertRsaPrivateKey(privateKey: Uint8Array): void {
  const reader = open('RSAPrivateKey', privateKey);
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

/** SEC 2 §2.4.2, §2.5.1, §2.6.1: n. */
const ORDER: Readonly<Record<CurveName, Uint8Array>> = Object.freeze({
  'P-256': Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex'),
  'P-384': Buffer.from(
    'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    'hex',
  ),
  'P-521': Buffer.from(
    '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
    'hex',
  ),
});

/** Throws PkiError invalid-der or invalid-private-key. */
export function assertEcPrivateKey(curve: CurveName, privateKey: Uint8Array): void {
  const reader = open('ECPrivateKey', privateKey);
  if (reader.smallInteger('version') !== 1) throw reader.fault('version', 'must be 1');
  const scalar = reader.octetString('privateKey');
  if (scalar.length !== COORDINATE_LENGTH[curve])
    throw reader.fault('privateKey', `must have ${COORDINATE_LENGTH[curve]} octets for ${curve}`);
  // OpenSSL would reduce a larger scalar modulo the order
  if (scalar.every((octet) => octet === 0) || Buffer.compare(scalar, ORDER[curve]) >= 0)
    throw reader.fault('privateKey', `must be between 0 and the order of ${curve}`);
  const parameters = reader.optionalStructure('parameters', 0xa0);
  if (parameters !== undefined && parameters.oid('namedCurve') !== curveOid[curve])
    throw reader.fault('parameters', `must name ${curve}, like the AlgorithmIdentifier`);
  parameters?.end();
  reader.optionalElement('publicKey', 0xa1);
  reader.end();
}

/** Throws PkiError invalid-private-key. */
export function assertEd25519PrivateKey(privateKey: Uint8Array): void {
  const [tag, length] = privateKey;
  if (tag !== TAG.octetString || length !== ED25519_LENGTH || privateKey.length !== 2 + ED25519_LENGTH)
    throw invalidPrivateKey(`An Ed25519 private key must be an OCTET STRING of ${ED25519_LENGTH} octets`);
}
