/** What replies say about a certificate that a CA issued (`present-issued.ts`). */

import { Type } from 'typebox';
import { certificateSizes, instant, securityLevel } from './fields.ts';
import { ignoredNames } from './ignored-names.ts';
import { notes } from './notes.ts';
import { warnings } from './size-warnings.ts';

/** Beside `certificate` and `chain`. */
export const issuedMembers = {
  serial_number: Type.String({ description: 'Capital hexadecimal.' }),
  not_before: instant('Start of validity (RFC 3339, UTC).'),
  not_after: instant('Last second of validity (RFC 3339, UTC).'),
  subject: Type.String({ description: 'Subject of the certificate in the OpenSSL one-line form.' }),
  issuer: Type.String({ description: 'Subject of the CA in the OpenSSL one-line form.' }),
  security_level: Type.Optional(securityLevel),
  key_algorithm: Type.Optional(
    Type.String({
      description: 'Replaces security_level when the key is not ML-DSA, for example `ecdsa-p256`.',
    }),
  ),
  ignored_extensions: Type.Array(Type.String(), {
    description:
      'Requested extensions that were not granted: names, or object identifiers of unknown extensions.',
  }),
  ignored_names: ignoredNames,
  notes,
  sizes: certificateSizes,
  warnings,
};
