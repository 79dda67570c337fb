/** Descriptions of certificates and requests as JSON members (`description.ts`). */

import { rfc3339 } from '../../src/base/clock.ts';
import type {
  CertificateDescription,
  RequestDescription,
  SignedDescription,
} from '../../src/x509/description/description.ts';

export const presentCertificateDescription = (certificate: CertificateDescription) => ({
  serial_number: certificate.serialNumber,
  issuer: certificate.issuer,
  issuer_unique_id: certificate.issuerUniqueId,
  subject_unique_id: certificate.subjectUniqueId,
  not_before: presentTime(certificate.notBefore),
  not_after: presentTime(certificate.notAfter),
  self_issued: certificate.isSelfIssued,
  signature_valid: certificate.isSignatureValid,
  ...presentSigned(certificate),
  extensions: certificate.extensions.map((extension) => ({ ...extension, value: [...extension.value] })),
  sizes: { certificate: certificate.sizes.der, ...presentSizes(certificate) },
});

export const presentTime = (time: Date): string | null =>
  Number.isNaN(time.getTime()) ? null : rfc3339(time);

export const presentRequestDescription = (request: RequestDescription) => ({
  signature_valid: request.isSignatureValid,
  attributes: [...request.attributes],
  attribute_values: request.attributeValues.map((attribute) => ({
    ...attribute,
    value: [...attribute.value],
  })),
  ...presentSigned(request),
  requested_extensions: request.extensions.map((extension) => ({
    ...extension,
    value: [...extension.value],
  })),
  sizes: { csr: request.sizes.der, ...presentSizes(request) },
});

const presentSigned = (signed: SignedDescription) => ({
  ...presentContent(signed),
  fingerprints: signed.fingerprints,
});

/** What does not depend on the signature. */
export const presentContent = (signed: Omit<SignedDescription, 'fingerprints'>) => ({
  version: signed.version,
  subject: signed.subject,
  signature_algorithm: signed.signatureAlgorithm,
  signature_parameters: signed.signatureParameters.length === 0 ? undefined : [...signed.signatureParameters],
  public_key: {
    algorithm: signed.publicKey.algorithm,
    sha256_fingerprint: signed.publicKey.sha256Fingerprint,
    size: signed.publicKey.size,
    bits: signed.publicKey.bits,
    public_exponent: signed.publicKey.publicExponent,
    curve: signed.publicKey.curve,
  },
  is_ca: signed.isCa,
  path_length: signed.pathLength,
  san: [...signed.subjectAltNames],
  key_usage: signed.keyUsage && [...signed.keyUsage],
  extended_key_usage: signed.extendedKeyUsage && [...signed.extendedKeyUsage],
  subject_key_identifier: signed.subjectKeyIdentifier,
  authority_key_identifier: signed.authorityKeyIdentifier,
});

export const presentSizes = ({ sizes: { pem, publicKey, signature } }: Pick<SignedDescription, 'sizes'>) => ({
  pem,
  public_key: publicKey,
  signature,
});
