/** Documentation of the problems with stored authorities. */

import type { ErrorCode } from '../../../src/base/errors.ts';
import { aboutMember, type ProblemHelp } from './problem-help.ts';

export const AUTHORITY_HELP = {
  'key-unavailable': {
    meaning:
      'The private key of the authority cannot be opened: its sealing key is missing, or the store was changed or damaged. ' +
      'In production there are no keys without KEY_ENCRYPTION_KEY_FILE.',
    remedy:
      'The operator sets KEY_ENCRYPTION_KEY_FILE to the file of the sealing key, or restores the store from a backup.',
    example: { detail: 'The sealed private key of the authority in the store was changed or is damaged' },
  },
  'clock-behind': {
    meaning:
      'The clock of the service is more than five minutes behind the last certificate in the store, so the clock was set back ' +
      'or was wrong before. Nothing is issued with a wrong time.',
    remedy:
      'The operator corrects the clock, for example with NTP. If the clock is right and was ahead before, the operator sets ' +
      'ALLOW_CLOCK_BEHIND until the time of the last certificate has passed.',
    example: {
      detail: 'The clock is behind the last certificate, which was issued at 2027-01-01T12:00:00Z',
    },
  },
  'unknown-authority': {
    meaning: 'The path or a member names an authority that is not in the store.',
    remedy: 'Use an id or a name that GET /api/v1/authorities lists.',
    example: { detail: 'There is no authority "issuing-2"' },
  },
  'unknown-certificate': {
    meaning:
      'There is no certificate with this id, or it was issued to another caller. The reply is the same for both.',
    remedy: 'Use the `id` of a reply of this service.',
    example: aboutMember('/renew', '`renew`: There is no certificate with this id'),
  },
  'invalid-query': {
    meaning:
      'A query parameter cannot be read, or the cursor does not belong to the other parameters of the request.',
    remedy: 'Send `next` of the page before as `cursor`, with the same parameters, or leave `cursor` out.',
    example: aboutMember('/cursor', '`cursor`: It must be `next` of a reply to the same query'),
  },
  'invalid-authority': {
    meaning: 'The members of the request do not describe one authority.',
    remedy: 'Read `detail`: it names the members that do not fit together.',
    example: aboutMember('/parent', '`parent`: An authority that is signed elsewhere has no parent here'),
  },
  'invalid-order': {
    meaning:
      'The request names the key or the names of the new certificate in no way or in two ways, such as by `csr` and `subject`.',
    remedy:
      'Send `csr`; or `public_key` with `subject` or `san`; or only names, for a key made by the service; or `renew`; or `rekey`.',
    example: aboutMember('/subject', '`subject`: It is not allowed with csr, which has a subject of its own'),
  },
  'authority-name-taken': {
    meaning: 'Another authority has the name. Names that differ only in upper and lower case are the same.',
    remedy: 'Use another name. For a new key under the same name, use POST /api/v1/authorities/{id}/rotate.',
    example: aboutMember('/name', '`name`: Another authority has the name issuing-1'),
  },
  'authority-inactive': {
    meaning:
      'The authority is disabled, or it is pending: its certificate, which is signed elsewhere, is not imported yet.',
    remedy: 'Enable the authority, or import its certificate. An authority that signs is `enabled`.',
    example: { detail: 'The authority issuing-1 is disabled' },
  },
  'authority-changed': {
    meaning: 'Another request changed the authority while this one ran.',
    remedy: 'Read the authority again, and repeat the request if it is still needed.',
    example: { detail: 'The authority was changed by another request; read it again' },
  },
  'reservation-closed': {
    meaning:
      'While the certificate was signed, its serial number was revoked, or another request with the same Idempotency-Key ' +
      'gave it up as lost. Nothing was issued.',
    remedy: 'Send the request again if the certificate is still needed. It gets another serial number.',
    example: {
      detail:
        'The serial number was revoked or given up while the certificate was signed; nothing was issued',
    },
  },
  'invalid-idempotency-key': {
    meaning:
      'The Idempotency-Key is not a quoted string of 1 to 255 characters, or the request cannot have one.',
    remedy: 'Send a new random value between double quotes, such as a UUID.',
    example: {
      detail:
        'The Idempotency-Key must be 1 to 255 characters between double quotes, for example "8e03978e-40d5"',
    },
  },
  'idempotency-key-reused': {
    meaning: 'An earlier request with another body or path had the same Idempotency-Key.',
    remedy: 'Send a new key with a new request. Send the same key only to repeat the same request.',
    example: { detail: 'An earlier request with other content had this Idempotency-Key' },
  },
  'idempotency-in-progress': {
    meaning: 'The first request with this Idempotency-Key has no result yet.',
    remedy: 'Send the request again after a few seconds, with the same key.',
    example: { detail: 'The first request with this Idempotency-Key still runs; try again in a few seconds' },
  },
  'store-unavailable': {
    meaning: 'The database cannot be used, or no database is configured. Nothing was issued.',
    remedy:
      'Send the request again later, with the same Idempotency-Key. The operator reads the log, and sets DATA_DIR or DATABASE_URL.',
    example: { detail: 'The database cannot be written' },
  },
} satisfies Partial<Record<ErrorCode, ProblemHelp>>;
