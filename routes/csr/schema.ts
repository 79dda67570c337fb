import { Type } from 'typebox';
import { component } from '../wire/component.ts';
import { RequestDescription } from '../wire/description.ts';
import { EXAMPLE } from '../wire/examples.ts';
import {
  echoedSubject,
  encoded,
  isCa,
  pem,
  requestedKeyFormat,
  requestedSecurityLevel,
  san,
  secret,
  securityLevel,
  STRICT,
  subject,
} from '../wire/fields.ts';

export const CsrRequest = component(
  'CsrRequest',
  Type.Object(
    { subject, security_level: requestedSecurityLevel, san, key_format: requestedKeyFormat },
    {
      ...STRICT,
      description: 'What a certificate signing request is to ask for.',
      examples: [{ subject: EXAMPLE.subject, san: EXAMPLE.san }],
    },
  ),
);

export const RequestedKey = component(
  'RequestedKey',
  Type.Object(
    {
      csr: pem('the certificate signing request (PKCS#10)'),
      private_key: pem('the private key (PKCS#8)'),
      public_key: pem('the public key (SubjectPublicKeyInfo)'),
      subject: echoedSubject,
      security_level: securityLevel,
    },
    {
      ...STRICT,
      description: 'A certificate signing request and its key.',
      examples: [
        {
          csr: EXAMPLE.csr,
          private_key: EXAMPLE.privateKey,
          public_key: EXAMPLE.publicKey,
          subject: EXAMPLE.subject,
          security_level: 'ml-dsa-65',
        },
      ],
    },
  ),
);

export const CsrSigningRequest = component(
  'CsrSigningRequest',
  Type.Object(
    {
      csr: encoded('The request to sign'),
      ca_certificate: encoded('The certificate of the CA that signs'),
      ca_private_key: secret('The private key of that CA (PKCS#8, not encrypted)'),
      days: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 7300,
          description:
            'Validity in whole days from now; no more than the CA certificate has left. When left out 365, or until the ' +
            'CA certificate ends if that is sooner.',
        }),
      ),
      is_ca: isCa,
      path_length: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 255,
          description:
            'With is_ca only: how many CA certificates may follow in a path. No limit when left out.',
        }),
      ),
      san,
    },
    {
      ...STRICT,
      description:
        'A request, the CA that signs it, and what the caller grants. Keys may be ML-DSA of any level, RSA of 2048 bits ' +
        'or more, ECDSA or Ed25519; that of the CA and that of the request need not be alike. `san` is added to the ' +
        'names that the request asks for.',
      examples: [
        { csr: EXAMPLE.csr, ca_certificate: EXAMPLE.certificate, ca_private_key: EXAMPLE.privateKey },
      ],
    },
  ),
);

const instant = (description: string) => Type.String({ format: 'date-time', description });

export const SignedCertificate = component(
  'SignedCertificate',
  Type.Object(
    {
      certificate: pem('the certificate'),
      chain: pem('the certificate and, after it, that of the CA'),
      serial_number: Type.String({ description: 'Capital hexadecimal.' }),
      not_before: instant('Start of validity (RFC 3339, UTC).'),
      not_after: instant('Last second of validity (RFC 3339, UTC).'),
      subject: Type.String({ description: 'Subject of the certificate in the OpenSSL one-line form.' }),
      issuer: Type.String({ description: 'Subject of the CA in the OpenSSL one-line form.' }),
      security_level: Type.Optional(securityLevel),
      key_algorithm: Type.Optional(
        Type.String({
          description:
            'In place of security_level when the key of the request is not ML-DSA, such as `ecdsa-p256`.',
        }),
      ),
      ignored_extensions: Type.Array(Type.String(), {
        description:
          'What else the request asked for and was not granted: names, or object identifiers where unknown.',
      }),
    },
    {
      ...STRICT,
      description: 'A certificate signed by the CA of the request.',
      examples: [
        {
          certificate: EXAMPLE.certificate,
          chain: EXAMPLE.certificate,
          serial_number: '2C8F0B6E51D97A34C0E2B81F6D4A905C7E13F8A2',
          not_before: '2026-11-24T10:00:00Z',
          not_after: '2027-11-24T10:00:00Z',
          subject: EXAMPLE.subject,
          issuer: '/CN=Example Root CA',
          security_level: 'ml-dsa-65',
          ignored_extensions: ['keyUsage'],
        },
      ],
    },
  ),
);

export const CsrInspection = component(
  'CsrInspection',
  Type.Object(
    { csr: encoded('The request to show') },
    { ...STRICT, description: 'The request to show, of any algorithm.', examples: [{ csr: EXAMPLE.csr }] },
  ),
);

export const components = [
  CsrRequest.schema,
  RequestedKey.schema,
  CsrSigningRequest.schema,
  SignedCertificate.schema,
  CsrInspection.schema,
  RequestDescription.schema,
];

export const generateCsr = {
  operationId: 'generateCsr',
  tags: ['csr'],
  summary: 'Generate an ML-DSA key and a certificate signing request for it',
  description: 'The private key leaves the service with this answer and is kept nowhere.',
  body: CsrRequest.ref,
  response: { 200: RequestedKey.ref },
};

export const signCsr = {
  operationId: 'signCsr',
  tags: ['csr'],
  summary: 'Sign a request with the key of a CA',
  description:
    'Checks that the request was made by the holder of its key and that the CA may sign it: it is a CA, valid now, the ' +
    'key is its own, and its path length, name constraints and end of validity are kept. Of what the request asks ' +
    'for, only the subject and the subject alternative names are granted. The key of the CA is used once and kept nowhere.',
  body: CsrSigningRequest.ref,
  response: { 200: SignedCertificate.ref },
};

export const inspectCsr = {
  operationId: 'inspectCsr',
  tags: ['csr'],
  summary: 'Show every field of a certificate signing request',
  description: 'Says whether the request was made by the holder of its key.',
  body: CsrInspection.ref,
  response: { 200: RequestDescription.ref },
};
