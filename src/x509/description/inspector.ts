import { ifReadable } from '../../base/errors.ts';
import { hexadecimal } from '../../base/hexadecimal.ts';
import type { Der } from '../../formats/der/header.ts';
import { oidName } from '../../formats/oids.ts';
import { STRICT, type Reading } from '../../formats/reading.ts';
import type { Keys } from '../../keys/key.ts';
import type { Certificate } from '../certificate.ts';
import type { CertificationRequest } from '../certification-request.ts';
import { isSameName } from '../names/comparison.ts';
import { decodeDistinguishedName } from '../names/distinguished-name.ts';
import { formatSerialNumber } from '../serial-number.ts';
import { describeName, describeSigned, verifySelfSignature } from './common-description.ts';
import type { CertificateDescription, RequestDescription } from './description.ts';
import { describeAttributes } from './describe-attributes.ts';

/** Describes what is well-formed, trustworthy or not: an unknown algorithm is named, not rejected. */
export interface Inspector {
  certificate(certificate: Certificate, reading?: Reading): Promise<CertificateDescription>;
  request(request: CertificationRequest, reading?: Reading): Promise<RequestDescription>;
}

export const createInspector = (keys: Pick<Keys, 'verify'>): Inspector => ({
  certificate: (certificate, reading = STRICT) => describeCertificate(keys, certificate, reading),
  request: (request, reading = STRICT) => describeRequest(keys, request, reading),
});

async function describeCertificate(
  keys: Pick<Keys, 'verify'>,
  certificate: Certificate,
  reading: Reading,
): Promise<CertificateDescription> {
  const { issuer, subject, validity, issuerUniqueId, subjectUniqueId } = certificate;
  const isSelfIssued = isOneName(issuer, subject);
  return {
    version: certificate.version,
    serialNumber: formatSerialNumber(certificate.serialNumber),
    issuer: describeName(issuer, reading),
    issuerUniqueId: issuerUniqueId && hexadecimal(issuerUniqueId.subarray(1)),
    subjectUniqueId: subjectUniqueId && hexadecimal(subjectUniqueId.subarray(1)),
    ...validity,
    isSelfIssued,
    isSignatureValid: isSelfIssued ? await isSelfSigned(keys, certificate, reading) : null,
    ...describeSigned('CERTIFICATE', certificate, reading),
  };
}

/** Names that cannot be read are the same if their octets are. */
function isOneName(issuer: Der, subject: Der): boolean {
  if (Buffer.compare(issuer, subject) === 0) return true;
  const isSame = ifReadable(() =>
    isSameName(decodeDistinguishedName(issuer), decodeDistinguishedName(subject)),
  );
  return isSame ?? false;
}

/** RFC 5280 §4.1.1.2: the algorithm outside of the signed part must be the same, because nothing else protects it. */
async function isSelfSigned(
  keys: Pick<Keys, 'verify'>,
  certificate: Certificate,
  reading: Reading,
): Promise<boolean | null> {
  const { signatureAlgorithm, outerSignatureAlgorithm, tbs } = certificate;
  if (Buffer.compare(signatureAlgorithm, outerSignatureAlgorithm) !== 0) return false;
  return verifySelfSignature(keys, tbs, certificate, reading);
}

const describeRequest = async (
  keys: Pick<Keys, 'verify'>,
  request: CertificationRequest,
  reading: Reading,
): Promise<RequestDescription> => ({
  version: 1,
  isSignatureValid: await verifySelfSignature(keys, request.info, request, reading),
  attributes: request.attributes.map(oidName),
  attributeValues: describeAttributes(request.attributeEncodings),
  ...describeSigned('CERTIFICATE REQUEST', request, reading),
});
