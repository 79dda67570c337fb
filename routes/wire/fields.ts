/** Members of requests and replies that several routes have. The v1 contract fixes their names. */

import { Type, type Static, type TSchema } from 'typebox';
import {
  ML_DSA_PARAMETER_SETS,
  type MlDsaParameterSetName,
} from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import { KEY_FORMATS, type KeyFormat } from '../../src/keys/key.ts';
import { closedList } from './closed-list.ts';
import { FORMATS, PARAMETER_SETS } from './spellings.ts';

/** Values of absent members. */
export const DEFAULTS = Object.freeze({
  securityLevel: 'ml-dsa-65' satisfies MlDsaParameterSetName,
  keyFormat: 'seed' satisfies KeyFormat,
  days: 365,
  rsaKeySize: 3072,
  ecCurve: 'P-256',
} as const);

/** Objects without unknown members: these are rejected, not ignored. */
export const STRICT = Object.freeze({ additionalProperties: false });

/** Adds null to a schema, in a form that Ajv, TypeScript and OpenAPI 3.1 all understand. */
export const nullable = <T extends TSchema>(schema: T) =>
  Type.Unsafe<Static<T> | null>({ ...schema, nullable: true });

export const securityLevel = Type.Enum(ML_DSA_PARAMETER_SETS, {
  type: 'string',
  description: 'ML-DSA parameter set (FIPS 204 §4).',
});

export const requestedSecurityLevel = Type.Optional(
  closedList(PARAMETER_SETS, {
    whenAbsent: DEFAULTS.securityLevel,
    description: 'ML-DSA parameter set (FIPS 204 §4) of the new key.',
  }),
);

export const keyFormat = Type.Enum(KEY_FORMATS, {
  type: 'string',
  description: 'Form of the ML-DSA private key (RFC 9881 §6).',
});

export const requestedKeyFormat = Type.Optional(
  closedList(FORMATS, {
    whenAbsent: DEFAULTS.keyFormat,
    description:
      'Form of the ML-DSA private key (RFC 9881 §6): the 32-octet seed, the expanded key, or both. ' +
      'The expanded key can be computed from the seed, but not the seed from the expanded key.',
  }),
);

export const subject = Type.String({
  maxLength: 8192,
  description:
    'Distinguished name, in the OpenSSL one-line form (`/CN=example.com/O=Example Org/C=US`) or in the form of RFC 4514. ' +
    'The one-line form has `\\` escapes, and `+` between the attributes of a multi-valued RDN. Attribute types are names, ' +
    'as in `openssl req -subj`, or dotted OIDs: `/1.3.6.1.4.1.37244.1.1=DEDEDEDE00010001`.',
  examples: ['/CN=example.com/O=Example Org/C=US'],
});

export const echoedSubject = Type.String({ description: 'The subject of the request.' });

export const days = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: 7300,
    description:
      'Validity in whole days from now. Instead of it, give `validity`, or `not_after` with or without `not_before`. When ' +
      'all are absent: 365 days, 30 with the profile `ocsp-responder`, 7 with `short-lived`, which is also the most there.',
    examples: [90],
  }),
);

export const validityDays = Type.Integer({
  minimum: 0,
  description: 'Validity in whole days, rounded down.',
});

export const instant = (description: string) => Type.String({ format: 'date-time', description });

export const validityPeriod = {
  not_before: instant('Start of validity (RFC 3339, UTC).'),
  not_after: instant('Last second of validity (RFC 3339, UTC).'),
};

const octets = (description: string) =>
  Type.Integer({ minimum: 0, description: `Length of ${description}, in octets.` });

const keySizes = {
  public_key: octets('the public key without its SubjectPublicKeyInfo'),
  signature: octets('the signature'),
};

const SIZES = { ...STRICT, description: 'Sizes of what was made.' };

export const certificateSizes = Type.Object(
  {
    certificate: octets('the certificate, DER'),
    ...keySizes,
    chain: octets('the certificate and those above it in the reply, DER'),
    url_encoded_pem: octets('the percent-encoded PEM text, as proxies send it in a header field'),
  },
  SIZES,
);

export const csrSizes = Type.Object({ csr: octets('the CSR, DER'), ...keySizes }, SIZES);

/** Only this member and `isCa` accept null for absent: clients of the old service send it. */
export const san = Type.Optional(
  nullable(
    Type.Array(Type.String({ minLength: 1, maxLength: 2048 }), {
      maxItems: 100,
      description:
        'Subject alternative names, each with an OpenSSL prefix: `DNS:`, `IP:`, `email:`, `URI:`, `RID:` or `dirName:`. ' +
        'A name without a prefix is a DNS name. otherNames are `UPN:user@example.com`, `SmtpUTF8Mailbox:` (RFC 9598), ' +
        '`SRV:_xmpp-client.example.com` (RFC 4985), `KRB5:host/www.example.com@EXAMPLE.COM` (RFC 4556 §3.2.2), and ' +
        '`otherName:1.2.3.4;UTF8:text` for other types. null means absent.',
      examples: [
        ['DNS:www.example.com', 'IP:192.0.2.1'],
        ['URI:spiffe://example.org/service', 'SRV:_xmpp-client.example.com', 'UPN:user@example.com'],
      ],
    }),
  ),
);

export const dnsUnderscore = Type.Optional(
  Type.Boolean({
    description:
      'Whether DNS names can have `_` in every label but the last, or in a name of one label, as in Consul and Docker ' +
      'Compose. The names of hosts do not have this character, so some programs refuse such a certificate.',
    examples: [true],
  }),
);

export const isCa = Type.Optional(
  nullable(
    Type.Boolean({
      description:
        'Whether the certificate may sign other certificates; true is the same as the profile `ca`. null means absent.',
    }),
  ),
);

/** Every certificate, CSR and key in a reply is base64 of its PEM text. */
export const pem = (content: string) => Type.String({ description: `base64 of the PEM text of ${content}.` });

/** The encodings of a certificate, CSR or key in a request. */
export const encoded = (content: string) =>
  Type.String({
    minLength: 1,
    maxLength: 131072,
    description: `${content}: base64 of the PEM text (as in the replies of this service), the PEM text itself, or base64 of the DER.`,
  });

/** The same for secrets. A handler gets them as octets (plugins/bodies/secret-members.ts). */
export const secret = (content: string) => Type.Unsafe<Uint8Array>({ ...encoded(content), writeOnly: true });

/** {@link secret} that can be a JSON object too, whose text the handler gets. */
export const secretTextOrObject = (content: string) =>
  Type.Unsafe<Uint8Array>({ ...encoded(content), type: ['string', 'object'], writeOnly: true });

/** In octets of UTF-8 and in characters. */
const MAX_PASSWORD = 1024;

/** A secret that a handler gets as octets of UTF-8. */
export const password = (content: string) =>
  Type.Optional(
    Type.Unsafe<Uint8Array>({
      type: 'string',
      minLength: 1,
      maxLength: MAX_PASSWORD,
      writeOnly: true,
      description: `The password of ${content}.`,
    }),
  );

/** Octets in any form that `identify` reads; a body has a limit of its own. */
export const anyData = (description: string) =>
  Type.Unsafe<Uint8Array>({
    type: 'string',
    minLength: 1,
    maxLength: 16_777_216,
    writeOnly: true,
    description,
  });
