import { Type } from 'typebox';
import { certificateOptions } from '../wire/certificate-options.ts';
import { classicalAlgorithm, requestedClassicalKey } from '../wire/classical-key.ts';
import { component, eitherOf } from '../wire/component.ts';
import { EXAMPLE } from '../wire/examples.ts';
import {
  certificateSizes,
  days,
  dnsUnderscore,
  echoedSubject,
  isCa,
  pem,
  requestedKeyFormat,
  requestedSecurityLevel,
  san,
  securityLevel,
  STRICT,
  subject,
  validityDays,
  validityPeriod,
} from '../wire/fields.ts';
import { HybridPairPreview } from '../wire/preview.ts';
import { warnings } from '../wire/size-warnings.ts';

export const HybridPairRequest = component(
  'HybridPairRequest',
  Type.Object(
    {
      subject,
      ...requestedClassicalKey,
      security_level: requestedSecurityLevel,
      days,
      san,
      dns_underscore: dnsUnderscore,
      is_ca: isCa,
      key_format: requestedKeyFormat,
      bind: Type.Optional(
        Type.Boolean({
          default: false,
          description:
            'Whether the classical certificate has the extension RelatedCertificate with the SHA-512 of the ML-DSA ' +
            'certificate (RFC 9763), so that `certificate/verify` can check that they belong together. Not for a CA.',
        }),
      ),
      ...certificateOptions,
    },
    {
      ...STRICT,
      description: 'The content of both certificates of a hybrid pair.',
      examples: [
        { subject: EXAMPLE.subject, classical_algorithm: 'ecdsa', san: EXAMPLE.san },
        {
          subject: EXAMPLE.subject,
          classical_algorithm: 'rsa',
          san: EXAMPLE.san,
          profile: 'tls-server',
          validity: 'P90D',
          extensions: { ca_issuers: ['http://pki.example.com/ca.crt'] },
          dry_run: true,
        },
      ],
    },
  ),
);

export const HybridPair = component(
  'HybridPair',
  Type.Object(
    {
      ml_dsa_certificate: pem('the ML-DSA certificate'),
      classical_certificate: pem('the RSA or ECDSA certificate'),
      ml_dsa_private_key: pem('the ML-DSA private key (PKCS#8)'),
      ml_dsa_public_key: pem('the ML-DSA public key (SubjectPublicKeyInfo)'),
      classical_private_key: pem('the RSA or ECDSA private key (PKCS#8)'),
      classical_public_key: pem('the RSA or ECDSA public key (SubjectPublicKeyInfo)'),
      security_level: securityLevel,
      classical_algorithm: classicalAlgorithm,
      subject: echoedSubject,
      validity_days: validityDays,
      ...validityPeriod,
      sizes: Type.Object({ ml_dsa: certificateSizes, classical: certificateSizes }, STRICT),
      warnings: Type.Object({ ml_dsa: warnings, classical: warnings }, STRICT),
    },
    {
      ...STRICT,
      description:
        'Two self-signed certificates with the same subject, names and validity. Each verifies alone.',
      examples: [EXAMPLE.pair],
    },
  ),
);

export const HybridPairReply = eitherOf(
  'HybridPairReply',
  [HybridPair, HybridPairPreview],
  'Both certificates and their keys, or for a dry run what the certificates would contain.',
);

export const generateHybridPair = {
  operationId: 'generateHybridPair',
  tags: ['certificate'],
  summary: 'Generate an ML-DSA and a classical certificate for one subject',
  description:
    'For servers that select the certificate by what the client supports. Each is signed by its own key. ' +
    'The service returns the private keys once and does not store them. With `Accept: application/x-pem-file` the reply is a ' +
    'file with the ML-DSA key and certificate and then the classical ones, with `application/zip` an archive of four files.',
  body: HybridPairRequest.ref,
  response: { 200: HybridPairReply.ref },
};
