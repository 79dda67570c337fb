/** Schemas of `POST /api/v1/authorities/{authority}/certificates`. */

import { Type } from 'typebox';
import { NAME_PATTERN } from '../../src/base/patterns.ts';
import { certificateOptions } from '../wire/certificate-options.ts';
import { component } from '../wire/component.ts';
import { problemResponses } from '../wire/problem-responses.ts';
import { EXAMPLE } from '../wire/examples.ts';
import { days, dnsUnderscore, encoded, isCa, pem, keyFormat, san, STRICT, subject } from '../wire/fields.ts';
import { idempotencyHeaders } from '../wire/idempotency-key.ts';
import { issuedMembers } from '../wire/issued-members.ts';
import { CertificatePreview } from '../wire/preview.ts';
import { strict } from '../wire/reading.ts';
import { authorityPath, certifiableAlgorithm } from './members.ts';

const predecessor = (description: string) =>
  Type.Optional(Type.String({ format: 'uuid', maxLength: 36, description }));

export const OrderRequest = component(
  'CertificateOrder',
  Type.Object(
    {
      csr: Type.Optional(encoded('The CSR to certify')),
      public_key: Type.Optional(
        encoded('The public key to certify (SubjectPublicKeyInfo), whose owner the service does not check'),
      ),
      subject: Type.Optional(subject),
      san,
      dns_underscore: dnsUnderscore,
      key_algorithm: certifiableAlgorithm(
        'Algorithm of the key that the service makes, without `csr` and `public_key`. `ml-dsa-65` when absent. A key of ML-KEM ' +
          'cannot sign, so its certificate has keyEncipherment only.',
      ),
      key_format: Type.Optional(keyFormat),
      renew: predecessor(
        'Id of a certificate of this authority: the new one has the same key, names and profile, and its own validity.',
      ),
      rekey: predecessor(
        'Id of a certificate of this authority: the new one has the same names and profile, and a new key.',
      ),
      days,
      is_ca: isCa,
      ...certificateOptions,
      strict,
      profile: Type.Optional(
        Type.String({
          pattern: NAME_PATTERN,
          maxLength: 64,
          description:
            'What the certificate is for: the name of a built-in or a stored profile (docs/profiles.md). `tls` when absent. `ca` ' +
            'is the same as `is_ca` true.',
          examples: ['tls-server'],
        }),
      ),
    },
    {
      ...STRICT,
      description:
        'A certificate for the key of a CSR, for a public key, for a new key that is returned once, or in place of an earlier ' +
        'certificate. The names in `san` are added to those of a CSR.',
      examples: [
        { csr: EXAMPLE.csr, days: 90 },
        { subject: EXAMPLE.subject, san: EXAMPLE.san, profile: 'tls-server' },
        { public_key: EXAMPLE.keys.public_key, subject: EXAMPLE.subject, validity: 'P30D' },
      ],
    },
  ),
);

export const IssuedOrder = component(
  'OrderedCertificate',
  Type.Object(
    {
      id: Type.String({ description: 'Id of the certificate in the store.' }),
      authority_id: Type.String({ description: 'Id of the authority.' }),
      profile: Type.String({ description: 'Name of the profile.' }),
      profile_version: Type.Integer({ description: 'Version of the profile.' }),
      certificate: pem('the certificate'),
      chain: pem('the certificate, followed by the CA certificates up to the root, which is left out'),
      private_key: Type.Optional(pem('the private key (PKCS#8), which is returned this once')),
      public_key: Type.Optional(pem('the public key (SubjectPublicKeyInfo) of a new key')),
      ...issuedMembers,
    },
    {
      ...STRICT,
      description: 'A certificate that the store has.',
      examples: [
        {
          id: '5d0b4f0e-7a5b-4f1e-9d3a-2f6c1b0a9e77',
          authority_id: '0f6a1f53-5a3e-4f3b-8f43-6f0f5f4c2d11',
          profile: 'end-entity',
          profile_version: 1,
          ...EXAMPLE.signed,
        },
      ],
    },
  ),
);

export const orderComponents = [OrderRequest.schema, IssuedOrder.schema];

export const orderCertificate = {
  operationId: 'orderCertificate',
  tags: ['authorities'],
  summary: 'Issue a certificate',
  description:
    'The serial number is stored before the certificate is signed, and the certificate before it is returned. A certificate ' +
    'for `public_key` is issued without a proof of possession, and a note says so.',
  params: authorityPath,
  headers: idempotencyHeaders,
  body: OrderRequest.ref,
  response: {
    ...problemResponses({
      403: 'The API key or token does not have the required scope, or the profile does not allow the certificate.',
    }),
    200: CertificatePreview.ref,
    201: IssuedOrder.ref,
  },
};
