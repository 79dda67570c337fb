import { hash } from 'node:crypto';
import { ifReadable, PkiError } from '../base/errors.ts';
import { extensionOid } from '../formats/oids.ts';
import { LENIENT } from '../formats/reading.ts';
import { readSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { AuthorityWithKeys } from './create-authority.ts';
import { readStoredCertificate } from './stored-certificate.ts';
import { readBasicConstraints } from '../x509/extensions/basic-constraints.ts';
import { extensionValue } from '../x509/extensions/extension.ts';
import { decodeDistinguishedName } from '../x509/names/distinguished-name.ts';
import { formatOneLine } from '../x509/names/name-text.ts';
import { formatSerialNumber } from '../x509/serial-number.ts';

const keyLength = ({ subjectPublicKeyInfo }: Certificate): number =>
  readSubjectPublicKeyInfo(subjectPublicKeyInfo, LENIENT).bits.length;

/** Throws PkiError key-unavailable that names the first key whose certificate in the store cannot be read. */
export function requireReadableKeys({ authority, keys }: AuthorityWithKeys): void {
  const damaged = keys.find(
    ({ certificate }) =>
      certificate !== undefined && ifReadable(() => describeAuthorityKey(certificate)) === undefined,
  );
  if (damaged === undefined) return;
  throw new PkiError(
    'key-unavailable',
    `The certificate of the key ${damaged.id} of the authority ${authority.name} in the store was changed or is damaged`,
  );
}

/** Returns what a reader of a list wants to know about the certificate of an authority, DER. Throws PkiError. */
export function describeAuthorityKey(der: Uint8Array) {
  const certificate = readStoredCertificate(der);
  const { subject, serialNumber, validity, extensions, signature } = certificate;
  const constraints = extensionValue(extensions, extensionOid.basicConstraints);
  return {
    /** OpenSSL one-line form. */
    subject: formatOneLine(decodeDistinguishedName(subject)),
    serialNumber: formatSerialNumber(serialNumber),
    validity,
    pathLength: constraints && readBasicConstraints(constraints).pathLength,
    sha256: hash('sha256', der, 'buffer'),
    sizes: { der: der.length, publicKey: keyLength(certificate), signature: signature.length },
  };
}
