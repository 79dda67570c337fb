/** Findings about the content of a certificate or request. */

import { Type } from 'typebox';
import { SEVERITIES, type Finding } from '../../src/lint/rule.ts';
import { STRICT } from './fields.ts';

export const findings = (description: string) =>
  Type.Array(
    Type.Object(
      {
        rule: Type.String({ description: 'Name of the rule.' }),
        clause: Type.String({ description: 'Where the standard says so.' }),
        severity: Type.Enum(SEVERITIES, {
          type: 'string',
          description:
            '`error` where the standard says MUST, `warning` where it says SHOULD, `notice` for what is worth knowing.',
        }),
        where: Type.String({
          description:
            'The member at fault, by its name in ASN.1, such as `serialNumber` or `extensions.keyUsage`.',
        }),
      },
      STRICT,
    ),
    { description },
  );

export const presentFindings = (given: readonly Finding[]) =>
  given.map(({ rule, clause, severity, where }) => ({ rule, clause, severity, where }));
