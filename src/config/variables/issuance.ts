/** How certificates are issued. */

import { Type } from 'typebox';

export const ISSUANCE_VARIABLES = {
  STRICT_READING: Type.Boolean({
    default: false,
    description:
      'Whether certificates, requests and keys that deviate from their standard are rejected, unless a request says otherwise by its member `strict`. Otherwise the deviations of docs/reading.md are read and noted.',
  }),
  NOT_BEFORE_SKEW: Type.Integer({
    minimum: 0,
    maximum: 86_400,
    default: 300,
    description:
      'How far in the past a new certificate starts, in seconds, so that a client with a slow clock can use it at once. At most a tenth of its validity. No effect on a certificate with a requested start.',
  }),
  KEY_BLOCKLIST_FILE: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      description:
        'File of keys that are not certified. Each line is the SHA-256 of a SubjectPublicKeyInfo, or an entry of the package openssl-blacklist of Debian (CVE-2008-0166).',
    }),
  ),
  KEY_ENCRYPTION_KEY_FILE: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      description:
        'File of the key that seals the private keys of authorities (AES-256-GCM): 32 octets, or one line with their base64 or hexadecimal, for example from `openssl rand -base64 32`. Keep a copy apart from the backups of the store. In production there are no authorities without it; elsewhere the service makes one in DATA_DIR.',
    }),
  ),
  KEY_DECRYPTION_KEY_FILE: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      description:
        'File of a second key that opens sealed keys and seals none, while KEY_ENCRYPTION_KEY_FILE is being replaced (`npm run rekey`).',
    }),
  ),
};
