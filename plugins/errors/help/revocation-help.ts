/** Documentation of the problems with revocation, and with the webhooks that report it. */

import type { ErrorCode } from '../../../src/base/errors.ts';
import { aboutMember, type ProblemHelp } from './problem-help.ts';

export const REVOCATION_HELP = {
  'invalid-revocation': {
    meaning: 'The certificate to revoke, the reason or the invalidity date does not make sense.',
    remedy: 'Change the member that `errors` names. docs/revocation.md lists the reasons.',
    example: aboutMember(
      '/reason',
      '`reason`: cACompromise is for the certificate of a CA; use keyCompromise for this certificate',
    ),
  },
  'already-revoked': {
    meaning: 'The certificate was revoked before with another reason. Only a hold can be changed.',
    remedy:
      'Nothing has to be done: no relying party should trust it. GET /api/v1/certificates/{id} shows the reason.',
    example: aboutMember(
      '/reason',
      '`reason`: The certificate was revoked at 2027-01-01T12:00:00Z with the reason superseded, which is final',
    ),
  },
  'not-on-hold': {
    meaning: 'Only a certificate with the reason certificateHold can be released.',
    remedy: 'Order a new certificate if this one is revoked.',
    example: { detail: 'The certificate is not on hold' },
  },
  'unknown-webhook': {
    meaning: 'There is no dead letter with this id: it was delivered, or is tried again.',
    remedy: 'Use an id that GET /api/v1/webhooks/dead-letters lists.',
    example: { detail: 'There is no dead letter with this id' },
  },
} satisfies Partial<Record<ErrorCode, ProblemHelp>>;
