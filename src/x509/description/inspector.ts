import { rfc3339 } from '../../base/clock.ts';
import { decodePemOrDer } from '../../formats/pem-or-der.ts';
import { oidName } from '../../formats/oids.ts';
import type { Keys } from '../../keys/key.ts';
import { readCertificate, type Certificate } from '../certificate.ts';
import { readCertificationRequest } from '../certification-request.ts';
import type { CertificateDescription, Inspector, RequestDescription } from './description.ts';
import { decodeDistinguishedName } from '../names/distinguished-name.ts';
import { describeExtension, summarizeExtensions } from '../extensions/extension-text.ts';
import {
  describeOctets,
  describePublicKey,
  algorithmName,
  verifySelfSignature,
} from './common-description.ts';
import { isSameName } from '../names/comparison.ts';
import { formatOneLine } from '../names/name-text.ts';
import { formatSerialNumber } from '../serial-number.ts';

/** Shows what is well-formed whether or not it is trustworthy: an unknown algorithm is named, not refused. */
export const createInspector = (keys: Keys): Inspector => ({
  certificate: async (text) =>
    describeCertificate(keys, readCertificate(decodePemOrDer(text, 'CERTIFICATE'))),
  request: async (text) => describeRequest(keys, decodePemOrDer(text, 'CERTIFICATE REQUEST')),
});

const nameText = (name: Uint8Array): string => formatOneLine(decodeDistinguishedName(name));

async function describeCertificate(keys: Keys, certificate: Certificate): Promise<CertificateDescription> {
  const { der, tbs, issuer, subject, validity, subjectPublicKeyInfo, extensions } = certificate;
  const selfIssued = isSameName(decodeDistinguishedName(issuer), decodeDistinguishedName(subject));
  const { sizes, ...octets } = describeOctets('CERTIFICATE', certificate);
  return {
    version: certificate.version,
    serial_number: formatSerialNumber(certificate.serialNumber),
    subject: nameText(subject),
    issuer: nameText(issuer),
    not_before: rfc3339(validity.notBefore),
    not_after: rfc3339(validity.notAfter),
    self_issued: selfIssued,
    signature_valid: selfIssued ? await verifySelfSignature(keys, tbs, certificate) : null,
    signature_algorithm: algorithmName(certificate.signatureAlgorithm),
    public_key: describePublicKey(subjectPublicKeyInfo),
    ...summarizeExtensions(extensions),
    extensions: extensions.map(describeExtension),
    ...octets,
    sizes: { certificate: der.length, ...sizes },
  };
}

async function describeRequest(keys: Keys, der: Uint8Array): Promise<RequestDescription> {
  const request = readCertificationRequest(der);
  const { info, subject, subjectPublicKeyInfo, extensions } = request;
  const { sizes, ...octets } = describeOctets('CERTIFICATE REQUEST', request);
  return {
    version: 1,
    subject: nameText(subject),
    signature_valid: await verifySelfSignature(keys, info, request),
    signature_algorithm: algorithmName(request.signatureAlgorithm),
    public_key: describePublicKey(subjectPublicKeyInfo),
    attributes: request.attributes.map(oidName),
    ...summarizeExtensions(extensions),
    requested_extensions: extensions.map(describeExtension),
    ...octets,
    sizes: { csr: der.length, ...sizes },
  };
}
