/**
 * PBES2-params ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier, encryptionScheme AlgorithmIdentifier }
 *                                                                                        -- RFC 8018 appendix A.4
 * The parameters of AES-CBC are its IV, an OCTET STRING. Those of AES-GCM (RFC 5084 §3.2):
 *
 * GCMParameters ::= SEQUENCE { aes-nonce OCTET STRING, aes-ICVlen INTEGER DEFAULT 12 }
 *
 * The tag of AES-GCM is the end of the encrypted octets, as Bouncy Castle writes and reads it.
 */

import { randomBytes } from 'node:crypto';
import {
  CIPHERS,
  decrypt,
  encrypt,
  type CipherName,
  type CipherUse,
} from '../../algorithms/passwords/ciphers.ts';
import { deriveKey, type DerivationParameters } from '../../algorithms/passwords/derivation.ts';
import { encodeAlgorithmIdentifier, readAlgorithmIdentifier, unsupported } from '../algorithm-identifier.ts';
import type { Der } from '../der/header.ts';
import { elementOf } from '../der/reader.ts';
import { openSequence, type StructureReader } from '../der/structure-reader.ts';
import { octetString, sequence, TAG, unsignedInteger } from '../der/writer.ts';
import { describeOid } from '../oids.ts';
import { CIPHER_OIDS, passwordOid } from './oids.ts';
import { encodeDerivation, readDerivation } from './derivation-parameters.ts';
import { PasswordWork, wrongPassword } from './password.ts';

/** How the content of a file is encrypted. */
export interface PasswordEncryption {
  readonly derivation: DerivationParameters;
  readonly use: CipherUse;
}

/** Throws PkiError unsupported-algorithm or invalid-private-key. */
export function readPbes2(parameters: Der): PasswordEncryption {
  const reader = openSequence(parameters, { name: 'PBES2-params', code: 'invalid-private-key' });
  const { parameters: derivation, keyLength } = readDerivation(
    reader.element('keyDerivationFunc', TAG.sequence).encoding,
  );
  const use = readCipher(reader, reader.element('encryptionScheme', TAG.sequence).encoding);
  reader.end();
  const { keyLength: expected } = CIPHERS[use.cipher];
  if (keyLength !== undefined && keyLength !== expected)
    throw reader.fault(
      'keyDerivationFunc',
      `must derive ${expected} octets for ${use.cipher}, not ${keyLength}`,
    );
  return { derivation, use };
}

function readCipher(reader: StructureReader, scheme: Der): CipherUse {
  const { oid, parameters } = readAlgorithmIdentifier(scheme);
  const [cipher] = Object.entries(CIPHER_OIDS).find(([, value]) => value === oid) ?? [];
  if (cipher === undefined)
    throw unsupported(`The cipher ${describeOid(oid)} is not supported; AES-CBC and AES-GCM are`);
  if (parameters === undefined) throw reader.fault('encryptionScheme', 'must have parameters');
  const name = cipher as CipherName;
  return CIPHERS[name].tagLength === 0 ? cbcOf(reader, name, parameters) : gcmOf(name, parameters);
}

function cbcOf(reader: StructureReader, cipher: CipherName, parameters: Der): CipherUse {
  const { tag, contents: iv } = elementOf(parameters);
  const { ivLength } = CIPHERS[cipher];
  if (tag !== TAG.octetString || iv.length !== ivLength)
    throw reader.fault('encryptionScheme', `must have an IV of ${ivLength} octets`);
  return { cipher, iv };
}

/** RFC 5084 §3.2: the default of aes-ICVlen is 12 octets; more than 16 and fewer than 12 are not allowed. */
function gcmOf(cipher: CipherName, parameters: Der): CipherUse {
  const reader = openSequence(parameters, { name: 'GCMParameters', code: 'invalid-private-key' });
  const iv = reader.octetString('aes-nonce');
  const tagLength = reader.hasMore ? reader.smallInteger('aes-ICVlen') : 12;
  reader.end();
  if (iv.length < 8 || iv.length > 16) throw reader.fault('aes-nonce', 'must have 8 to 16 octets');
  if (tagLength < 12 || tagLength > 16) throw reader.fault('aes-ICVlen', 'must be a number from 12 to 16');
  return { cipher, iv, tagLength };
}

/** Returns a new array, which the caller zeroes. Throws PkiError wrong-password. */
export async function decryptPbes2(
  { derivation, use }: PasswordEncryption,
  encrypted: Uint8Array,
  password: Uint8Array,
  work: PasswordWork = new PasswordWork(),
): Promise<Uint8Array> {
  const { keyLength } = CIPHERS[use.cipher];
  work.spend(derivation, keyLength);
  const key = await deriveKey(password, derivation, keyLength);
  try {
    return decrypt(use, key, encrypted) ?? fail();
  } finally {
    key.fill(0);
  }
}

function fail(): never {
  throw wrongPassword();
}

/** How new files are encrypted, without the random values. */
export interface EncryptionChoice {
  readonly cipher: Exclude<CipherName, 'des-ede3-cbc'>;
  readonly kdf: 'pbkdf2' | 'scrypt';
  /** For PBKDF2. */
  readonly iterations?: number | undefined;
}

/** Of HMAC-SHA-256: what OWASP recommends in 2025. */
export const DEFAULT_ITERATIONS = 600_000;

/** In octets. */
const SALT_LENGTH = 16;

export interface Encrypted {
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Der;
  readonly octets: Uint8Array;
}

export async function encryptPbes2(
  { cipher, kdf, iterations = DEFAULT_ITERATIONS }: EncryptionChoice,
  plain: Uint8Array,
  password: Uint8Array,
): Promise<Encrypted> {
  const salt = randomBytes(SALT_LENGTH);
  const { keyLength, ivLength } = CIPHERS[cipher];
  const use = { cipher, iv: randomBytes(ivLength) };
  // RFC 7914 §2; the numbers of OpenSSL
  const scrypt = { kdf: 'scrypt', salt, cost: 16384, blockSize: 8, parallelization: 1 } as const;
  const derivation: DerivationParameters =
    kdf === 'scrypt' ? scrypt : { kdf: 'pbkdf2', prf: 'sha256', salt, iterations };
  new PasswordWork().spend(derivation, keyLength);
  const key = await deriveKey(password, derivation, keyLength);
  try {
    return { algorithm: encodePbes2({ derivation, use }), octets: encrypt(use, key, plain) };
  } finally {
    key.fill(0);
  }
}

const encodePbes2 = ({ derivation, use }: PasswordEncryption): Der =>
  encodeAlgorithmIdentifier(
    passwordOid.pbes2,
    sequence(
      encodeDerivation({ parameters: derivation, keyLength: undefined }),
      encodeAlgorithmIdentifier(CIPHER_OIDS[use.cipher], cipherParameters(use)),
    ),
  );

function cipherParameters({ cipher, iv }: CipherUse): Der {
  const { tagLength } = CIPHERS[cipher];
  return tagLength === 0 ? octetString(iv) : sequence(octetString(iv), unsignedInteger(tagLength));
}
