/**
 * OneAsymmetricKey ::= SEQUENCE {
 *      version                   INTEGER { v1(0), v2(1) } (v1, ..., v2),
 *      privateKeyAlgorithm       AlgorithmIdentifier,
 *      privateKey                OCTET STRING,
 *      attributes            [0] IMPLICIT SET OF Attribute OPTIONAL,
 *      publicKey             [1] IMPLICIT BIT STRING OPTIONAL }    -- PKCS #8, RFC 5958 §2
 *
 * Written as v1, or as v2 with the public key. §2 recommends that receivers accept BER; only DER is accepted here.
 */

import { PkiError } from '../base/errors.ts';
import type { Der } from './der/header.ts';
import { tlvParts, TAG, unsignedInteger } from './der/writer.ts';
import { openSequence, type StructureReader } from './der/structure-reader.ts';
import { STRICT, type Reading } from './reading.ts';

/** Views of the input; attributes are ignored. */
export interface PrivateKeyInfo {
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Der;
  /** Contents of the OCTET STRING. */
  readonly privateKey: Uint8Array;
  /** Octets of the BIT STRING. */
  readonly publicKey: Uint8Array | undefined;
}

const VERSION_1 = unsignedInteger(0);
const VERSION_2 = unsignedInteger(1);
const ATTRIBUTES = 0xa0;
const PUBLIC_KEY = 0x81;
const EXPLICIT_PUBLIC_KEY = 0xa1;

/**
 * Returns the parts of a OneAsymmetricKey around the parts of privateKey's contents, for the caller to join once. With the
 * octets of the public key it is v2.
 */
export const privateKeyInfoParts = (
  algorithm: Uint8Array,
  privateKey: readonly Uint8Array[],
  publicKey?: Uint8Array,
): Uint8Array[] =>
  tlvParts(TAG.sequence, [
    publicKey === undefined ? VERSION_1 : VERSION_2,
    algorithm,
    ...tlvParts(TAG.octetString, privateKey),
    ...(publicKey === undefined ? [] : tlvParts(PUBLIC_KEY, [NO_UNUSED_BITS, publicKey])),
  ]);

const NO_UNUSED_BITS = Uint8Array.of(0);

/** Throws PkiError invalid-private-key. */
export function readPrivateKeyInfo(der: Der, reading: Reading = STRICT): PrivateKeyInfo {
  const reader = openSequence(der, { name: 'OneAsymmetricKey', code: 'invalid-private-key' });
  const version = readVersion(reader);
  const algorithm = reader.element('privateKeyAlgorithm', TAG.sequence).encoding;
  const privateKey = reader.octetString('privateKey');
  reader.optionalElement('attributes', ATTRIBUTES);
  const publicKey = readPublicKey(reader, reading);
  reader.end();
  // RFC 5958 §2
  if ((version === 1) !== (publicKey !== undefined))
    reading.tolerate(
      'private-key-version',
      invalidPrivateKey('OneAsymmetricKey.version must be 1 with a public key and 0 without one'),
    );
  return { algorithm, privateKey, publicKey };
}

/** Returns the octets of the BIT STRING. */
function readPublicKey(reader: StructureReader, reading: Reading): Uint8Array | undefined {
  if (reader.isNext(PUBLIC_KEY)) return reader.bitString('publicKey', PUBLIC_KEY);
  if (!reader.isNext(EXPLICIT_PUBLIC_KEY)) return undefined;
  reading.tolerate(
    'private-key-version',
    reader.fault('publicKey', 'must have the IMPLICIT tag 81, not an EXPLICIT tag'),
  );
  const member = reader.structure('publicKey', EXPLICIT_PUBLIC_KEY);
  const bits = member.bitString('BIT STRING');
  member.end();
  return bits;
}

function readVersion(reader: StructureReader): number {
  const version = reader.smallInteger('version');
  if (version > 1) throw reader.fault('version', `must be 0 or 1, not ${version}`);
  return version;
}

export const invalidPrivateKey = (sentence: string, where?: string): PkiError =>
  new PkiError('invalid-private-key', sentence, [], where);

/** `where` of the error for a private key whose halves do not belong together. */
export const KEY_PAIR = 'key pair';
