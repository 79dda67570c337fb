/** What is compared: keys, requests and certificates, each with its public key. */

import type { Reading } from '../../formats/reading.ts';
import type { PublicKey } from '../../keys/key.ts';
import { readPublicKey } from '../../keys/public-key.ts';
import { ifReadable } from '../../base/errors.ts';
import type { Certificate } from '../../x509/certificate.ts';
import type { CertificationRequest } from '../../x509/certification-request.ts';
import { describeName } from '../../x509/description/common-description.ts';
import { describeSubjectPublicKeyInfo } from '../../formats/describe-algorithm.ts';

export type ItemType = 'private-key' | 'public-key' | 'certificate-request' | 'certificate';

export interface Item {
  /** The member that it comes from, with its index where there are several: `chain/1`. */
  readonly name: string;
  readonly type: ItemType;
  readonly subject: string | undefined;
  readonly issuer: string | undefined;
  /** `ml-dsa-65`, or the name of the OID for a key that this service rejects. */
  readonly algorithm: string;
  /** SubjectPublicKeyInfo in the encoding that is written where the key is supported, so that the same keys are equal. */
  readonly spki: Uint8Array;
  readonly certificate: Certificate | undefined;
}

export const keyItem = (
  name: string,
  type: 'private-key' | 'public-key',
  { algorithm, spki }: PublicKey,
): Item => ({
  name,
  type,
  subject: undefined,
  issuer: undefined,
  algorithm,
  spki,
  certificate: undefined,
});

export const requestItem = (name: string, request: CertificationRequest, reading: Reading): Item => ({
  name,
  type: 'certificate-request',
  subject: describeName(request.subject, reading),
  issuer: undefined,
  ...publicKeyOf(request, reading),
  certificate: undefined,
});

export const certificateItem = (name: string, certificate: Certificate, reading: Reading): Item => ({
  name,
  type: 'certificate',
  subject: describeName(certificate.subject, reading),
  issuer: describeName(certificate.issuer, reading),
  ...publicKeyOf(certificate, reading),
  certificate,
});

function publicKeyOf(
  { subjectPublicKeyInfo }: Pick<Certificate, 'subjectPublicKeyInfo'>,
  reading: Reading,
): Pick<Item, 'algorithm' | 'spki'> {
  const key = ifReadable(() => readPublicKey(subjectPublicKeyInfo, reading));
  if (key !== undefined) return { algorithm: key.algorithm, spki: key.spki };
  const { algorithm } = describeSubjectPublicKeyInfo(subjectPublicKeyInfo, reading);
  return { algorithm: algorithm.name, spki: subjectPublicKeyInfo };
}
