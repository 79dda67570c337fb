/** Reads a private key in any form that programs write, as PKCS #8. */

import { PkiError } from '../../base/errors.ts';
import { elementOf } from '../der/reader.ts';
import type { Der } from '../der/header.ts';
import { readDer, type ReceivedValue } from '../der/lenient.ts';
import { concat, TAG } from '../der/writer.ts';
import { expectKindOf, PKCS12, structureLabel } from '../identify.ts';
import { isPemText, requireSequence } from '../pem-or-der.ts';
import { ENCRYPTED_PRIVATE_KEY, encryptedPrivateKey } from '../pem-label.ts';
import { decodeKeyPem, looksLikePem } from '../pem.ts';
import { readPkcs12 } from '../pkcs12/read-pkcs12.ts';
import { STRICT, type Reading } from '../reading.ts';
import { decryptPrivateKey } from './encrypted-private-key.ts';
import { beginsAsJson, looksLikeJson } from './jwk-members.ts';
import { decodeKeyText } from './key-text.ts';
import { isRawLength, rawToPkcs8, type RawAlgorithm } from './raw-private-key.ts';
import { jwkToPkcs8 } from './read-jwk.ts';

export type KeyForm = 'pkcs8' | 'encrypted-pkcs8' | 'pkcs12' | 'pkcs1' | 'sec1' | 'jwk' | 'raw';

export interface KeyFile {
  readonly form: KeyForm;
  /** OneAsymmetricKey, not checked yet. The caller zeroes it. */
  readonly pkcs8: Der;
  /** Of a PKCS #12 file, DER, unread. */
  readonly certificates: readonly Uint8Array[];
}

export interface KeyFileOptions {
  /** UTF-8. */
  readonly password?: Uint8Array | undefined;
  /** Of octets without a format. */
  readonly algorithm?: RawAlgorithm | undefined;
}

/**
 * `text` is PEM, a JWK, hexadecimal of a raw key, or base64 or base64url of any form. It stays the caller's to zero. Throws
 * PkiError.
 */
export async function readKeyFile(
  text: Uint8Array,
  options: KeyFileOptions = {},
  reading: Reading = STRICT,
): Promise<KeyFile> {
  if (looksLikeJson(text) || looksLikePem(text)) return readText(text, options, reading);
  const octets = decodeKeyText(text);
  try {
    const isJson = isRaw(octets, options.algorithm) ? beginsAsJson(octets) : looksLikeJson(octets);
    return isJson || isPemText(octets)
      ? await readText(octets, options, reading)
      : await readOctets(octets, options, reading);
  } finally {
    octets.fill(0);
  }
}

async function readText(text: Uint8Array, options: KeyFileOptions, reading: Reading): Promise<KeyFile> {
  if (looksLikeJson(text)) return keyFile('jwk', jwkToPkcs8(text));
  const octets = decodeKeyPem(text, reading);
  try {
    return await readOctets(octets, options, reading);
  } finally {
    octets.fill(0);
  }
}

const keyFile = (form: KeyForm, pkcs8: Der, certificates: readonly Uint8Array[] = []): KeyFile => ({
  form,
  pkcs8,
  certificates,
});

/** `octets` are DER or a raw key. */
async function readOctets(octets: Uint8Array, options: KeyFileOptions, reading: Reading): Promise<KeyFile> {
  if (isRaw(octets, options.algorithm)) return keyFile('raw', rawToPkcs8(octets, options.algorithm));
  requireSequence(octets, 'PRIVATE KEY');
  const value = readDer(octets, { subject: 'The private key', reading });
  try {
    return await readStructure(value, options, reading);
  } finally {
    value.der.fill(0);
  }
}

/** Without its algorithm, a raw key must not have the length of its whole in its first octets, as DER has. */
function isRaw(octets: Uint8Array, algorithm: RawAlgorithm | undefined): boolean {
  if (algorithm !== undefined && isRawLength(octets.length, algorithm)) return true;
  return isRawLength(octets.length) && !isWholeSequence(octets);
}

/** No DER of a key is as short as a seed, and none of a length of raw keys has a length of two octets (81). */
function isWholeSequence(octets: Uint8Array): boolean {
  const [tag, first = 0, second = 0, third = 0] = octets;
  if (tag !== TAG.sequence) return false;
  return first === 0x82 ? second * 256 + third === octets.length - 4 : first === octets.length - 2;
}

async function readStructure(
  value: ReceivedValue,
  { password }: KeyFileOptions,
  reading: Reading,
): Promise<KeyFile> {
  const { der } = value;
  const label = structureLabel(elementOf(der));
  if (label === ENCRYPTED_PRIVATE_KEY)
    return keyFile('encrypted-pkcs8', await decryptPrivateKey(der, password ?? noPassword(), reading));
  if (label === PKCS12) return readPkcs12File(der, password, reading);
  const { der: pkcs8 } = expectKindOf(value, ['PRIVATE KEY'], reading);
  return keyFile(FORMS.get(label) ?? 'pkcs8', pkcs8 === der ? (concat([der]) as Der) : pkcs8);
}

const FORMS: ReadonlyMap<string | undefined, KeyForm> = new Map([
  ['RSA PRIVATE KEY', 'pkcs1'],
  ['EC PRIVATE KEY', 'sec1'],
]);

function noPassword(): never {
  throw encryptedPrivateKey();
}

/** Without a password, the empty one is tried: some programs need one and write it. */
async function readPkcs12File(
  der: Der,
  password: Uint8Array | undefined,
  reading: Reading,
): Promise<KeyFile> {
  try {
    const { pkcs8, certificates } = await readPkcs12(der, password ?? new Uint8Array(), reading);
    return keyFile('pkcs12', pkcs8, certificates);
  } catch (error) {
    if (password === undefined && error instanceof PkiError && error.code === 'wrong-password')
      throw new PkiError('encrypted-private-key', 'The PKCS #12 file is encrypted; give its password');
    throw error;
  }
}
