/** The query parameters of the lists of certificates. */

import { Type, type Static } from 'typebox';
import { SHA256_PATTERN } from '../../src/base/patterns.ts';
import { STRICT } from '../wire/fields.ts';
import { pageQuery } from '../wire/page.ts';
import { moment } from '../wire/query.ts';

const digest = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: SHA256_PATTERN,
      maxLength: 95,
      description: `${description} Hexadecimal, with or without colons.`,
    }),
  );

const word = (maxLength: number, description: string, example: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, description, examples: [example] }));

/** What every list has. */
const filters = {
  serial: word(64, 'Serial number. Hexadecimal, with or without colons.', '0A:1B:2C'),
  sha256: digest('SHA-256 of the DER.'),
  key_id: digest('SHA-256 of the SubjectPublicKeyInfo.'),
  subject: word(
    1024,
    'Words that the subject must contain, ignoring case: `acme ltd` finds `O=ACME Europe Ltd`.',
    'acme',
  ),
  san: word(
    2048,
    'An alternative name, ignoring case, with or without its prefix. `*.example.com` finds every DNS name below it too.',
    'www.example.com',
  ),
  authority: word(64, 'Id or name of the authority.', 'issuing-1'),
  profile: word(64, 'Name of the profile.', 'tls-server'),
  principal: word(512, 'Id of the principal that requested it.', 'key:web-team'),
};

const dates = {
  status: Type.Optional(
    Type.Enum(['valid', 'expired', 'revoked'], {
      type: 'string',
      description: '`valid`: within its period and not revoked.',
    }),
  ),
  issued_after: moment('Issued at this time or later.'),
  issued_before: moment('Issued before this time.'),
  expires_after: moment('Expires at this time or later.'),
  expires_before: moment('Expires before this time.'),
};

export const ExportQuery = Type.Object({ ...filters, ...dates }, STRICT);
export const ListQuery = Type.Object({ ...filters, ...dates, ...pageQuery }, STRICT);
export const ExpiringQuery = Type.Object(
  {
    within: Type.Optional(
      Type.String({
        minLength: 2,
        maxLength: 40,
        default: 'P30D',
        description: 'Duration of ISO 8601 from now.',
        examples: ['P30D'],
      }),
    ),
    ...filters,
    ...pageQuery,
  },
  STRICT,
);

export type ListParameters = Static<typeof ListQuery>;
