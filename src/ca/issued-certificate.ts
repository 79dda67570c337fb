/** What a caller gets when a CA has issued a certificate. */

import type { Note } from '../formats/reading.ts';
import { decodeDistinguishedName, type DistinguishedName } from '../x509/names/distinguished-name.ts';
import type { GeneralName } from '../x509/names/general-name-encoding.ts';
import type { IgnoredName } from '../x509/names/granted-names.ts';
import { formatSerialNumber } from '../x509/serial-number.ts';
import type { Validity } from '../x509/validity.ts';
import { notesOnGivenKey } from './given-key.ts';
import type { Grant } from './grant.ts';
import { publishedKeyNotes, type IssuanceNote } from './issuance-notes.ts';
import { sizesOf, type Sizes } from './sizes.ts';

export interface IssuedCertificate {
  /** DER, as is `issuerCertificate`. */
  readonly certificate: Uint8Array;
  readonly issuerCertificate: Uint8Array;
  /** The issuer of the issuer, its issuer, and so on, as far as they were given. */
  readonly higherCertificates: readonly Uint8Array[];
  /** Capital hexadecimal, two digits an octet. */
  readonly serialNumber: string;
  readonly validity: Validity;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  readonly subjectAltNames: readonly GeneralName[];
  /** Value of the extension. */
  readonly subjectKeyIdentifier: Uint8Array;
  /** As in `PublicKey.algorithm`. */
  readonly keyAlgorithm: string;
  readonly sizes: Sizes;
  /** Names (or dotted OIDs) of the requested extensions that were not granted. */
  readonly ignoredExtensions: readonly string[];
  /** Alternative names of the request that were not granted. */
  readonly ignoredNames: readonly IgnoredName[];
  /** What the caller should know about the certificate although it was issued. */
  readonly notes: readonly (Note | IssuanceNote)[];
}

/** `certificate` is that of the grant, DER. */
export function issuedOf(granted: Grant, certificate: Uint8Array): IssuedCertificate {
  const { authority, requested, content } = granted;
  return {
    certificate,
    issuerCertificate: authority.certificate.der,
    higherCertificates: authority.path.slice(1).map(({ der }) => der),
    serialNumber: formatSerialNumber(content.serialNumber),
    validity: content.validity,
    subject: requested.subjectName,
    issuer: decodeDistinguishedName(authority.certificate.subject),
    subjectAltNames: requested.subjectAltNames,
    subjectKeyIdentifier: granted.subjectKeyIdentifier,
    keyAlgorithm: requested.publicKey.algorithm,
    sizes: sizesOf(certificate, requested.publicKey),
    ignoredExtensions: requested.ignoredExtensions,
    ignoredNames: requested.ignoredNames,
    notes: notesOn(granted),
  };
}

/** What the caller should know about what is granted. */
export const notesOn = ({
  requested: { publicKey },
  authority,
  reading,
  isGivenKey = false,
  relationNotes: ofRelation = [],
}: Grant): readonly (Note | IssuanceNote)[] => {
  const ofKey = publishedKeyNotes(publicKey, ['request']);
  const notes = [...reading.notes, ...authority.notes, ...ofKey, ...ofRelation];
  return isGivenKey ? notesOnGivenKey(notes) : notes;
};
