import { Type } from 'typebox';
import { DOTTED_OID_PATTERN } from '../../src/base/patterns.ts';
import { NAME_KINDS } from '../../src/policy/document.ts';
import { STRICT } from '../wire/fields.ts';

const MAX_PATTERNS = 200;
const MAX_LENGTH = 512;

const patterns = (description: string, example: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: MAX_LENGTH }), {
      minItems: 1,
      maxItems: MAX_PATTERNS,
      description,
      examples: [[example]],
    }),
  );

const lists = (what: string, example: string) => ({
  allow: patterns(`${what}: a name must match one of them. Every name when absent.`, example),
  deny: patterns(`${what} that no name may match, although \`allow\` has it.`, example),
});

const dns = Type.Object(
  {
    ...lists(
      'DNS names, or `*.example.com` for names with one label more, `**.example.com` for one or more labels',
      '**.example.com',
    ),
    wildcards: Type.Optional(
      Type.Boolean({ description: 'Whether a name can be a wildcard. True when absent.' }),
    ),
    underscore: Type.Optional(
      Type.Boolean({
        description: 'Whether a name can have an underscore, if the request can. True when absent.',
      }),
    ),
  },
  { ...STRICT, description: 'Rules for DNS names, and for a CN that is one.' },
);

const listsOf = (description: string, what: string, example: string) =>
  Type.Optional(Type.Object(lists(what, example), { ...STRICT, description }));

const count = (description: string) => Type.Optional(Type.Integer({ minimum: 0, maximum: 100, description }));

export const names = Type.Object(
  {
    kinds: Type.Optional(
      Type.Array(Type.Enum(NAME_KINDS, { type: 'string' }), {
        minItems: 1,
        maxItems: NAME_KINDS.length,
        description: 'Kinds of names that are allowed. All when absent.',
        examples: [['DNS', 'IP']],
      }),
    ),
    minimum: count('The least number of names.'),
    maximum: count('The largest number of names.'),
    dns: Type.Optional(dns),
    ip: listsOf('Rules for IP addresses, and for a CN that is one.', 'Networks', '10.0.0.0/8'),
    email: listsOf(
      'Rules for mailboxes, also those in emailAddress.',
      'Mailboxes, or `*@` with a pattern of DNS names',
      '*@example.com',
    ),
    uri: listsOf(
      'Rules for URIs.',
      'URIs, with a pattern of DNS names as the host, `*` for a segment of the path, and a last `**` for one or more',
      'spiffe://example.org/**',
    ),
    other_names: Type.Optional(
      Type.Array(Type.String({ pattern: DOTTED_OID_PATTERN, maxLength: 128 }), {
        minItems: 1,
        maxItems: 20,
        description: 'Dotted OIDs of the types that names of the kind otherName can have. All when absent.',
        examples: [['1.3.6.1.4.1.32473.5']],
      }),
    ),
  },
  { ...STRICT, description: 'The subject alternative names, those of the CSR and those of the request.' },
);
