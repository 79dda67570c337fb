/**
 * The integrity of a PKCS #12 file:
 *
 * MacData ::= SEQUENCE {
 *      mac        DigestInfo,        -- SEQUENCE { digestAlgorithm AlgorithmIdentifier, digest OCTET STRING }
 *      macSalt    OCTET STRING,
 *      iterations INTEGER DEFAULT 1 }                                                     -- RFC 7292 §4
 *
 * The digest algorithm is a hash, for HMAC with a key of the derivation of appendix B, or PBMAC1 (RFC 9579, RFC 9879):
 *
 * PBMAC1-params ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier, messageAuthScheme AlgorithmIdentifier }
 */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  deriveKey,
  DIGEST_LENGTH,
  type Pbkdf2Parameters,
  type Prf,
} from '../../algorithms/passwords/derivation.ts';
import { derivePkcs12 } from '../../algorithms/passwords/pkcs12-derivation.ts';
import {
  encodeAlgorithmIdentifier,
  readAlgorithmIdentifier,
  requireNullOrNoParameters,
  unsupported,
} from '../algorithm-identifier.ts';
import type { Der } from '../der/header.ts';
import { openSequence, type StructureReader } from '../der/structure-reader.ts';
import { nullValue, octetString, sequence, TAG, unsignedInteger } from '../der/writer.ts';
import {
  digestOfHmac,
  encodeDerivation,
  encodeHmac,
  positiveInteger,
  readDerivation,
} from '../encryption/derivation-parameters.ts';
import { passwordOid } from '../encryption/oids.ts';
import { bmpPassword, type PasswordWork } from '../encryption/password.ts';
import { describeOid, digestOid, SHA1 } from '../oids.ts';

/** By digest; SHA-1 is what files before 2022 have. */
const DIGESTS: ReadonlyMap<string, Prf> = new Map([
  [SHA1, 'sha1'],
  ['2.16.840.1.101.3.4.2.4', 'sha224'],
  [digestOid.sha256, 'sha256'],
  [digestOid.sha384, 'sha384'],
  [digestOid.sha512, 'sha512'],
]);

/** A MAC and how it is computed. */
interface MacData {
  readonly digestAlgorithm: Der;
  readonly digest: Uint8Array;
  readonly salt: Uint8Array;
  readonly iterations: number;
}

