/** Members that several bodies and replies of authorities have. */

import { Type } from 'typebox';
import { NAME_PATTERN } from '../../src/base/patterns.ts';
import {
  CERTIFIABLE_ALGORITHMS,
  KEY_ALGORITHMS,
  type CertifiableAlgorithmName,
  type KeyAlgorithmName,
} from '../../src/algorithms/registry.ts';
import { MAX_SHARDS } from '../../src/revocation/crl/place.ts';
import { certificateSizes, instant, pem, STRICT } from '../wire/fields.ts';
import { warnings } from '../wire/size-warnings.ts';

export const KEY_ALGORITHM_NAMES = Object.freeze(Object.keys(KEY_ALGORITHMS) as KeyAlgorithmName[]);

const CERTIFIABLE_NAMES = Object.freeze(Object.keys(CERTIFIABLE_ALGORITHMS) as CertifiableAlgorithmName[]);

export const isKeyAlgorithm = (name: string): name is KeyAlgorithmName => Object.hasOwn(KEY_ALGORITHMS, name);

export const keyAlgorithm = (description: string) =>
  Type.Optional(Type.Enum(KEY_ALGORITHM_NAMES, { type: 'string', description, examples: ['ml-dsa-87'] }));

/** {@link keyAlgorithm} also for keys that cannot sign. */
export const certifiableAlgorithm = (description: string) =>
  Type.Optional(Type.Enum(CERTIFIABLE_NAMES, { type: 'string', description, examples: ['ml-kem-768'] }));

export const authorityName = Type.String({
  pattern: NAME_PATTERN,
  maxLength: 64,
  description:
    'Names the authority in paths: letters, digits, `.`, `_` and `-`. Unique, ignoring case. It never changes.',
  examples: ['issuing-1'],
});

export const allowedNames = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
  minItems: 1,
  maxItems: 50,
  uniqueItems: true,
  description: 'Names of the only profiles by which the authority issues. When absent: by every profile.',
  examples: [['tls-server', 'tls-client']],
});

export const allowedProfileNames = Type.Optional(allowedNames);

export const crlShards = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: MAX_SHARDS,
    description:
      'Parts of the CRL: each certificate names one of them, and revokes in it. For an authority whose CRL would be too long. ' +
      'It never changes, and needs PUBLIC_URL. 1 when absent.',
    examples: [16],
  }),
);

/** The path parameter. */
export const authorityPath = Type.Object({
  authority: Type.String({ minLength: 1, maxLength: 64, description: 'Id or name of the authority.' }),
});

export const authorityDays = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: 7300,
    description:
      'Validity in whole days from now. Instead of it, give `validity`, or `not_after` with or without `not_before`. When ' +
      'all are absent: 3650 days for a root, 1825 days for an intermediate, or until its parent expires.',
    examples: [3650],
  }),
);

export const page = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, default: 100, description: 'The most members of a page.' }),
  ),
};

const authorityKey = Type.Object(
  {
    id: Type.String({ description: 'Id of the key.' }),
    generation: Type.Integer({ description: '1 for the first key; a rotation adds 1.' }),
    state: Type.Enum(['pending', 'active', 'retired'], {
      type: 'string',
      description:
        '`active` signs certificates, `retired` signs CRLs only, `pending` waits for its certificate.',
    }),
    key_algorithm: Type.String({ description: 'Algorithm of the key, such as `ml-dsa-65`.' }),
    created_at: instant('When the key was made or imported.'),
    subject: Type.Optional(
      Type.String({ description: 'Subject of the certificate, OpenSSL one-line form.' }),
    ),
    serial_number: Type.Optional(Type.String({ description: 'Capital hexadecimal.' })),
    not_before: Type.Optional(instant('Start of validity.')),
    not_after: Type.Optional(instant('Last second of validity.')),
    path_length: Type.Optional(Type.Integer({ minimum: 0, description: 'pathLenConstraint.' })),
    sha256_fingerprint: Type.Optional(
      Type.String({ description: 'SHA-256 of the certificate, capital hexadecimal with colons.' }),
    ),
    certificate: Type.Optional(pem('the CA certificate')),
    chain: Type.Optional(pem('the CA certificate, followed by those above it')),
    csr: Type.Optional(pem('the CSR, if the certificate is signed elsewhere')),
    sizes: Type.Optional(certificateSizes),
    warnings: Type.Optional(warnings),
  },
  STRICT,
);

export const authorityMembers = {
  id: Type.String({ format: 'uuid', description: 'Id of the authority.' }),
  name: Type.String({ description: 'Name of the authority.' }),
  status: Type.Enum(['pending', 'enabled', 'disabled'], {
    type: 'string',
    description: '`enabled` issues; `pending` waits for its certificate, which is signed elsewhere.',
  }),
  profiles: allowedProfileNames,
  parent_id: Type.Optional(Type.String({ description: 'The authority here that signed the certificate.' })),
  created_at: instant('When the authority was made.'),
  keys: Type.Array(authorityKey, { description: 'Keys with their certificates, the newest first.' }),
};
