/** Alternative names of a CSR that were not granted. */

import { Type } from 'typebox';
import type { IgnoredName } from '../../src/x509/names/granted-names.ts';
import { STRICT } from './fields.ts';

export const ignoredNames = Type.Array(
  Type.Object(
    {
      index: Type.Integer({ minimum: 0, description: 'Position in the subjectAltName of the CSR.' }),
      type: Type.String({
        description: 'Object identifier of an otherName; or `x400Address`, or `ediPartyName`.',
      }),
    },
    STRICT,
  ),
  {
    description:
      'Alternative names of the CSR that were not granted. The profile `email` grants SmtpUTF8Mailbox, profiles of TLS ' +
      'servers grant SRV; any other otherName can be written in `san` of this request.',
  },
);

export const presentIgnoredNames = (names: readonly IgnoredName[]) =>
  names.map(({ index, type }) => ({ index, type }));
