/** The list of certificates, for Fastify and for the OpenAPI document. */

import type { Readable } from 'node:stream';
import { Type } from 'typebox';
import { REASON_NAMES } from '../../src/revocation/reasons.ts';
import { component } from '../wire/component.ts';
import { EXAMPLE } from '../wire/examples.ts';
import { certificateSizes, instant, pem, STRICT } from '../wire/fields.ts';
import { warnings } from '../wire/size-warnings.ts';
import { next } from '../wire/page.ts';
import { ExpiringQuery, ExportQuery, ListQuery } from './query.ts';

const summaryMembers = {
  id: Type.String({ description: 'Id of the certificate.' }),
  status: Type.Enum(['valid', 'expired', 'revoked', 'pending'], {
    type: 'string',
    description: '`pending`: its validity begins later.',
  }),
  serial_number: Type.String({ description: 'Capital hexadecimal.' }),
  subject: Type.String({ description: 'RFC 4514.' }),
  san: Type.Array(Type.String(), { description: 'Subject alternative names, each with its prefix.' }),
  not_before: instant('Start of the validity.'),
  not_after: instant('End of the validity.'),
  issued_at: instant('When it was issued, with milliseconds.'),
  authority_id: Type.String({ description: 'Id of the authority.' }),
  authority_key_id: Type.String({ description: 'Id of the key of the authority that signed it.' }),
  profile: Type.String({ description: 'Name of the profile.' }),
  profile_version: Type.Integer({ description: 'Version of the profile at that time.' }),
  key_algorithm: Type.String({ description: 'Algorithm of the certified key.' }),
  key_id: Type.String({ description: 'SHA-256 of the SubjectPublicKeyInfo, hexadecimal.' }),
  sha256_fingerprint: Type.String({ description: 'SHA-256 of the DER.' }),
  is_ca: Type.Boolean({ description: 'Whether it is the certificate of a CA.' }),
  principal: Type.String({ description: 'Id of the principal that requested it.' }),
  revoked_at: Type.Optional(instant('When it was revoked or put on hold.')),
  revocation_reason: Type.Optional(
    Type.Enum(REASON_NAMES, { type: 'string', description: '`certificateHold` is not final.' }),
  ),
};

const EXAMPLE_SUMMARY = Object.freeze({
  id: '3f0c2a54-8a1c-4c93-9b61-0d6a5a1f7c10',
  status: 'valid',
  serial_number: '0A1B2C3D4E5F60718293A4B5C6D7E8F901020304',
  subject: 'CN=example.com,O=Example Org,C=US',
  san: ['DNS:www.example.com', 'DNS:example.com'],
  not_before: '2027-01-01T11:55:00Z',
  not_after: '2028-01-01T12:00:00Z',
  issued_at: '2027-01-01T12:00:00.250Z',
  authority_id: '5d0b4f0e-7a5b-4f1e-9d3a-2f6c1b0a9e77',
  authority_key_id: '0f6a1f53-5a3e-4f3b-8f43-6f0f5f4c2d11',
  profile: 'tls-server',
  profile_version: 1,
  key_algorithm: 'ml-dsa-65',
  key_id: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  sha256_fingerprint: Array.from({ length: 32 }, () => '5A').join(':'),
  is_ca: false,
  principal: 'key:web-team',
});

/** A member of a page. */
export const storedCertificate = Type.Object(summaryMembers, STRICT);

export const StoredCertificate = component(
  'StoredCertificate',
  Type.Object(
    {
      ...summaryMembers,
      certificate: pem('the certificate'),
      chain: pem('the certificate and those above it, its issuer first'),
      sizes: certificateSizes,
      warnings,
    },
    {
      ...STRICT,
      description: 'A certificate that was issued, with its PEM.',
      examples: [
        {
          ...EXAMPLE_SUMMARY,
          certificate: EXAMPLE.certificate,
          chain: EXAMPLE.certificate,
          sizes: EXAMPLE.certified.sizes,
          warnings: EXAMPLE.certified.warnings,
        },
      ],
    },
  ),
);

export const CertificateList = component(
  'CertificateList',
  Type.Object(
    { certificates: Type.Array(storedCertificate), next },
    {
      ...STRICT,
      description: 'A page of certificates.',
      examples: [{ certificates: [EXAMPLE_SUMMARY], next: null }],
    },
  ),
);

export const Renewal = component(
  'Renewal',
  Type.Object(
    {
      id: Type.String({ description: 'Id of the certificate.' }),
      suggested_window: Type.Object(
        { start: instant('Its start.'), end: instant('Its end.') },
        {
          ...STRICT,
          description:
            'Renew at a random time in it, or at once if it is over. For a revoked certificate it is over.',
        },
      ),
      acme_id: Type.Optional(
        Type.String({ description: 'Identifies the certificate in ACME (RFC 9773 §4.1).' }),
      ),
    },
    {
      ...STRICT,
      description: 'When a certificate should be renewed (RFC 9773).',
      examples: [
        {
          id: EXAMPLE_SUMMARY.id,
          suggested_window: { start: '2027-08-29T02:00:00Z', end: '2027-09-05T10:00:00Z' },
          acme_id: 'aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE',
        },
      ],
    },
  ),
);

const tags = ['certificates'];

const OWN =
  'A principal sees what it requested; with the scope `certs:read:all` or `admin` it sees every certificate.';

export const listCertificates = {
  operationId: 'listCertificates',
  tags,
  summary: 'Search certificates',
  description: `The newest first. With \`expires_after\`, \`expires_before\` or \`status=expired\` the first to expire is first. ${OWN}`,
  querystring: ListQuery,
  response: { 200: CertificateList.ref },
};

export const listExpiring = {
  operationId: 'listExpiringCertificates',
  tags,
  summary: 'List valid certificates that expire soon',
  description: `The first to expire is first. ${OWN}`,
  querystring: ExpiringQuery,
  response: { 200: CertificateList.ref },
};

/** A media type of its own: one JSON object a line. */
export const NDJSON = 'application/x-ndjson';

export const exportCertificates = {
  operationId: 'exportCertificates',
  tags,
  summary: 'Export certificates',
  description:
    'One JSON object a line, without a limit, the oldest first. Each has the members of a certificate except `chain`. The ' +
    'connection is closed before the end of the body if the service cannot read the rest. The reply may take an hour. ' +
    OWN,
  querystring: ExportQuery,
  response: {
    200: {
      description: 'The certificates.',
      content: {
        [NDJSON]: { schema: Type.Unsafe<Readable>({ type: 'string', description: 'Lines of JSON.' }) },
      },
    },
  },
};

export const readCertificate = {
  operationId: 'readCertificate',
  tags,
  summary: 'Get a certificate',
  description:
    'JSON, PEM with the certificates above it, or DER, as the Accept header field prefers. The reply is the same for a ' +
    'certificate that the caller may not see and for one that does not exist.',
  params: Type.Object({
    id: Type.String({ minLength: 1, maxLength: 64, description: 'Id of the certificate.' }),
  }),
  response: { 200: StoredCertificate.ref },
};

export const readRenewal = {
  operationId: 'readRenewal',
  tags,
  summary: 'Get when a certificate should be renewed',
  description: `\`Retry-After\` says in how many seconds to read it again. ${OWN}`,
  params: readCertificate.params,
  response: { 200: Renewal.ref },
};

export const components = [StoredCertificate.schema, CertificateList.schema, Renewal.schema];
