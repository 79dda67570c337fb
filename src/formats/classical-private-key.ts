/**
 * What privateKey contains in a OneAsymmetricKey for
 *
 *   RSA      RSAPrivateKey ::= SEQUENCE { version INTEGER (0), modulus, publicExponent, privateExponent, prime1,
 *                prime2, exponent1, exponent2, coefficient INTEGER }                  -- RFC 8017 appendix A.1.2
 *   EC       ECPrivateKey ::= SEQUENCE { version INTEGER (1), privateKey OCTET STRING,
 *                parameters [0] ECParameters OPTIONAL, publicKey [1] BIT STRING OPTIONAL }     -- RFC 5915 §3
 *   Ed25519  CurvePrivateKey ::= OCTET STRING                                         -- RFC 8410 §7
 *
 * Whether the numbers are a key is for OpenSSL to say; here it is made sure that it meets nothing unexpected.
 */

import { parseDer } from './der-reader.ts';
import { TAG } from './der-writer.ts';
import { COORDINATE_LENGTH, type ClassicalKeyAlgorithm, type CurveName } from './key-algorithm.ts';
import { curveOid } from './oids.ts';
import { invalidPrivateKey } from './private-key-info.ts';
import { openSequence } from './structure-reader.ts';

const ED25519_LENGTH = 32;

/** 8192 bits and a sign octet. */
const MAX_MODULUS_LENGTH = 1025;

/** Throws PkiError invalid-der or invalid-private-key. */
export function assertClassicalPrivateKey(algorithm: ClassicalKeyAlgorithm, privateKey: Uint8Array): void {
  switch (algorithm.family) {
    case 'rsa':
      return assertRsa(privateKey);
    case 'ecdsa':
      return assertEc(algorithm.curve, privateKey);
    case 'ed25519':
      return assertEd25519(privateKey);
  }
}

function assertRsa(privateKey: Uint8Array): void {
  const reader = openSequence(privateKey, { name: 'RSAPrivateKey', code: 'invalid-private-key' });
  // Version 1 is for keys of more than two primes
  if (reader.smallInteger('version') !== 0) throw reader.fault('version', 'must be 0');
  const modulus = reader.integer('modulus');
  if (modulus.length > MAX_MODULUS_LENGTH) throw reader.fault('modulus', 'has more than 8192 bits');
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

function assertEc(curve: CurveName, privateKey: Uint8Array): void {
  const reader = openSequence(privateKey, { name: 'ECPrivateKey', code: 'invalid-private-key' });
  if (reader.smallInteger('version') !== 1) throw reader.fault('version', 'must be 1');
  if (reader.octetString('privateKey').length !== COORDINATE_LENGTH[curve])
    throw reader.fault('privateKey', `must have ${COORDINATE_LENGTH[curve]} octets with ${curve}`);
  const parameters = reader.optionalStructure('parameters', 0xa0);
  if (parameters !== undefined && parameters.oid('namedCurve') !== curveOid[curve])
    throw reader.fault('parameters', `must name ${curve}, as the AlgorithmIdentifier does`);
  parameters?.end();
  reader.optionalElement('publicKey', 0xa1);
  reader.end();
}

function assertEd25519(privateKey: Uint8Array): void {
  const { tag, contents } = parseDer(privateKey);
  if (tag !== TAG.octetString || contents.length !== ED25519_LENGTH)
    throw invalidPrivateKey(`an Ed25519 private key must be an OCTET STRING of ${ED25519_LENGTH} octets`);
}
