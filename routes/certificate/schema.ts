import { Type } from 'typebox';
import { component } from '../wire/component.ts';
import { CertificateDescription } from '../wire/description.ts';
import { EXAMPLE } from '../wire/examples.ts';
import {
  echoedSubject,
  days,
  DEFAULTS,
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
} from '../wire/fields.ts';

export const CertificateRequest = component(
  'CertificateRequest',
  Type.Object(
    {
      subject,
      security_level: requestedSecurityLevel,
      days,
      san,
      is_ca: isCa,
      key_format: requestedKeyFormat,
    },
    {
      ...STRICT,
      description: 'The content of a self-signed ML-DSA certificate.',
      examples: [{ subject: EXAMPLE.subject, security_level: 'ml-dsa-65', days: 365, san: EXAMPLE.san }],
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
      security_level: securityLevel,
      subject: echoedSubject,
      validity_days: validityDays,
    },
    {
      ...STRICT,
      description: 'A self-signed ML-DSA certificate and its key.',
      examples: [
        {
          certificate: EXAMPLE.certificate,
          private_key: EXAMPLE.privateKey,
          public_key: EXAMPLE.publicKey,
          security_level: 'ml-dsa-65',
          subject: EXAMPLE.subject,
          validity_days: 365,
        },
      ],
    },
  ),
);

const classicalAlgorithm = Type.Enum(['rsa', 'ecdsa'], {
  type: 'string',
  description: 'Family of the classical key.',
});

export const HybridPairRequest = component(
  'HybridPairRequest',
  Type.Object(
    {
      subject,
      classical_algorithm: classicalAlgorithm,
      rsa_key_size: Type.Optional(
        Type.Enum([2048, 3072, 4096], {
          type: 'integer',
          description: `Modulus length in bits; ${DEFAULTS.rsaKeySize} when absent. Only with classical_algorithm rsa.`,
        }),
      ),
      ec_curve: Type.Optional(
        Type.Enum(['P-256', 'P-384', 'P-521'], {
          type: 'string',
          description: `Curve; ${DEFAULTS.ecCurve} when absent. Only with classical_algorithm ecdsa.`,
        }),
      ),
      security_level: requestedSecurityLevel,
      days,
      san,
      is_ca: isCa,
      key_format: requestedKeyFormat,
    },
    {
      ...STRICT,
      description: 'The content of both certificates of a hybrid pair.',
      examples: [{ subject: EXAMPLE.subject, classical_algorithm: 'ecdsa', san: EXAMPLE.san }],
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
    },
    {
      ...STRICT,
      description:
        'Two self-signed certificates with the same subject, names and validity. Each verifies alone.',
      examples: [EXAMPLE.pair],
    },
  ),
);

export const CertificateInspection = component(
  'CertificateInspection',
  Type.Object(
    { certificate: encoded('The certificate') },
    {
      ...STRICT,
      description: 'The certificate to inspect, of any algorithm.',
      examples: [{ certificate: EXAMPLE.certificate }],
    },
  ),
);

export const components = [
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
  summary: 'Generate a key and a self-signed ML-DSA certificate for it',
  description:
    'An end-entity certificate for TLS servers and clients, or a CA certificate when `is_ca` is true (RFC 5280, RFC 9881). ' +
    'The service returns the private key once and does not store it.',
  body: CertificateRequest.ref,
  response: { 200: CertifiedKey.ref },
};

export const generateHybridPair = {
  operationId: 'generateHybridPair',
  tags: ['certificate'],
  summary: 'Generate an ML-DSA and a classical certificate for one subject',
  description:
    'For servers that select the certificate by what the client supports. Each is signed by its own key. ' +
    'The service returns the private keys once and does not store them.',
  body: HybridPairRequest.ref,
  response: { 200: HybridPair.ref },
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
