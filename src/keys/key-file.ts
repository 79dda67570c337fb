/** A private key as a file for another program: its form, its encoding, and its password. */

import { PkiError } from '../base/errors.ts';
import type { CipherName } from '../algorithms/passwords/ciphers.ts';
import { encodeHexadecimal } from '../formats/private-keys/key-text.ts';
import type { EncryptionChoice } from '../formats/encryption/pbes2.ts';
import type { Der } from '../formats/der/header.ts';
import type { MacName } from '../formats/pkcs12/mac.ts';
import { writePkcs12 } from '../formats/pkcs12/write-pkcs12.ts';
import type { WrittenLabel } from '../formats/pem-label.ts';
import { encodePem } from '../formats/pem.ts';
import { encryptPrivateKey } from '../formats/private-keys/encrypted-private-key.ts';
import {
  toJwk,
  toPkcs1,
  toRaw,
  toSec1,
  withPublicKey,
  type ExportedKey,
} from '../formats/private-keys/write-forms.ts';
import { checkKeyFormat, exportPreferred } from './export-preferred.ts';
import type { KeyFormat, PrivateKey } from './key.ts';

export const FILE_FORMS = ['pkcs8', 'encrypted-pkcs8', 'pkcs12', 'pkcs1', 'sec1', 'jwk', 'raw'] as const;
export type FileForm = (typeof FILE_FORMS)[number];

export const FILE_ENCODINGS = ['pem', 'der', 'json', 'binary', 'hex'] as const;
export type FileEncoding = (typeof FILE_ENCODINGS)[number];

export interface KeyFileChoice {
  readonly form: FileForm;
  /** The first of the form unless given. */
  readonly encoding?: FileEncoding | undefined;
  /** For ML-DSA. */
  readonly keyFormat?: KeyFormat | undefined;
  /** For ML-DSA where `keyFormat` is not given: the seed unless given. A key without a seed is written expanded. */
  readonly preferredFormat?: KeyFormat | undefined;
  /** For PKCS #8: version 1 with the public key. */
  readonly includePublicKey?: boolean | undefined;
  /** UTF-8; for the encrypted forms. */
  readonly password?: Uint8Array | undefined;
  /** For encrypted PKCS #8; AES-256-CBC and PBKDF2 unless given. */
  readonly cipher?: Exclude<CipherName, 'des-ede3-cbc'> | undefined;
  readonly kdf?: EncryptionChoice['kdf'] | undefined;
  readonly iterations?: number | undefined;
  /** For PKCS #12. */
  readonly mac?: MacName | undefined;
  readonly friendlyName?: string | undefined;
}

export interface WrittenKeyFile {
  readonly form: FileForm;
  readonly encoding: FileEncoding;
  /** Of an ML-DSA key. */
  readonly keyFormat: KeyFormat | undefined;
  /** Secret; the caller zeroes it. */
  readonly octets: Uint8Array;
}

/** What is written for a form. The first encoding is the default. */
interface Form {
  readonly encodings: readonly [FileEncoding, ...FileEncoding[]];
  readonly label?: WrittenLabel;
  write(key: ExportedKey, choice: KeyFileChoice): Uint8Array | Promise<Uint8Array>;
}

const FORMS: Readonly<Record<FileForm, Form>> = Object.freeze({
  pkcs8: {
    encodings: ['pem', 'der'],
    label: 'PRIVATE KEY',
    write: plainPkcs8,
  },
  'encrypted-pkcs8': {
    encodings: ['pem', 'der'],
    label: 'ENCRYPTED PRIVATE KEY',
    write: encryptedPkcs8,
  },
  pkcs12: { encodings: ['der'], write: pkcs12 },
  pkcs1: { encodings: ['pem', 'der'], label: 'RSA PRIVATE KEY', write: toPkcs1 },
  sec1: { encodings: ['pem', 'der'], label: 'EC PRIVATE KEY', write: toSec1 },
  jwk: { encodings: ['json'], write: toJwk },
  raw: { encodings: ['binary', 'hex'], write: toRaw },
});

/** Throws PkiError invalid-key-options for a choice that the key does not have, or whose members contradict each other. */
export async function writeKeyFile(key: PrivateKey, choice: KeyFileChoice): Promise<WrittenKeyFile> {
  const form = FORMS[choice.form];
  const encoding = encodingOf(form, choice);
  checkMembers(choice);
  const { pkcs8, keyFormat } = await exported(key, choice);
  try {
    const octets = await form.write({ pkcs8, publicKey: key.publicKey.bits }, choice);
    return { form: choice.form, encoding, keyFormat, octets: inEncoding(octets, encoding, form.label) };
  } finally {
    pkcs8.fill(0);
  }
}

