/** Facts of certificates and requests. */

import { expectReceivedKind } from '../../formats/identify.ts';
import { readReceivedCertificate } from '../../x509/certificate.ts';
import { readReceivedRequest } from '../../x509/certification-request.ts';
import { readSubjectPublicKeyInfo } from '../../formats/subject-public-key-info.ts';
import type { Der } from '../../formats/der/header.ts';
import type { Reading } from '../../formats/reading.ts';
import { describeName, describeSigned } from '../../x509/description/common-description.ts';
import { formatSerialNumber } from '../../x509/serial-number.ts';
import { firstLines, shortText, type Describe, type Facts } from './facts.ts';
import { keyFacts } from './key-facts.ts';

export const describeCertificate: Describe = (octets, { reading }) => {
  const certificate = readReceivedCertificate(expectReceivedKind(octets, ['CERTIFICATE'], reading), reading);
  const { isCa, ...facts } = factsOf('CERTIFICATE', certificate, reading);
  return {
    ...facts,
    issuer: shortText(describeName(certificate.issuer, reading)),
    serialNumber: shortText(formatSerialNumber(certificate.serialNumber.subarray(0, MAX_SERIAL))),
    ...certificate.validity,
    isCa,
  };
};

/** In octets. Longer numbers are shown by their beginning, because a decimal or hexadecimal form takes quadratic time. */
const MAX_SERIAL = 64;

export const describeRequest: Describe = (octets, { reading }) => {
  const request = readReceivedRequest(expectReceivedKind(octets, ['CERTIFICATE REQUEST'], reading), reading);
  const { isCa: _, ...facts } = factsOf('CERTIFICATE REQUEST', request, reading);
  return facts;
};

function factsOf(
  label: 'CERTIFICATE' | 'CERTIFICATE REQUEST',
  signed: Parameters<typeof describeSigned>[1],
  reading: Reading,
): Facts {
  const { subject, publicKey, signatureAlgorithm, subjectAltNames, isCa, fingerprints } = describeSigned(
    label,
    signed,
    reading,
  );
  return {
    subject: shortText(subject),
    ...(subjectAltNames.length === 0 ? {} : { subjectAltNames: firstLines(subjectAltNames) }),
    algorithm: publicKey.algorithm,
    signatureAlgorithm,
    ...keyFacts(signed.subjectPublicKeyInfo, bitsOf(signed.subjectPublicKeyInfo, reading)),
    fingerprint: fingerprints.sha256,
    isCa,
  };
}

const bitsOf = (spki: Der, reading: Reading): Uint8Array => readSubjectPublicKeyInfo(spki, reading).bits;
