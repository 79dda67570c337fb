/** From the texts of the v1 contract to values of the domain. Every error points at the member. */

import { atMember, atMemberAsync, PkiError } from '../../src/base/errors.ts';
import { decodeCertificateBundle } from '../../src/formats/certificate-bundle.ts';
import type { Der } from '../../src/formats/der/header.ts';
import type { PemLabel } from '../../src/formats/pem-label.ts';
import { decodePemOrDer } from '../../src/formats/pem-or-der.ts';
import type { Keys, PrivateKey } from '../../src/keys/key.ts';
import { readCertificate, type Certificate } from '../../src/x509/certificate.ts';
import { readCertificationRequest, type CertificationRequest } from '../../src/x509/certification-request.ts';
import type { DistinguishedName } from '../../src/x509/names/distinguished-name.ts';
import type { GeneralName } from '../../src/x509/names/general-name-encoding.ts';
import { parseGeneralNames } from '../../src/x509/names/general-name.ts';
import { parseDistinguishedName } from '../../src/x509/names/name-text.ts';

/** Names of a new certificate: `san` may be null or absent. */
export const decodeNames = ({
  subject,
  san,
}: {
  readonly subject: string;
  readonly san?: readonly string[] | null | undefined;
}): { subject: DistinguishedName; subjectAltNames: readonly GeneralName[] } => ({
  subject: atMember('subject', () => parseDistinguishedName(subject)),
  subjectAltNames: decodeSan(san),
});

export const decodeSan = (san: readonly string[] | null | undefined): readonly GeneralName[] =>
  atMember('san', () => parseGeneralNames(san ?? []));

export const decodeCertificate = (member: string, text: string): Certificate =>
  decode(member, text, 'CERTIFICATE', readCertificate);

/** Several certificates: PEM blocks or PKCS #7, in any order (`certificate-bundle.ts`). */
export const decodeCertificates = (member: string, text: string): readonly Certificate[] =>
  atMember(member, () => decodeCertificateBundle(text).map(readNumbered));

/** An error names the position of a certificate that was not given alone. */
function readNumbered(der: Der, index: number, { length }: readonly Der[]): Certificate {
  try {
    return readCertificate(der);
  } catch (error) {
    if (!(error instanceof PkiError) || length === 1) throw error;
    throw new PkiError(error.code, `Certificate ${index + 1} of ${length}: ${error.message}`);
  }
}

export const decodeRequest = (member: string, text: string): CertificationRequest =>
  decode(member, text, 'CERTIFICATE REQUEST', readCertificationRequest);

const decode = <T>(member: string, text: string, label: PemLabel, read: (der: Der) => T): T =>
  atMember(member, () => read(decodePemOrDer(text, label)));

/** Reads PKCS #8. The caller destroys the key; `text` stays the caller's to zero. */
export const decodePrivateKey = (keys: Keys, member: string, text: Uint8Array): Promise<PrivateKey> =>
  atMemberAsync(member, async () => {
    const der = decodePemOrDer(text, 'PRIVATE KEY');
    try {
      return await keys.importPrivateKey(der);
    } finally {
      der.fill(0);
    }
  });
