import { Type } from 'typebox';
import { MAX_ITERATIONS } from '../../src/formats/encryption/password.ts';
import { DEFAULT_ITERATIONS } from '../../src/formats/encryption/pbes2.ts';
import { RAW_ALGORITHMS } from '../../src/formats/private-keys/raw-private-key.ts';
import { FILE_ENCODINGS, FILE_FORMS } from '../../src/keys/key-file.ts';
import { KEY_TARGETS, TARGETS } from '../../src/keys/key-targets.ts';
import { closedList } from '../wire/closed-list.ts';
import { component } from '../wire/component.ts';
import { EXAMPLE } from '../wire/examples.ts';
import { keyFormat, password, pem, secretTextOrObject, STRICT } from '../wire/fields.ts';
import { notes } from '../wire/notes.ts';
import { strict } from '../wire/reading.ts';
import {
  CIPHER_SPELLINGS,
  FORMATS,
  KDF_SPELLINGS,
  KEY_FILE_ENCODINGS,
  KEY_FILE_FORMS,
  MAC_SPELLINGS,
  RAW_ALGORITHM_SPELLINGS,
  TARGET_SPELLINGS,
} from '../wire/spellings.ts';

const reasons = KEY_TARGETS.map((target) => `\`${target}\`: ${TARGETS[target].why}.`).join(' ');

const encryption = {
  cipher: Type.Optional(
    closedList(CIPHER_SPELLINGS, {
      description:
        'Cipher of `encrypted-pkcs8`; AES-256-CBC when absent. OpenSSL reads no AES-GCM here; Bouncy Castle does.',
    }),
  ),
  kdf: Type.Optional(
    closedList(KDF_SPELLINGS, {
      description:
        'Key derivation of `encrypted-pkcs8`: PBKDF2 (the default) with HMAC-SHA-256, or scrypt with N = 16384, r = 8, p = 1.',
    }),
  ),
  iterations: Type.Optional(
    Type.Integer({
      minimum: 1000,
      maximum: MAX_ITERATIONS,
      description: `Iterations of PBKDF2 for \`encrypted-pkcs8\`; ${DEFAULT_ITERATIONS} when absent.`,
    }),
  ),
  mac: Type.Optional(
    closedList(MAC_SPELLINGS, {
      description:
        'Integrity of `pkcs12`: HMAC-SHA-256 (`hmac`, the default), which every program reads, or PBMAC1 (RFC 9879), which ' +
        'OpenSSL reads since 3.4, and Java 25 does not.',
    }),
  ),
  friendly_name: Type.Optional(
    Type.String({ minLength: 1, maxLength: 256, description: 'Name of the key in `pkcs12`.' }),
  ),
};

export const KeyConversion = component(
  'KeyConversion',
  Type.Object(
    {
      key: secretTextOrObject(
        'The private key in any form: PKCS #8, encrypted PKCS #8, PKCS #12, PKCS #1, SEC 1, a JWK as an object or as JSON text, or the octets ' +
          'of a seed or an expanded key alone, also in hexadecimal or base64url',
      ),
      password: password('`key`, when it is encrypted'),
      key_algorithm: Type.Optional(
        closedList(RAW_ALGORITHM_SPELLINGS, {
          description: `Algorithm of a key that is 32 octets without a form: ${RAW_ALGORITHMS.join(', ')}.`,
        }),
      ),
      target: Type.Optional(
        closedList(TARGET_SPELLINGS, {
          description: `The program that reads the result. It decides what the other members leave out. ${reasons}`,
        }),
      ),
      format: Type.Optional(
        closedList(KEY_FILE_FORMS, { description: 'Form of the result; `pkcs8` without this and `target`.' }),
      ),
      encoding: Type.Optional(
        closedList(KEY_FILE_ENCODINGS, {
          description:
            'Encoding of the result: `pem` (the default) or `der` for PKCS #8, PKCS #1 and SEC 1; `der` for PKCS #12; `json` ' +
            'for a JWK; `binary` (the default) or `hex` for a raw key.',
        }),
      ),
      key_format: Type.Optional(
        closedList(FORMATS, {
          description:
            'Form of an ML-DSA private key (RFC 9881 §6). When it and `target` are absent: the seed, or the expanded key when ' +
            '`key` has no seed. A seed cannot be computed from an expanded key.',
        }),
      ),
      include_public_key: Type.Optional(
        Type.Boolean({
          description:
            'Whether PKCS #8 is version 2 with the public key (RFC 5958 §2). Some programs read version 1 only.',
        }),
      ),
      new_password: password('the result; required for `encrypted-pkcs8` and `pkcs12`'),
      ...encryption,
      strict,
    },
    {
      ...STRICT,
      description:
        'A private key, and the form in which it is returned. The key is used once and not stored.',
      examples: [
        { key: EXAMPLE.keys.private_key, target: 'java' },
        { key: EXAMPLE.keys.private_key, format: 'jwk' },
        {
          key: EXAMPLE.keys.private_key,
          format: 'encrypted-pkcs8',
          new_password: 'correct horse battery staple',
        },
      ],
    },
  ),
);

export const ConvertedKey = component(
  'ConvertedKey',
  Type.Object(
    {
      private_key: Type.String({
        description: 'base64 of the file: PEM text, DER, JSON text, or the octets of a raw key.',
      }),
      public_key: pem('the public key (SubjectPublicKeyInfo)'),
      key_algorithm: Type.String({ description: 'Such as `ml-dsa-65` or `ecdsa-p256`.' }),
      format: Type.Enum(FILE_FORMS, { type: 'string', description: 'Form of `private_key`.' }),
      encoding: Type.Enum(FILE_ENCODINGS, { type: 'string', description: 'Encoding of `private_key`.' }),
      key_format: Type.Optional(keyFormat),
      media_type: Type.String({ description: 'Media type of the file.' }),
      file_name: Type.String({ description: 'A usual name of the file.' }),
      certificates: Type.Optional(
        pem(
          'the certificates in the PKCS #12 file that was converted, which are not in the new file; POST /api/v1/bundle makes a file with both',
        ),
      ),
      notes,
    },
    { ...STRICT, description: 'A private key in another form.', examples: [EXAMPLE.converted] },
  ),
);

export const convertPrivateKey = {
  operationId: 'convertPrivateKey',
  tags: ['keys'],
  summary: 'Write a private key in another form',
  description:
    'Reads a private key in any form, checks that its parts belong together, and returns it in another form ' +
    '(docs/key-forms.md). With a media type of the result in Accept, the reply is the file itself. The key is not stored.',
  body: KeyConversion.ref,
  response: { 200: ConvertedKey.ref },
};
