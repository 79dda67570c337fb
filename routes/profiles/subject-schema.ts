import { Type } from 'typebox';
import { PRESENCES } from '../../src/policy/document.ts';
import { STRICT } from '../wire/fields.ts';

const value = Type.String({ minLength: 1, maxLength: 512 });

const attribute = Type.Object(
  {
    presence: Type.Optional(Type.Enum(PRESENCES, { type: 'string', description: '`optional` when absent.' })),
    fixed: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 512,
        description: 'The only value. The profile adds it to a subject without the attribute.',
        examples: ['Example Org'],
      }),
    ),
    values: Type.Optional(
      Type.Array(value, {
        minItems: 1,
        maxItems: 100,
        description: 'Values that are allowed, or patterns of DNS names such as `*.example.com`.',
        examples: [['DE', 'US']],
      }),
    ),
    from_san: Type.Optional(
      Type.Boolean({ description: 'Whether each value must be a subject alternative name too.' }),
    ),
  },
  { ...STRICT, description: 'Rules for one attribute.' },
);

export const subjectTemplate = Type.Object(
  {
    attributes: Type.Optional(
      Type.Record(Type.String(), attribute, {
        maxProperties: 40,
        description: 'Rules by attribute: a short name such as `O`, a long name or a dotted OID.',
      }),
    ),
    others: Type.Optional(
      Type.Enum(['allowed', 'forbidden'], {
        type: 'string',
        description: 'Whether the subject can have attributes without a rule. `allowed` when absent.',
      }),
    ),
  },
  { ...STRICT, description: 'The subject.' },
);
