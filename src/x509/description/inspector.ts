import { hexadecimal } from '../../base/hexadecimal.ts';
import { oidName } from '../../formats/oids.ts';
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
  certificate(certificate: Certificate): Promise<CertificateDescription>;
  request(request: CertificationRequest): Promise<RequestDescription>;
}

export const createInspector = (keys: Pick<Keys, 'verify'>): Inspector => ({
  certificate: (certificate) => describeCertificate(keys, certificate),
  request: (request) => describeRequest(keys, request),
});

async function describeCertificate(
  keys: Pick<Keys, 'verify'>,
  certificate: Certificate,
): Promise<CertificateDescription> {
  const { tbs, issuer, subject, validity } = certificate;
  const isSelfIssued = isSameName(decodeDistinguishedName(issuer), decodeDistinguishedName(subject));
  return {
    version: certificate.version,
    serialNumber: formatSerialNumber(certificate.serialNumber),
    issuer: describeName(issuer),
    issuerUniqueId: certificate.issuerUniqueId && hexadecimal(certificate.issuerUniqueId.subarray(1)),
    subjectUniqueId: certificate.subjectUniqueId && hexadecimal(certificate.subjectUniqueId.subarray(1)),
    ...validity,
    isSelfIssued,
    isSignatureValid: isSelfIssued ? await verifySelfSignature(keys, tbs, certificate) : null,
    ...describeSigned('CERTIFICATE', certificate),
  };
}

const describeRequest = async (
  keys: Pick<Keys, 'verify'>,
  request: CertificationRequest,
): Promise<RequestDescription> => ({
  version: 1,
  isSignatureValid: await verifySelfSignature(keys, request.info, request),
  attributes: request.attributes.map(oidName),
  attributeValues: describeAttributes(request.attributeEncodings),
  ...describeSigned('CERTIFICATE REQUEST', request),
});
