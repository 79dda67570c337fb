/** The JSON Schema of a profile (`src/policy/document.ts`), which is also published by itself. */

import { Type } from 'typebox';
import { PROFILE_NAMES } from '../../src/ca/profile.ts';
import { DUPLICATE_KEYS, PRESET_NAMES, PROFILE_KEY_ALGORITHMS } from '../../src/policy/document.ts';
import { certificateOptions } from '../wire/certificate-options.ts';
import { component } from '../wire/component.ts';
import { STRICT } from '../wire/fields.ts';
import { names } from './names-schema.ts';
import { subjectTemplate } from './subject-schema.ts';

const { key_usage, extended_key_usage, extensions } = certificateOptions;

const duration = (description: string, example: string) =>
  Type.Optional(Type.String({ minLength: 2, maxLength: 32, description, examples: [example] }));

const validity = Type.Object(
  {
    default: duration(
      'Validity of a certificate whose request names none, as a duration of ISO 8601.',
      'P30D',
    ),
    maximum: duration('The longest validity, as a duration of ISO 8601.', 'P90D'),
  },
  { ...STRICT, description: 'Those of the built-in profile when absent.' },
);

const algorithms = (description: string) =>
  Type.Optional(
    Type.Array(Type.Enum(PROFILE_KEY_ALGORITHMS, { type: 'string' }), {
      minItems: 1,
      maxItems: PROFILE_KEY_ALGORITHMS.length,
      description,
      examples: [['ml-dsa-65', 'ml-dsa-87']],
    }),
  );

const keys = Type.Object(
  {
    algorithms: algorithms(
      'Algorithms that the certified key can have; `rsa` is every size. All when absent.',
    ),
    rsa_minimum_bits: Type.Optional(
      Type.Integer({
        minimum: 2048,
        maximum: 16_384,
        description: 'The least size of an RSA key.',
        examples: [3072],
      }),
    ),
    issuer_algorithms: algorithms('Algorithms that the key of the authority can have. All when absent.'),
  },
  { ...STRICT, description: 'The keys that are certified.' },
);

const callers = Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
  minItems: 1,
  maxItems: 100,
  description:
    'Ids of principals that can use the profile, such as `key:` and the id of an API key, or `token:` and the subject of a ' +
    'token. `*` stands for any characters. Every caller with the scope when absent.',
  examples: [['key:1a2b3c4d', 'token:ci-*']],
});

/** The complete example of docs/profiles.md. */
export const EXAMPLE_PROFILE = Object.freeze({
  extends: 'tls-server',
  description: 'Servers of the platform team',
  narrow: ['cnsa2'],
  validity: { default: 'P30D', maximum: 'P90D' },
  keys: { algorithms: ['ml-dsa-65', 'ml-dsa-87'] },
  names: {
    kinds: ['DNS', 'IP'],
    minimum: 1,
    maximum: 10,
    dns: { allow: ['**.example.com'], deny: ['**.admin.example.com'], wildcards: false },
    ip: { allow: ['10.0.0.0/8'] },
  },
  subject: {
    attributes: {
      CN: { from_san: true },
      O: { fixed: 'Example Org' },
      C: { presence: 'optional', values: ['DE', 'US'] },
    },
    others: 'forbidden',
  },
  extensions: { crl_distribution_points: ['http://pki.example.com/issuing.crl'] },
  duplicate_keys: 'same-names',
});

export const ProfileDocument = component(
  'ProfileDocument',
  Type.Object(
    {
      extends: Type.Enum([...PROFILE_NAMES, 'custom'], {
        type: 'string',
        description:
          'The built-in profile that gives the usages and the extensions. Every rule here narrows it.',
      }),
      description: Type.Optional(Type.String({ maxLength: 1024, description: 'For people.' })),
      enabled: Type.Optional(
        Type.Boolean({
          description: 'Whether certificates can be issued with the profile. True when absent.',
        }),
      ),
      narrow: Type.Optional(
        Type.Array(Type.Enum(PRESET_NAMES, { type: 'string' }), {
          maxItems: PRESET_NAMES.length,
          description: 'Presets whose rules apply too. They never allow more.',
        }),
      ),
      key_usage,
      extended_key_usage,
      validity: Type.Optional(validity),
      keys: Type.Optional(keys),
      names: Type.Optional(names),
      subject: Type.Optional(subjectTemplate),
      callers: Type.Optional(callers),
      extensions,
      duplicate_keys: Type.Optional(
        Type.Enum(DUPLICATE_KEYS, {
          type: 'string',
          description:
            'Whether a public key that has a valid certificate can get another one: `allow`, which is the default, `deny`, or ' +
            'only with the `same-names`.',
        }),
      ),
    },
    {
      ...STRICT,
      description: 'What a stored authority certifies with a profile. An absent member has no rule.',
      examples: [EXAMPLE_PROFILE],
    },
  ),
);
