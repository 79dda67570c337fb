/** Content of any maker as the rules see it. A part that cannot be read is absent, and the reading has noted it. */

import { ifReadable } from '../base/errors.ts';
import type { Der } from '../formats/der/header.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { CertificationRequest } from '../x509/certification-request.ts';
import { describeValue } from '../x509/extensions/descriptions.ts';
import type { Extension } from '../x509/extensions/extension.ts';
import { hexadecimalValue } from '../x509/names/attribute-value.ts';
import { decodeDistinguishedName, type DistinguishedName } from '../x509/names/distinguished-name.ts';
import { extensionValues, type CertificateContent, type NamedKey } from './content.ts';

export interface Received extends NamedKey {
  /** Types of the extensions whose value is DER, but not of the structure of its type, each once. */
  readonly malformed: readonly string[];
}

export interface ReceivedCertificate extends Received, CertificateContent {}

export const receivedCertificate = (certificate: Certificate): ReceivedCertificate => ({
  ...received(certificate),
  tbs: certificate,
  der: certificate.tbs,
  signerAlgorithm: certificate.outerSignatureAlgorithm,
  issuerName: readableName(certificate.issuer),
});

export const receivedRequest = (request: CertificationRequest): Received => received(request);

type Signed = Pick<
  CertificationRequest,
  'extensions' | 'subject' | 'subjectPublicKeyInfo' | 'signatureAlgorithm'
>;

const received = ({ extensions, subject, subjectPublicKeyInfo, signatureAlgorithm }: Signed): Received => ({
  ...extensionValues(extensions, ifReadable),
  malformed: [...new Set(extensions.filter(isMalformed).map(({ oid }) => oid))],
  subjectName: readableName(subject),
  subjectPublicKeyInfo,
  signatureAlgorithm,
});

const isMalformed = ({ oid, value, fault }: Extension): boolean =>
  fault === undefined && ifReadable(() => describeValue(oid, value) ?? []) === undefined;

/** Not the empty name, which other rules are about. */
const readableName = (name: Der): DistinguishedName =>
  ifReadable(() => decodeDistinguishedName(name)) ?? [[{ type: '0.0', value: hexadecimalValue(name) }]];
