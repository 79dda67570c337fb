import { Type } from 'typebox';
import { contentOptions } from '../wire/certificate-options.ts';
import { component } from '../wire/component.ts';
import { RequestDescription } from '../wire/description.ts';
import { EXAMPLE } from '../wire/examples.ts';
import {
  csrSizes,
  dnsUnderscore,
  echoedSubject,
  encoded,
  pem,
  requestedKeyFormat,
  requestedSecurityLevel,
  san,
  securityLevel,
  STRICT,
  subject,
} from '../wire/fields.ts';
import { otherKeyAlgorithm, requestedKeyAlgorithm } from '../wire/key-algorithm.ts';
import { CSR_TYPES } from '../wire/media-types.ts';
import { strict } from '../wire/reading.ts';
import { HybridCsrRequest, HybridCsrs } from './hybrid-schema.ts';
import { relatedMembers } from './related.ts';
import { CsrSigningRequest, SignedCertificate, SignedReply } from './sign-schema.ts';

export const CsrRequest = component(
  'CsrRequest',
  Type.Object(
    {
      subject,
      security_level: requestedSecurityLevel,
      key_algorithm: requestedKeyAlgorithm,
      san,
      dns_underscore: dnsUnderscore,
      key_format: requestedKeyFormat,
      ...contentOptions,
      ...relatedMembers,
    },
    {
      ...STRICT,
      description:
        'The content of a certificate signing request. With `profile` or another member about the certificate, the CSR ' +
        'also asks for the extensions of that certificate (extensionRequest, RFC 2985 §5.4.2); otherwise for the names only.',
      examples: [
        { subject: EXAMPLE.subject, san: EXAMPLE.san },
        {
          subject: EXAMPLE.subject,
          san: EXAMPLE.san,
          profile: 'tls-server',
          extensions: { must_staple: true },
        },
        {
          subject: EXAMPLE.subject,
          san: EXAMPLE.san,
          related_certificate: EXAMPLE.certified.certificate,
          related_private_key: EXAMPLE.certified.private_key,
        },
      ],
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
      security_level: Type.Optional(securityLevel),
      key_algorithm: otherKeyAlgorithm,
      sizes: csrSizes,
    },
    {
      ...STRICT,
      description: 'A certificate signing request and its key.',
      examples: [EXAMPLE.requested],
    },
  ),
);

export const CsrInspection = component(
  'CsrInspection',
  Type.Object(
    { csr: encoded('The CSR to inspect'), strict },
    { ...STRICT, description: 'The CSR to inspect, of any algorithm.', examples: [{ csr: EXAMPLE.csr }] },
  ),
);

export const components = [
  CsrRequest.schema,
  RequestedKey.schema,
  CsrSigningRequest.schema,
  SignedCertificate.schema,
  SignedReply.schema,
  HybridCsrRequest.schema,
  HybridCsrs.schema,
  CsrInspection.schema,
  RequestDescription.schema,
];

export const generateCsr = {
  operationId: 'generateCsr',
  tags: ['csr'],
  summary: 'Generate a key and a certificate signing request for it',
  description:
    'The service returns the private key once and does not store it. With `Accept: application/x-pem-file` the reply is a ' +
    'file with the key and the CSR. With `related_certificate` and its key, the CSR proves that its requester has that ' +
    'certificate too (RFC 9763); its key is used once and not stored.',
  body: CsrRequest.ref,
  response: { 200: RequestedKey.ref },
};

export const inspectCsr = {
  operationId: 'inspectCsr',
  tags: ['csr'],
  summary: 'Show the fields of a certificate signing request',
  description:
    'Verifies that the private key of the CSR signed it. The body can also be the CSR itself, in DER or PEM.',
  consumes: ['application/json', ...CSR_TYPES],
  body: CsrInspection.ref,
  response: { 200: RequestDescription.ref },
};
