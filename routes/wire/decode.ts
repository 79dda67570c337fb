/** From the texts of the v1 contract to values of the domain. Every error points at the member. */

import { atMember, atMemberAsync } from '../../src/base/errors.ts';
import type { Der } from '../../src/formats/der/header.ts';
import type { PemLabel } from '../../src/formats/pem-label.ts';
import { decodePemOrDer } from '../../src/formats/pem-or-der.ts';
import { STRICT, type Reading } from '../../src/formats/reading.ts';
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

export const decodeRequest = (member: string, text: string): CertificationRequest =>
  decode(member, text, 'CERTIFICATE REQUEST', readCertificationRequest);

const decode = <T>(member: string, text: string, label: PemLabel, read: (der: Der) => T): T =>
  atMember(member, () => read(decodePemOrDer(text, label)));

/** Reads PKCS #8; `reading` notes at `member`. The caller destroys the key; `text` stays the caller's to zero. */
export const decodePrivateKey = (
  keys: Keys,
  member: string,
  text: Uint8Array,
  reading: Reading = STRICT,
): Promise<PrivateKey> =>
  atMemberAsync(member, async () => {
    const at = reading.at(member);
    const der = decodePemOrDer(text, 'PRIVATE KEY', at);
    try {
      return await keys.importPrivateKey(der, at);
    } finally {
      der.fill(0);
    }
  });
