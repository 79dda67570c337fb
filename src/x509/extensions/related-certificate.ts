/**
 * RelatedCertificate ::= SEQUENCE {
 *      hashAlgorithm   DigestAlgorithmIdentifier,
 *      hashValue       OCTET STRING }      -- RFC 9763 §4.1
 *
 * The hash of another certificate of the same end entity, DER.
 */

import { hash } from 'node:crypto';
import { hexadecimal } from '../../base/hexadecimal.ts';
import { encodeAlgorithmIdentifier, readAlgorithmIdentifier } from '../../formats/algorithm-identifier.ts';
import type { Der } from '../../formats/der/header.ts';
import { octetString, sequence, TAG } from '../../formats/der/writer.ts';
import { digestOid, oidName } from '../../formats/oids.ts';
import { openExtension } from './extension.ts';

type DigestName = keyof typeof digestOid;

/** An ML-DSA signature names no hash, so the hash is the longest that is usual. */
const DIGEST = 'sha512' satisfies DigestName;

export interface RelatedCertificate {
  /** Dotted OID. */
  readonly hashAlgorithm: string;
  readonly hashValue: Uint8Array;
}

/** `certificate`: the other certificate, DER. */
export const encodeRelatedCertificate = (certificate: Uint8Array): Der =>
  sequence(encodeAlgorithmIdentifier(digestOid[DIGEST]), octetString(hash(DIGEST, certificate, 'buffer')));

/** Throws PkiError invalid-extension or invalid-der. */
export function readRelatedCertificate(value: Der): RelatedCertificate {
  const reader = openExtension('RelatedCertificate', value);
  const { oid } = readAlgorithmIdentifier(reader.element('hashAlgorithm', TAG.sequence).encoding);
  const hashValue = reader.octetString('hashValue');
  reader.end();
  return { hashAlgorithm: oid, hashValue };
}

/** Whether the extension is about `certificate`, DER; undefined for a hash algorithm that is not supported. */
export function isRelatedTo(
  { hashAlgorithm, hashValue }: RelatedCertificate,
  certificate: Uint8Array,
): boolean | undefined {
  const digest = (Object.keys(digestOid) as DigestName[]).find((name) => digestOid[name] === hashAlgorithm);
  return digest && Buffer.compare(hash(digest, certificate, 'buffer'), hashValue) === 0;
}

export function describeRelatedCertificate(value: Der): string[] {
  const { hashAlgorithm, hashValue } = readRelatedCertificate(value);
  return [`${oidName(hashAlgorithm)} ${hexadecimal(hashValue)}`];
}
