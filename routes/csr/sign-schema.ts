import { Type } from 'typebox';
import { certificateOptions } from '../wire/certificate-options.ts';
import { component, eitherOf } from '../wire/component.ts';
import { EXAMPLE } from '../wire/examples.ts';
import { dnsUnderscore, encoded, isCa, password, pem, san, secret, STRICT, subject } from '../wire/fields.ts';
import { issuedMembers } from '../wire/issued-members.ts';
import { CertificatePreview } from '../wire/preview.ts';
import { strict } from '../wire/reading.ts';

export const CsrSigningRequest = component(
  'CsrSigningRequest',
  Type.Object(
    {
      csr: Type.Optional(encoded('The CSR to sign')),
      public_key: Type.Optional(
        encoded(
          'In place of `csr`, the public key to certify (SubjectPublicKeyInfo), with `subject` or `san`. Nothing proves that the ' +
            'caller has its private key; a key of ML-KEM cannot sign a CSR',
        ),
      ),
      subject: Type.Optional(subject),
      ca_certificate: encoded(
        'The CA certificate, alone or with those of the CAs above it: up to 10 certificates in any order, as PEM blocks or ' +
          'PKCS #7 (docs/signing.md). The one with the key of `ca_private_key` signs',
      ),
      ca_private_key: secret('The private key of the CA (PKCS #8, or another form that keys/convert reads)'),
      ca_private_key_password: password('`ca_private_key`, when it is encrypted'),
      related_certificate: Type.Optional(
        encoded(
          'Another certificate of the same end entity, which relatedCertRequest of the CSR names. The new certificate gets ' +
            'RelatedCertificate with its hash (RFC 9763), when the CSR proves that its requester has both keys (docs/signing.md)',
        ),
      ),
      days: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 7300,
          description:
            'Validity in whole days from now, within the validity of the CA certificate. Instead of it, give `validity`, or ' +
            '`not_after` with or without `not_before`. When all are absent: 365 days, 30 with the profile `ocsp-responder`, ' +
            '7 with `short-lived`, or until the CA certificate expires if that is sooner.',
          examples: [90],
        }),
      ),
      is_ca: isCa,
      san,
      dns_underscore: dnsUnderscore,
      ...certificateOptions,
      strict,
    },
    {
      ...STRICT,
      description:
        'A CSR or a public key, the CA that signs it, and the granted options. The keys may be ML-DSA or SLH-DSA of any parameter set, ' +
        'RSA of 2048 bits or more, ECDSA or Ed25519; the CA and the CSR may have keys of different algorithms. The names in `san` are ' +
        'added to those of the CSR.',
      examples: [
        {
          csr: EXAMPLE.csr,
          ca_certificate: EXAMPLE.caCertificate,
          ca_private_key: EXAMPLE.caPrivateKey,
          days: 90,
        },
        {
          csr: EXAMPLE.csr,
          ca_certificate: EXAMPLE.caCertificate,
          ca_private_key: EXAMPLE.caPrivateKey,
          profile: 'tls-server',
          validity: 'P90D',
          extensions: {
            crl_distribution_points: ['http://pki.example.com/ca.crl'],
            ocsp: ['http://ocsp.example.com/'],
            ca_issuers: ['http://pki.example.com/ca.crt'],
            certificate_policies: [{ oid: '1.3.6.1.4.1.32473.1', cps: 'https://pki.example.com/cps' }],
          },
        },
        {
          csr: EXAMPLE.csr,
          ca_certificate: EXAMPLE.caChain,
          ca_private_key: EXAMPLE.issuingKey,
          days: 90,
        },
        {
          public_key: EXAMPLE.keys.public_key,
          subject: EXAMPLE.subject,
          ca_certificate: EXAMPLE.caCertificate,
          ca_private_key: EXAMPLE.caPrivateKey,
        },
        {
          csr: EXAMPLE.csr,
          ca_certificate: EXAMPLE.caCertificate,
          ca_private_key: EXAMPLE.caPrivateKey,
          profile: 'short-lived',
          validity: 'PT12H',
          dry_run: true,
        },
      ],
    },
  ),
);

export const SignedCertificate = component(
  'SignedCertificate',
  Type.Object(
    {
      certificate: pem('the certificate'),
      chain: pem(
        'the certificate, followed by the CA certificate and those above it that `ca_certificate` has',
      ),
      ...issuedMembers,
    },
    {
      ...STRICT,
      description: 'A certificate signed by the given CA.',
      examples: [EXAMPLE.signed],
    },
  ),
);

export const SignedReply = eitherOf(
  'SignedCertificateReply',
  [SignedCertificate, CertificatePreview],
  'The certificate, or for a dry run what it would contain.',
);

export const signCsr = {
  operationId: 'signCsr',
  tags: ['csr'],
  summary: 'Sign a CSR with the key of a CA',
  description:
    'Verifies the signature of the CSR, and checks the CA: its certificate must be a valid CA certificate, the key must ' +
    'belong to it, and its path length, name constraints and validity must allow the new certificate; so must those of the ' +
    'CAs above it that are given. From the CSR, only the key, the subject and the subject alternative names are granted, ' +
    'but not every otherName. In place of a CSR there can be a public key, as of ML-KEM, which cannot sign: its certificate ' +
    'has keyEncipherment only. The CA key is used once and not stored. With `Accept: application/pem-certificate-chain`, ' +
    '`application/x-pem-file` or `application/pkix-cert` the reply is the chain or the certificate as a file.',
  body: CsrSigningRequest.ref,
  response: { 200: SignedReply.ref },
};
