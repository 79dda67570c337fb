import { Type } from 'typebox';
import { certificateOptions } from '../wire/certificate-options.ts';
import { component, eitherOf } from '../wire/component.ts';
import { CertificateDescription } from '../wire/description.ts';
import { EXAMPLE } from '../wire/examples.ts';
import { otherKeyAlgorithm, requestedKeyAlgorithm } from '../wire/key-algorithm.ts';
import { CertificatePreview, HybridPairPreview } from '../wire/preview.ts';
import { strict } from '../wire/reading.ts';
import {
  certificateSizes,
  dnsUnderscore,
  echoedSubject,
  days,
  encoded,
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
import { warnings } from '../wire/size-warnings.ts';
import { HybridPair, HybridPairReply, HybridPairRequest } from './hybrid-schema.ts';

export const CertificateRequest = component(
  'CertificateRequest',
  Type.Object(
    {
      subject,
      security_level: requestedSecurityLevel,
      key_algorithm: requestedKeyAlgorithm,
      days,
      san,
      dns_underscore: dnsUnderscore,
      is_ca: isCa,
      key_format: requestedKeyFormat,
      ...certificateOptions,
    },
    {
      ...STRICT,
      description: 'The content of a self-signed certificate.',
      examples: [
        { subject: EXAMPLE.subject, security_level: 'ml-dsa-65', days: 365, san: EXAMPLE.san },
        { subject: '/CN=Example Code Signing', profile: 'code-signing', validity: 'P2Y' },
        {
          subject: '/CN=Example Root CA/O=Example Org',
          profile: 'ca',
          not_after: '2060-12-31T23:59:59Z',
          path_length: 1,
          name_constraints: { permitted: ['DNS:example.com', 'dirName:/O=Example Org'] },
        },
        {
          subject: EXAMPLE.subject,
          san: EXAMPLE.san,
          key_usage: ['digitalSignature'],
          extended_key_usage: ['serverAuth', '1.3.6.1.5.5.7.3.17'],
          dry_run: true,
        },
      ],
    },
  ),
);

export const CertifiedKey = component(
  'CertifiedKey',
  Type.Object(
    {
      certificate: pem('the certificate'),
      private_key: pem('the private key (PKCS#8)'),
      public_key: pem('the public key (SubjectPublicKeyInfo)'),
      security_level: Type.Optional(securityLevel),
      key_algorithm: otherKeyAlgorithm,
      subject: echoedSubject,
      validity_days: validityDays,
      ...validityPeriod,
      sizes: certificateSizes,
      warnings,
    },
    {
      ...STRICT,
      description: 'A self-signed certificate and its key.',
      examples: [EXAMPLE.certified],
    },
  ),
);

export const CertificateInspection = component(
  'CertificateInspection',
  Type.Object(
    { certificate: encoded('The certificate'), strict },
    {
      ...STRICT,
      description: 'The certificate to inspect, of any algorithm.',
      examples: [{ certificate: EXAMPLE.certificate }],
    },
  ),
);

const CertificateReply = eitherOf(
  'CertificateReply',
  [CertifiedKey, CertificatePreview],
  'The certificate and its key, or for a dry run what the certificate would contain.',
);

export const components = [
  CertificatePreview.schema,
  HybridPairPreview.schema,
  CertificateReply.schema,
  HybridPairReply.schema,
  CertificateRequest.schema,
  CertifiedKey.schema,
  HybridPairRequest.schema,
  HybridPair.schema,
  CertificateInspection.schema,
  CertificateDescription.schema,
];

export const generateCertificate = {
  operationId: 'generateCertificate',
  tags: ['certificate'],
  summary: 'Generate a key and a self-signed certificate for it',
  description:
    'A certificate for TLS servers and clients, or for what `profile` says; a CA certificate when `is_ca` is true ' +
    '(RFC 5280, RFC 9881, RFC 9909). The service returns the private key once and does not store it. With ' +
    '`Accept: application/x-pem-file` the reply is a file with the key and the certificate.',
  body: CertificateRequest.ref,
  response: { 200: CertificateReply.ref },
};

export const inspectCertificate = {
  operationId: 'inspectCertificate',
  tags: ['certificate'],
  summary: 'Show the fields of a certificate',
  description:
    'Verifies the signature of a self-signed certificate. This does not mean that the certificate is trusted.',
  body: CertificateInspection.ref,
  response: { 200: CertificateDescription.ref },
};
