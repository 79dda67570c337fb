/** Members of requests that select the kind of certificate (`decode-options.ts`). */

import { Type } from 'typebox';
import { SPELLINGS } from '../../src/base/spelling.ts';
import { KEY_USAGES } from '../../src/x509/extensions/key-usage.ts';
import { closedList, readingOf } from './closed-list.ts';
import { STRICT } from './fields.ts';
import { KEY_USAGE_SPELLINGS, PROFILE_SPELLINGS, PURPOSES } from './spellings.ts';

const MAX_URIS = 8;
const MAX_URI_LENGTH = 1024;
const MAX_OID_LENGTH = 128;

const profile = Type.Optional(
  closedList(PROFILE_SPELLINGS, {
    description:
      'What the certificate is for: it decides keyUsage, extendedKeyUsage and the longest validity (docs/profiles.md). ' +
      '`tls` when absent, with fewer purposes if the CA of csr/sign allows fewer. `ca` is the same as `is_ca` true.',
    examples: ['code-signing'],
  }),
);

const keyUsage = Type.Optional(
  Type.Array(closedList(KEY_USAGE_SPELLINGS), {
    minItems: 1,
    maxItems: KEY_USAGES.length,
    description:
      'Bits of keyUsage (RFC 5280 §4.2.1.3), without `profile` or with the profile `ca`. An ML-DSA key can only sign ' +
      '(RFC 9881 §5): it cannot have keyEncipherment, dataEncipherment or keyAgreement.',
    examples: [['digitalSignature', 'nonRepudiation']],
  }),
);

const extendedKeyUsage = Type.Optional(
  Type.Array(Type.String({ minLength: 1, maxLength: MAX_OID_LENGTH, [SPELLINGS]: PURPOSES }), {
    minItems: 1,
    maxItems: 20,
    description:
      'Purposes of extendedKeyUsage: names such as `serverAuth`, or dotted OIDs, without `profile` or with the profile ' +
      '`ca`. anyExtendedKeyUsage is not allowed; OCSPSigning is allowed with the profile `ocsp-responder` only. ' +
      readingOf(PURPOSES),
    examples: [['serverAuth', '1.3.6.1.5.5.7.3.17']],
  }),
);

const validity = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 32,
    description:
      'Validity as a duration of ISO 8601 from now, `PT5M` or more, in place of `days`. Years and months follow the ' +
      'calendar.',
    examples: ['PT12H'],
  }),
);

const moment = (description: string) =>
  Type.Optional(
    Type.String({ minLength: 1, maxLength: 40, description, examples: ['2030-01-31T00:00:00Z'] }),
  );

const notBefore = moment(
  'Start of the validity (RFC 3339, whole seconds), together with `not_after`. A few minutes ago when absent.',
);
const notAfter = moment(
  'Last second of the validity (RFC 3339, whole seconds), in place of `days`. Only this member lets a CA be valid for ' +
    'more than 7300 days.',
);

export const pathLength = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: 255,
    description:
      'How many CA certificates may follow in a path. No limit when absent. Only for a CA certificate.',
  }),
);

const subtrees = (description: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 2048 }), {
      maxItems: 100,
      description,
      examples: [['DNS:example.com', 'IP:192.0.2.0/24']],
    }),
  );

const nameConstraints = Type.Optional(
  Type.Object(
    {
      permitted: subtrees('Names outside these subtrees are invalid. Names of other kinds are not limited.'),
      excluded: subtrees('Names within these subtrees are invalid.'),
    },
    {
      ...STRICT,
      description:
        'The names that the CA may certify (RFC 5280 §4.2.1.10): `DNS:example.com` with the names below it, ' +
        '`IP:192.0.2.0/24`, `email:` or `URI:` with a host (`example.com`) or the hosts below a domain (`.example.com`), ' +
        '`dirName:/O=Example Org`. Only for a CA certificate.',
      examples: [{ permitted: ['DNS:example.com'], excluded: ['DNS:test.example.com'] }],
    },
  ),
);

const uris = (description: string, example: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: MAX_URI_LENGTH }), {
      minItems: 1,
      maxItems: MAX_URIS,
      description: `${description} URIs of http or https.`,
      examples: [[example]],
    }),
  );

const certificatePolicy = Type.Object(
  {
    oid: Type.String({
      minLength: 3,
      maxLength: MAX_OID_LENGTH,
      description: 'Object identifier of the policy.',
      examples: ['1.3.6.1.4.1.32473.1'],
    }),
    cps: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: MAX_URI_LENGTH,
        description: 'URI of the certification practice statement, http or https.',
        examples: ['https://pki.example.com/cps'],
      }),
    ),
  },
  STRICT,
);

const extensions = Type.Optional(
  Type.Object(
    {
      crl_distribution_points: uris(
        'Where the CRL of the CA is (cRLDistributionPoints).',
        'http://pki.example.com/ca.crl',
      ),
      ocsp: uris('OCSP responders (authorityInfoAccess).', 'http://ocsp.example.com/'),
      ca_issuers: uris(
        'Where the certificate of the CA is (authorityInfoAccess).',
        'http://pki.example.com/ca.crt',
      ),
      certificate_policies: Type.Optional(
        Type.Array(certificatePolicy, {
          minItems: 1,
          maxItems: MAX_URIS,
          description: 'Policies under which the CA issues the certificate (certificatePolicies).',
        }),
      ),
      must_staple: Type.Optional(
        Type.Boolean({
          description: 'Whether the TLS server must send an OCSP response with the certificate (RFC 7633).',
          examples: [true],
        }),
      ),
    },
    {
      ...STRICT,
      description: 'Extensions that the profile does not decide.',
      examples: [
        {
          crl_distribution_points: ['http://pki.example.com/ca.crl'],
          ocsp: ['http://ocsp.example.com/'],
          certificate_policies: [{ oid: '1.3.6.1.4.1.32473.1', cps: 'https://pki.example.com/cps' }],
        },
      ],
    },
  ),
);

const dryRun = Type.Optional(
  Type.Boolean({
    description:
      'Whether to show what the certificate would contain, and what the linter says of it, instead of issuing it. ' +
      'Nothing is signed, and no key is generated.',
    examples: [true],
  }),
);

/** What a certificate and a request for one can contain. */
export const contentOptions = {
  profile,
  key_usage: keyUsage,
  extended_key_usage: extendedKeyUsage,
  path_length: pathLength,
  name_constraints: nameConstraints,
  extensions,
};

/** What only a certificate has. */
export const certificateOptions = {
  ...contentOptions,
  validity,
  not_before: notBefore,
  not_after: notAfter,
  dry_run: dryRun,
};
