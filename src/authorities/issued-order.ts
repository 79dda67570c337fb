/** The result of an order, new or repeated. */

import type { IssuedCertificate } from '../ca/issued-certificate.ts';
import { sizesOf } from '../ca/sizes.ts';
import type { KeyPair } from '../keys/key.ts';
import { readPublicKey } from '../keys/public-key.ts';
import type { AuthorityKey, Certificate as StoredCertificate } from '../storage/ports.ts';
import type { Certificate } from '../x509/certificate.ts';
import { readStoredCertificate } from './stored-certificate.ts';
import { extensionOid } from '../formats/oids.ts';
import { extensionValue } from '../x509/extensions/extension.ts';
import { keyIdentifier } from '../x509/extensions/key-identifiers.ts';
import { decodeDistinguishedName } from '../x509/names/distinguished-name.ts';
import { decodeGeneralNames } from '../x509/names/general-name-encoding.ts';
import { formatSerialNumber } from '../x509/serial-number.ts';
import type { OrderNote } from './order-notes.ts';

export interface IssuedOrder extends Omit<IssuedCertificate, 'notes' | 'higherCertificates'> {
  /** In the store. */
  readonly id: string;
  readonly authorityId: string;
  /** Name and version of the profile. */
  readonly profile: string;
  readonly profileVersion: number;
  /** CA certificates above, DER, the issuer first, without the root unless the root is the issuer. */
  readonly chain: readonly Uint8Array[];
  readonly notes: readonly OrderNote[];
  /** Made for this order: the caller destroys it. */
  readonly key?: KeyPair | undefined;
  /** Whether the request was repeated, and this is the result of the first one. */
  readonly isReplay: boolean;
}

/** What relying parties need besides their trust anchors. */
export function chainOf({
  certificate,
  chain,
}: Pick<AuthorityKey, 'certificate' | 'chain'>): readonly Uint8Array[] {
  if (certificate === undefined) return [];
  return [certificate, ...chain.filter((der) => !isSelfIssued(readStoredCertificate(der)))];
}

const isSelfIssued = ({ issuer, subject }: Certificate): boolean => Buffer.compare(issuer, subject) === 0;

/** Reads the same from the store as was returned at first. */
export function issuedBefore(
  stored: StoredCertificate,
  issuerCertificate: Uint8Array,
): Omit<IssuedCertificate, 'notes' | 'ignoredExtensions' | 'ignoredNames' | 'higherCertificates'> {
  const certificate = readStoredCertificate(stored.der);
  const publicKey = readPublicKey(certificate.subjectPublicKeyInfo);
  const names = extensionValue(certificate.extensions, extensionOid.subjectAltName);
  return {
    certificate: stored.der,
    issuerCertificate,
    serialNumber: formatSerialNumber(certificate.serialNumber),
    validity: certificate.validity,
    subject: decodeDistinguishedName(certificate.subject),
    issuer: decodeDistinguishedName(certificate.issuer),
    subjectAltNames: names ? decodeGeneralNames(names).filter((name) => name.kind !== 'other') : [],
    subjectKeyIdentifier: keyIdentifier(publicKey.bits),
    keyAlgorithm: publicKey.algorithm,
    sizes: sizesOf(stored.der, publicKey),
  };
}
