/** From the texts of the v1 contract to values of the domain. Every error points at the member. */

import { atMember, atMemberAsync, PkiError } from '../../src/base/errors.ts';
import { readCertificateBundle } from '../../src/formats/certificate-bundle.ts';
import type { ReceivedValue } from '../../src/formats/der/lenient.ts';
import { readPemOrDer } from '../../src/formats/pem-or-der.ts';
import { STRICT, type Reading } from '../../src/formats/reading.ts';
import type { Keys, PrivateKey } from '../../src/keys/key.ts';
import { readReceivedCertificate, type Certificate } from '../../src/x509/certificate.ts';
import { readReceivedRequest, type CertificationRequest } from '../../src/x509/certification-request.ts';
import type { DistinguishedName } from '../../src/x509/names/distinguished-name.ts';
import type { GeneralName } from '../../src/x509/names/general-name-encoding.ts';
import { parseGeneralNames } from '../../src/x509/names/general-name.ts';
import { parseDistinguishedName } from '../../src/x509/names/name-text.ts';

/** Names of a new certificate: `san` may be null or absent. */
export const decodeNames = ({
  subject,
  ...names
}: SanMembers & {
  readonly subject: string;
}): { subject: DistinguishedName; subjectAltNames: readonly GeneralName[] } => ({
  subject: atMember('subject', () => parseDistinguishedName(subject)),
  subjectAltNames: decodeSan(names),
});

interface SanMembers {
  readonly san?: readonly string[] | null | undefined;
  readonly dns_underscore?: boolean | undefined;
}

export const decodeSan = ({ san, dns_underscore: allowUnderscore }: SanMembers): readonly GeneralName[] =>
  atMember('san', () => parseGeneralNames(san ?? [], { allowUnderscore }));

/** `reading` is that of the member, as for all functions here. */
export const decodeCertificate = (member: string, text: string, reading: Reading = STRICT): Certificate =>
  atMember(member, () => readReceivedCertificate(readPemOrDer(text, 'CERTIFICATE', reading), reading));

/** Several certificates: PEM blocks or PKCS #7, in any order (`certificate-bundle.ts`). */
export const decodeCertificates = (
  member: string,
  text: string,
  reading: Reading = STRICT,
): readonly Certificate[] =>
  atMember(member, () =>
    readCertificateBundle(text, reading).map((value, index, { length }) =>
      readNumbered(value, length === 1 ? '' : `Certificate ${index + 1} of ${length}: `, reading),
    ),
  );

/** An error names the position of a certificate that was not given alone. */
function readNumbered(value: ReceivedValue, position: string, reading: Reading): Certificate {
  try {
    return readReceivedCertificate(value, reading);
  } catch (error) {
    throw error instanceof PkiError ? new PkiError(error.code, `${position}${error.message}`) : error;
  }
}

export const decodeRequest = (
  member: string,
  text: string,
  reading: Reading = STRICT,
): CertificationRequest =>
  atMember(member, () => readReceivedRequest(readPemOrDer(text, 'CERTIFICATE REQUEST', reading), reading));

/** Reads PKCS #8, and what is tolerated instead. The caller destroys the key; `text` stays the caller's to zero. */
export const decodePrivateKey = (
  keys: Keys,
  member: string,
  text: Uint8Array,
  reading: Reading = STRICT,
): Promise<PrivateKey> =>
  atMemberAsync(member, async () => {
    const { received, der } = readPemOrDer(text, 'PRIVATE KEY', reading);
    try {
      return await keys.importPrivateKey(der, reading);
    } finally {
      received.fill(0);
      der.fill(0);
    }
  });