function encodingOf({ encodings }: Form, { form, encoding = encodings[0] }: KeyFileChoice): FileEncoding {
  if (encodings.includes(encoding)) return encoding;
  throw invalid('encoding', `The encoding of ${form} must be ${encodings.join(' or ')}, not ${encoding}`);
}

/** Members that have a meaning for some forms only. */
const MEMBER_FORMS: readonly (readonly [
  member: keyof KeyFileChoice,
  path: string,
  forms: readonly FileForm[],
])[] = [
  ['password', 'newPassword', ['encrypted-pkcs8', 'pkcs12']],
  ['includePublicKey', 'includePublicKey', ['pkcs8', 'encrypted-pkcs8']],
  ['cipher', 'cipher', ['encrypted-pkcs8']],
  ['kdf', 'kdf', ['encrypted-pkcs8']],
  ['iterations', 'iterations', ['encrypted-pkcs8']],
  ['mac', 'mac', ['pkcs12']],
  ['friendlyName', 'friendlyName', ['pkcs12']],
];

function checkMembers(choice: KeyFileChoice): void {
  const { form, password, kdf, iterations } = choice;
  for (const [member, path, forms] of MEMBER_FORMS) {
    if (choice[member] !== undefined && !forms.includes(form))
      throw invalid(path, `It is allowed with the format ${forms.join(' or ')} only, not with ${form}`);
  }
  if (password === undefined && (form === 'encrypted-pkcs8' || form === 'pkcs12'))
    throw invalid('newPassword', `The format ${form} needs a password`);
  if (kdf === 'scrypt' && iterations !== undefined)
    throw invalid('iterations', 'scrypt has no iterations; they are for pbkdf2');
}

/** The format is the seed unless the key has none (RFC 9881 §8.1) or the choice has another one. */
async function exported(
  key: PrivateKey,
  { form, keyFormat, preferredFormat = 'seed' }: KeyFileChoice,
): Promise<{ pkcs8: Der; keyFormat: KeyFormat | undefined }> {
  checkKeyFormat(key, keyFormat);
  if (key.publicKey.family !== 'ml-dsa') return { pkcs8: (await key.exportPkcs8()) as Der, keyFormat };
  if (keyFormat === undefined) return exportPreferred(key, preferredFormat);
  if (form === 'jwk' && keyFormat !== 'seed')
    throw invalid('keyFormat', `A JWK has the seed (RFC 9964), so the form must be seed, not ${keyFormat}`);
  return { pkcs8: (await key.exportPkcs8(keyFormat)) as Der, keyFormat };
}

function plainPkcs8(key: ExportedKey, { includePublicKey }: KeyFileChoice): Uint8Array {
  return includePublicKey === true ? withPublicKey(key) : new Uint8Array(key.pkcs8);
}

async function encryptedPkcs8(key: ExportedKey, choice: KeyFileChoice): Promise<Uint8Array> {
  const { password = new Uint8Array(), cipher = 'aes-256-cbc', kdf = 'pbkdf2', iterations } = choice;
  const plain = plainPkcs8(key, choice);
  try {
    return await encryptPrivateKey(plain, password, { cipher, kdf, iterations });
  } finally {
    plain.fill(0);
  }
}

async function pkcs12(key: ExportedKey, choice: KeyFileChoice): Promise<Uint8Array> {
  const { password = new Uint8Array(), mac = 'hmac', friendlyName } = choice;
  return writePkcs12({ pkcs8: key.pkcs8, certificates: [], password, mac, friendlyName });
}

/** Zeroes `octets` unless they are the result. */
function inEncoding(octets: Uint8Array, encoding: FileEncoding, label: WrittenLabel | undefined): Uint8Array {
  const isText = encoding === 'hex' || (encoding === 'pem' && label !== undefined);
  if (!isText) return octets;
  try {
    return encoding === 'hex' || label === undefined ? encodeHexadecimal(octets) : encodePem(label, octets);
  } finally {
    octets.fill(0);
  }
}

const invalid = (member: string, sentence: string): PkiError =>
  new PkiError('invalid-key-options', sentence, [member]);
