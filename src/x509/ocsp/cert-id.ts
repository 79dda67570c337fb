/**
 * CertID ::= SEQUENCE {
 *      hashAlgorithm           AlgorithmIdentifier,
 *      issuerNameHash          OCTET STRING, -- Hash of issuer's DN
 *      issuerKeyHash           OCTET STRING, -- Hash of issuer's public key
 *      serialNumber            CertificateSerialNumber }      -- RFC 6960 §4.1.1
 */

import { hash } from 'node:crypto';
import { readAlgorithmIdentifier, requireNullOrNoParameters } from '../../formats/algorithm-identifier.ts';
import type { Der } from '../../formats/der/header.ts';
import { TAG } from '../../formats/der/writer.ts';
import { openSequence, type StructureReader } from '../../formats/der/structure-reader.ts';
import { digestOid, SHA1 } from '../../formats/oids.ts';

/** The hashes that a CertID is accepted with (RFC 9919 §3.1.1). */
export const CERT_ID_DIGESTS = Object.freeze({ sha1: SHA1, sha256: digestOid.sha256 });
export type CertIdDigest = keyof typeof CERT_ID_DIGESTS;

const DIGEST_NAMES = Object.freeze(Object.keys(CERT_ID_DIGESTS) as CertIdDigest[]);

export interface CertId {
  /** As received: a client can compare it with what it sent, octet for octet. */
  readonly encoding: Der;
  /** Undefined for another hash algorithm, by which no issuer is known. */
  readonly digest: CertIdDigest | undefined;
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
  /** The contents of the INTEGER. */
  readonly serialNumber: Uint8Array;
}

/** RFC 5280 §4.1.2.2, in octets. */
const MAX_SERIAL_LENGTH = 20;

/** Reads the next member of `list`. Throws PkiError. */
export function readCertId(list: StructureReader, member: string): CertId {
  const { encoding } = list.element(member, TAG.sequence);
  const reader = openSequence(encoding, { name: 'CertID', code: 'invalid-der' });
  const digest = readDigest(reader.element('hashAlgorithm', TAG.sequence).encoding);
  const issuerNameHash = reader.octetString('issuerNameHash');
  const issuerKeyHash = reader.octetString('issuerKeyHash');
  const serialNumber = reader.integer('serialNumber');
  reader.end();
  if (serialNumber.length > MAX_SERIAL_LENGTH)
    throw reader.fault('serialNumber', `must have at most ${MAX_SERIAL_LENGTH} octets`);
  return { encoding, digest, issuerNameHash, issuerKeyHash, serialNumber };
}

function readDigest(der: Der): CertIdDigest | undefined {
  const identifier = readAlgorithmIdentifier(der);
  requireNullOrNoParameters(identifier);
  return DIGEST_NAMES.find((name) => CERT_ID_DIGESTS[name] === identifier.oid);
}

/** What identifies an issuer: its Name, DER, and the bits of its key without tag, length and unused bits. */
export interface IssuerIdentity {
  readonly name: Uint8Array;
  readonly keyBits: Uint8Array;
}

/** The key of an issuer in a map: the hash algorithm and both hashes. */
export const issuerReference = (digest: CertIdDigest, { name, keyBits }: IssuerIdentity): string =>
  referenceOf(digest, hash(digest, name, 'buffer'), hash(digest, keyBits, 'buffer'));

/** The same for a CertID; undefined for a hash algorithm by which no issuer is known. */
export const issuerReferenceOf = ({ digest, issuerNameHash, issuerKeyHash }: CertId): string | undefined =>
  digest && referenceOf(digest, issuerNameHash, issuerKeyHash);

const referenceOf = (digest: CertIdDigest, ...hashes: readonly Uint8Array[]): string =>
  [digest, ...hashes.map((octets) => Buffer.from(octets).toString('hex'))].join(' ');
