/** The links of a path: which certificate issued which, by name, key identifier and signature. */

import { PkiError } from '../../base/errors.ts';
import { extensionOid } from '../../formats/oids.ts';
import { STRICT, type Reading } from '../../formats/reading.ts';
import type { Keys } from '../../keys/key.ts';
import { readPublicKey } from '../../keys/public-key.ts';
import type { Certificate } from '../certificate.ts';
import { extensionValue } from '../extensions/extension.ts';
import { readAuthorityKeyIdentifier, readSubjectKeyIdentifier } from '../extensions/key-identifiers.ts';
import { isSameName } from '../names/comparison.ts';
import { decodeDistinguishedName } from '../names/distinguished-name.ts';

/** Whether the issuer of the first has the name of the subject of the second. Throws PkiError for a name that is invalid. */
export const isIssuedBy = (
  { issuer }: Pick<Certificate, 'issuer'>,
  { subject }: Pick<Certificate, 'subject'>,
): boolean => isSameName(decodeDistinguishedName(issuer), decodeDistinguishedName(subject));

/** RFC 5280 §6.1: a self-issued certificate does not count in a path length. */
export const isSelfIssued = (certificate: Certificate): boolean => isIssuedBy(certificate, certificate);

type Signed = Pick<Certificate, 'tbs' | 'signatureAlgorithm' | 'signature'>;

/** Throws PkiError for a key or signature algorithm that is not supported. */
export const isSignedBy = (
  keys: Keys,
  { tbs, signatureAlgorithm, signature }: Signed,
  ca: Pick<Certificate, 'subjectPublicKeyInfo'>,
  reading: Reading = STRICT,
): Promise<boolean> =>
  keys.verify(readPublicKey(ca.subjectPublicKeyInfo, reading), signatureAlgorithm, tbs, signature, reading);

/**
 * Whether `ca` issued `certificate`. A link that cannot be checked, because a name is invalid or an algorithm not
 * supported, is none.
 */
export async function isLink(
  keys: Keys,
  certificate: Certificate,
  ca: Certificate,
  reading: Reading = STRICT,
): Promise<boolean> {
  try {
    return (
      isIssuedBy(certificate, ca) &&
      isIdentified(certificate, ca) &&
      (await isSignedBy(keys, certificate, ca, reading))
    );
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

/** RFC 5280 §4.2.1.1: identifiers are optional, but relying parties such as OpenSSL reject those that differ. */
function isIdentified({ extensions }: Certificate, ca: Certificate): boolean {
  const value = extensionValue(extensions, extensionOid.authorityKeyIdentifier);
  const expected = value && readAuthorityKeyIdentifier(value);
  const identifier = extensionValue(ca.extensions, extensionOid.subjectKeyIdentifier);
  return (
    isAbsentOrEqual(expected?.keyIdentifier, identifier && readSubjectKeyIdentifier(identifier)) &&
    isAbsentOrEqual(expected?.serialNumber, ca.serialNumber)
  );
}

const isAbsentOrEqual = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a === undefined || b === undefined || Buffer.compare(a, b) === 0;

/**
 * Issuer and subject are the same. A certificate for a new key that the old key of the same CA signs is self-issued but
 * not self-signed (RFC 5280 §3.2); its key identifiers differ. `own` is the identifier of its key.
 */
export function isSelfSigned({ issuer, subject, extensions }: Certificate, own?: Uint8Array): boolean {
  if (Buffer.compare(issuer, subject) !== 0) return false;
  const value = extensionValue(extensions, extensionOid.authorityKeyIdentifier);
  const authority = value && readAuthorityKeyIdentifier(value).keyIdentifier;
  const identifier = own ?? ownIdentifier(extensions);
  return isAbsentOrEqual(authority, identifier);
}

function ownIdentifier(extensions: Certificate['extensions']): Uint8Array | undefined {
  const value = extensionValue(extensions, extensionOid.subjectKeyIdentifier);
  return value && readSubjectKeyIdentifier(value);
}
