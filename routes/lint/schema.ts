import { Type } from 'typebox';
import { PART_TYPES } from '../../src/identify/part-types.ts';
import { LINT_PROFILES, SEVERITIES, SIGNED_KINDS } from '../../src/lint/rule.ts';
import { component } from '../wire/component.ts';
import { octets, text } from '../wire/description.ts';
import { EXAMPLE, LINTED } from '../wire/examples.ts';
import { anyData, STRICT } from '../wire/fields.ts';
import { RAW_TYPES } from '../wire/media-types.ts';

const closed = <Value extends string>(values: readonly Value[], description: string) =>
  Type.Enum([...values], { type: 'string', description });

const profile = (description: string) => closed(LINT_PROFILES, description);
const severity = closed(
  SEVERITIES,
  '`error` where the standard says MUST, `warning` where it says SHOULD, `notice` for what is worth knowing.',
);
const count = (what: string) => Type.Integer({ minimum: 0, description: `Number of ${what}.` });

export const LintRequest = component(
  'LintRequest',
  Type.Object(
    {
      data: anyData(
        'Certificates, CSRs, CRLs and OCSP responses: PEM with several blocks, DER or PKCS #7, as text or in base64, ' +
          'base64url or hexadecimal.',
      ),
      profile: Type.Optional(
        profile('Rules to add: CNSA 2.0, or the CA/Browser Forum requirements for servers or for mail.'),
      ),
    },
    {
      ...STRICT,
      description: 'The data to lint.',
      examples: [{ data: EXAMPLE.certificate }, { data: EXAMPLE.csr, profile: 'cnsa2' }],
    },
  ),
);

const finding = Type.Object(
  {
    part: Type.Integer({ minimum: 0, description: 'Index of the part.' }),
    rule: text('Name of the rule.'),
    severity,
    clause: text('Where the standard says so.'),
    message: text('What the rule requires, or why the part cannot be read.'),
    where: text(
      'The member at fault, by its name in ASN.1, such as `serialNumber` or `extensions.keyUsage`.',
    ),
    offset: Type.Optional(octets('Offset of that member in the DER of the part, if it is known')),
  },
  STRICT,
);

export const LintReport = component(
  'LintReport',
  Type.Object(
    {
      profile: Type.Optional(profile('The profile of the request.')),
      counts: Type.Object(
        { error: count('errors'), warning: count('warnings'), notice: count('notices') },
        { ...STRICT, description: 'Numbers of findings.' },
      ),
      parts: Type.Array(
        Type.Object(
          {
            type: closed(PART_TYPES, 'What it is, as `identify` says it.'),
            size: octets('Length of its DER'),
            linted: Type.Boolean({
              description:
                'Whether it is a certificate, a CSR, a CRL or an OCSP response: there are rules for no other.',
            }),
          },
          STRICT,
        ),
        { description: 'The parts in the order of the data. Certificates of a PKCS #7 file follow it.' },
      ),
      findings: Type.Array(finding, { description: 'In the order of the parts; errors first in each.' }),
      complete: Type.Boolean({
        description: 'Whether all parts are listed: at most 32 are, and 200 with those inside PKCS #7.',
      }),
    },
    { ...STRICT, description: 'What is wrong with the data.', examples: [LINTED] },
  ),
);

const rule = Type.Object(
  {
    id: text('Name of the rule.'),
    clause: text('Where the standard says so.'),
    severity,
    kinds: Type.Array(closed(SIGNED_KINDS, 'A kind of content.'), { description: 'What the rule is about.' }),
    where: text('The member that the rule is about; empty for a rule of the whole encoding.'),
    requires: text('What must be true.'),
    profile: Type.Optional(profile('The profile that adds the rule; absent for a rule of every profile.')),
    content: closed(
      ['any', 'issued', 'received'],
      '`issued`: only for what this service signs. `received`: only for what other programs made.',
    ),
  },
  STRICT,
);

export const LintRules = component(
  'LintRules',
  Type.Object(
    { rules: Type.Array(rule, { description: 'The rules that match all parameters.' }) },
    {
      ...STRICT,
      description: 'Rules of the linter.',
      examples: [
        {
          rules: [
            {
              id: 'rfc5280-serial-positive',
              clause: 'RFC 5280 §4.1.2.2',
              severity: 'error',
              kinds: ['certificate'],
              where: 'serialNumber',
              requires: 'The serial number must be positive',
              content: 'any',
            },
          ],
        },
      ],
    },
  ),
);

export const components = [LintRequest.schema, LintReport.schema, LintRules.schema];

export const lintInput = {
  operationId: 'lintData',
  tags: ['lint'],
  summary: 'Check certificates, CSRs, CRLs and OCSP responses against the standards',
  description:
    'The rules are those that the service checks before it signs, and more for what other programs write. Nothing is ' +
    'refused because of a finding. The body can also be the file itself, with one of the media types below.',
  consumes: ['application/json', ...RAW_TYPES],
  body: LintRequest.ref,
  response: { 200: LintReport.ref },
};

export const listRules = {
  operationId: 'listLintRules',
  tags: ['lint'],
  summary: 'List the rules of the linter',
  description: 'Each with its clause, and what it requires.',
  querystring: Type.Object(
    {
      profile: Type.Optional(profile('Only the rules that this profile adds.')),
      kind: Type.Optional(closed(SIGNED_KINDS, 'Only the rules about this kind of content.')),
      severity: Type.Optional(closed(SEVERITIES, 'Only the rules of this severity.')),
    },
    STRICT,
  ),
  response: { 200: LintRules.ref },
};
