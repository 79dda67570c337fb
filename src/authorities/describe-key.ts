import { hash } from 'node:crypto';
import { extensionOid } from '../formats/oids.ts';
import { LENIENT } from '../formats/reading.ts';
import { readSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import type { Certificate } from '../x509/certificate.ts';
import { readStoredCertificate } from './stored-certificate.ts';
import { readBasicConstraints } from '../x509/extensions/basic-constraints.ts';
import { extensionValue } from '../x509/extensions/extension.ts';
import { decodeDistinguishedName } from '../x509/names/distinguished-name.ts';
import { formatOneLine } from '../x509/names/name-text.ts';
import { formatSerialNumber } from '../x509/serial-number.ts';

const keyLength = ({ subjectPublicKeyInfo }: Certificate): number =>
  readSubjectPublicKeyInfo(subjectPublicKeyInfo, LENIENT).bits.length;

/** Returns what a reader of a list wants to know about the certificate of an authority, DER. */
export function describeAuthorityKey(der: Uint8Array) {
  const certificate = readStoredCertificate(der);
  const { subject, serialNumber, validity, extensions, tbs, signature } = certificate;
  const constraints = extensionValue(extensions, extensionOid.basicConstraints);
  return {
    /** OpenSSL one-line form. */
    subject: formatOneLine(decodeDistinguishedName(subject)),
    serialNumber: formatSerialNumber(serialNumber),
    validity,
    pathLength: constraints && readBasicConstraints(constraints).pathLength,
    sha256: hash('sha256', der, 'buffer'),
    sizes: { der: der.length, publicKey: keyLength(certificate), signature: signature.length },
    /** Length of the TBSCertificate, in octets. */
    signedPart: tbs.length,
  };
}
