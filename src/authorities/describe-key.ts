import { hash } from 'node:crypto';
import { extensionOid } from '../formats/oids.ts';
import { readStoredCertificate } from './stored-certificate.ts';
import { readBasicConstraints } from '../x509/extensions/basic-constraints.ts';
import { extensionValue } from '../x509/extensions/extension.ts';
import { decodeDistinguishedName } from '../x509/names/distinguished-name.ts';
import { formatOneLine } from '../x509/names/name-text.ts';
import { formatSerialNumber } from '../x509/serial-number.ts';

/** Returns what a reader of a list wants to know about the certificate of an authority, DER. */
export function describeAuthorityKey(der: Uint8Array) {
  const { subject, serialNumber, validity, extensions } = readStoredCertificate(der);
  const constraints = extensionValue(extensions, extensionOid.basicConstraints);
  return {
    /** OpenSSL one-line form. */
    subject: formatOneLine(decodeDistinguishedName(subject)),
    serialNumber: formatSerialNumber(serialNumber),
    validity,
    pathLength: constraints && readBasicConstraints(constraints).pathLength,
    sha256: hash('sha256', der, 'buffer'),
  };
}
