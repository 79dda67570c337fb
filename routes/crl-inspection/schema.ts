import { Type } from 'typebox';
import { component } from '../wire/component.ts';
import {
  describedExtensions,
  fingerprints,
  moment,
  octets,
  signatureParameters,
  text,
} from '../wire/description.ts';
import { CRL_DESCRIPTION, EXAMPLE } from '../wire/examples.ts';
import { encoded, nullable, STRICT } from '../wire/fields.ts';
import { CRL_TYPES } from '../wire/media-types.ts';
import { notes } from '../wire/notes.ts';
import { strict } from '../wire/reading.ts';

const MAX_ENTRIES = 1000;

export const CrlInspection = component(
  'CrlInspection',
  Type.Object(
    {
      crl: Type.String({
        minLength: 1,
        maxLength: 16_777_216,
        description: 'The CRL to inspect: PEM, or base64 of PEM or DER.',
      }),
      issuer: Type.Optional(
        encoded(
          'Certificates of the CA, PEM or PKCS #7; the one with the name of the issuer verifies the signature',
        ),
      ),
      offset: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 16_777_216,
          default: 0,
          description: 'Index of the first entry to show.',
        }),
      ),
      limit: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: MAX_ENTRIES,
          default: 100,
          description: 'Number of entries to show.',
        }),
      ),
      serial_number: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 64,
          description: 'A serial number to look for in all entries, hexadecimal.',
          examples: ['4EFAF9F3B463850337CF7CA5023C2D1C'],
        }),
      ),
      strict,
    },
    {
      ...STRICT,
      description: 'The CRL to inspect, and what to show of it.',
      examples: [{ crl: EXAMPLE.crl, issuer: EXAMPLE.caCertificate, limit: 10 }],
    },
  ),
);

const entry = Type.Object(
  {
    serial_number: text('Capital hexadecimal.'),
    revoked_at: moment('When it was revoked; null for a time that cannot be read.'),
    reason: Type.Optional(text('CRLReason, such as `keyCompromise`.')),
    extensions: describedExtensions('The other extensions of the entry.'),
  },
  STRICT,
);

export const CrlDescription = component(
  'CrlDescription',
  Type.Object(
    {
      version: Type.Integer({ description: '2, or 1 without extensions.' }),
      issuer: text('OpenSSL one-line form.'),
      this_update: moment('When it was issued; null for a time that cannot be read.'),
      next_update: moment('When the next one is due; null if it does not say.'),
      crl_number: Type.Optional(text('cRLNumber.')),
      is_delta: Type.Boolean({
        description: 'Whether it lists only changes to another CRL (RFC 5280 §5.2.4).',
      }),
      authority_key_identifier: Type.Optional(text('Capital hexadecimal with colons.')),
      signature_algorithm: text('Algorithm of the signature.'),
      signature_parameters: signatureParameters,
      signature_valid: Type.Optional(
        nullable(
          Type.Boolean({
            description:
              'Whether the signature verifies with a certificate of `issuer`; null if none has the right name or algorithm. ' +
              'Absent without `issuer`.',
          }),
        ),
      ),
      signed_by: Type.Optional(text('Subject of the certificate whose key verified the signature.')),
      signature_message: Type.Optional(text('Why the signature is not valid, or was not verified.')),
      total: Type.Integer({ minimum: 0, description: 'Number of all entries.' }),
      entries: Type.Array(entry, { description: 'Entries from `offset`, in the order of the CRL.' }),
      next_offset: nullable(
        Type.Integer({ description: '`offset` of the next page; null after the last entry.' }),
      ),
      found: Type.Optional(
        nullable(
          Type.Object(
            { ...entry.properties },
            { ...STRICT, description: 'The entry of `serial_number`; null if it is not listed.' },
          ),
        ),
      ),
      extensions: describedExtensions('All extensions, in the order of the CRL.'),
      fingerprints,
      sizes: Type.Object(
        { crl: octets('Length of the DER'), signature: octets('Length of the signature') },
        STRICT,
      ),
      notes,
    },
    { ...STRICT, description: 'The fields of a CRL.', examples: [CRL_DESCRIPTION] },
  ),
);

export const components = [CrlInspection.schema, CrlDescription.schema];

export const inspectCrl = {
  operationId: 'inspectCrl',
  tags: ['crl'],
  summary: 'Show the fields and entries of a CRL',
  description:
    'Of any CRL, also a delta CRL or one with unknown critical extensions. Entries are shown by page, and one can be looked ' +
    'for. The body can also be the CRL itself.',
  consumes: ['application/json', ...CRL_TYPES],
  body: CrlInspection.ref,
  response: { 200: CrlDescription.ref },
};