/** Returns whether the MAC of `content` is valid. `reader` is in MacData. Throws PkiError unsupported-algorithm. */
export async function verifyMac(
  reader: StructureReader,
  content: Uint8Array,
  password: Uint8Array,
  work: PasswordWork,
): Promise<boolean> {
  const mac = readMacData(reader);
  const { oid, parameters } = readAlgorithmIdentifier(mac.digestAlgorithm);
  if (oid === passwordOid.pbmac1 && parameters !== undefined)
    return isSame(await pbmac1(parameters, content, password, work), mac.digest);
  requireNullOrNoParameters({ oid, parameters });
  const digest = DIGESTS.get(oid);
  if (digest === undefined)
    throw unsupported(`A MAC with ${describeOid(oid)} is not supported; SHA-1 and SHA-2 are`);
  // Before the octets of the password are copied
  work.spendPkcs12(mac.iterations * (password.length === 0 ? 2 : 1));
  for (const octets of passwordsOf(password))
    if (isSame(await hmac(digest, mac, content, octets), mac.digest)) return true;
  return false;
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** An empty password is two zero octets (RFC 7292 appendix B.1), or no octets, as Windows writes it. */
const passwordsOf = (utf8: Uint8Array): Uint8Array[] =>
  utf8.length === 0 ? [bmpPassword(utf8), new Uint8Array()] : [bmpPassword(utf8)];

function readMacData(reader: StructureReader): MacData {
  const info = reader.structure('mac');
  const digestAlgorithm = info.element('digestAlgorithm', TAG.sequence).encoding;
  const digest = info.octetString('digest');
  info.end();
  const salt = reader.octetString('macSalt');
  const iterations = reader.hasMore ? positiveInteger(reader, 'iterations') : 1;
  reader.end();
  return { digestAlgorithm, digest, salt, iterations };
}

async function hmac(
  digest: Prf,
  { salt, iterations }: Pick<MacData, 'salt' | 'iterations'>,
  content: Uint8Array,
  password: Uint8Array,
): Promise<Uint8Array> {
  const key = await derivePkcs12(
    password,
    { digest, purpose: 'mac', salt, iterations },
    DIGEST_LENGTH[digest],
  );
  try {
    return createHmac(digest, key).update(content).digest();
  } finally {
    key.fill(0);
    password.fill(0);
  }
}

/** In octets. A file with a MAC of a shorter key can be forged for every password: of one octet there are 256. */
const MIN_KEY_LENGTH = 20;

/** RFC 9879 §3: the password is UTF-8, and the key length is written. */
async function pbmac1(
  parameters: Der,
  content: Uint8Array,
  password: Uint8Array,
  work: PasswordWork,
): Promise<Uint8Array> {
  const reader = openSequence(parameters, { name: 'PBMAC1-params', code: 'invalid-private-key' });
  const { parameters: derivation, keyLength } = readDerivation(
    reader.element('keyDerivationFunc', TAG.sequence).encoding,
  );
  const scheme = readAlgorithmIdentifier(reader.element('messageAuthScheme', TAG.sequence).encoding);
  reader.end();
  requireNullOrNoParameters(scheme);
  const digest = digestOfHmac(scheme.oid);
  if (keyLength === undefined) throw reader.fault('keyDerivationFunc', 'must have a keyLength (RFC 9879 §3)');
  if (keyLength < MIN_KEY_LENGTH)
    throw reader.fault('keyDerivationFunc', `must derive ${MIN_KEY_LENGTH} octets or more, not ${keyLength}`);
  work.spend(derivation, keyLength);
  const key = await deriveKey(password, derivation, keyLength);
  try {
    return createHmac(digest, key).update(content).digest();
  } finally {
    key.fill(0);
  }
}

export const MACS = Object.freeze(['hmac', 'pbmac1'] as const);
export type MacName = (typeof MACS)[number];

/** What OpenSSL 3.5 writes. */
const MAC_ITERATIONS = 2048;
const PBMAC1_ITERATIONS = 100_000;
const SALT_LENGTH = 16;

/** Returns MacData with SHA-256. */
export const encodeMac = async (name: MacName, content: Uint8Array, password: Uint8Array): Promise<Der> =>
  name === 'hmac' ? encodeHmacData(content, password) : encodePbmac1(content, password);

async function encodeHmacData(content: Uint8Array, password: Uint8Array): Promise<Der> {
  const parameters = { salt: randomBytes(SALT_LENGTH), iterations: MAC_ITERATIONS };
  const digest = await hmac('sha256', parameters, content, bmpPassword(password));
  return macData(encodeAlgorithmIdentifier(digestOid.sha256, nullValue()), digest, parameters);
}

const macData = (
  algorithm: Der,
  digest: Uint8Array,
  { salt, iterations }: Pick<MacData, 'salt' | 'iterations'>,
): Der =>
  sequence(
    sequence(algorithm, octetString(digest)),
    octetString(salt),
    ...(iterations === 1 ? [] : [unsignedInteger(iterations)]),
  );

async function encodePbmac1(content: Uint8Array, password: Uint8Array): Promise<Der> {
  const derivation: Pbkdf2Parameters = {
    kdf: 'pbkdf2',
    prf: 'sha256',
    salt: randomBytes(SALT_LENGTH),
    iterations: PBMAC1_ITERATIONS,
  };
  const keyLength = DIGEST_LENGTH.sha256;
  const key = await deriveKey(password, derivation, keyLength);
  const digest = createHmac('sha256', key).update(content).digest();
  key.fill(0);
  const parameters = sequence(encodeDerivation({ parameters: derivation, keyLength }), encodeHmac('sha256'));
  // RFC 9879 §5: the salt is not used, and says so
  return macData(encodeAlgorithmIdentifier(passwordOid.pbmac1, parameters), digest, {
    salt: new TextEncoder().encode('NOT USED'),
    iterations: 1,
  });
}
