/**
 * The key derivation function in PBES2 and PBMAC1:
 *
 * PBKDF2-params ::= SEQUENCE {
 *      salt           CHOICE { specified OCTET STRING, otherSource AlgorithmIdentifier },
 *      iterationCount INTEGER (1..MAX),
 *      keyLength      INTEGER (1..MAX) OPTIONAL,
 *      prf            AlgorithmIdentifier DEFAULT algid-hmacWithSHA1 }                    -- RFC 8018 appendix A.2
 *
 * scrypt-params ::= SEQUENCE {
 *      salt OCTET STRING, costParameter INTEGER, blockSize INTEGER, parallelizationParameter INTEGER,
 *      keyLength INTEGER OPTIONAL }                                                       -- RFC 7914 §7.1
 */

import type {
  DerivationParameters,
  Pbkdf2Parameters,
  Prf,
  ScryptParameters,
} from '../../algorithms/passwords/derivation.ts';
import {
  encodeAlgorithmIdentifier,
  readAlgorithmIdentifier,
  requireNullOrNoParameters,
  unsupported,
} from '../algorithm-identifier.ts';
import type { Der } from '../der/header.ts';
import { openSequence, type StructureReader } from '../der/structure-reader.ts';
import { nullValue, octetString, sequence, TAG, unsignedInteger } from '../der/writer.ts';
import { describeOid } from '../oids.ts';
import { HMAC_OIDS, passwordOid } from './oids.ts';

export interface Derivation {
  readonly parameters: DerivationParameters;
  /** In octets; undefined when the file leaves it to the cipher. */
  readonly keyLength: number | undefined;
}

/** Longer than any key and any salt in use. */
const MAX_OCTETS = 1024;

/** `kdf` is an AlgorithmIdentifier. Throws PkiError unsupported-algorithm or invalid-private-key. */
export function readDerivation(kdf: Der): Derivation {
  const { oid, parameters } = readAlgorithmIdentifier(kdf);
  if (parameters !== undefined && oid === passwordOid.pbkdf2)
    return readPbkdf2(open('PBKDF2-params', parameters));
  if (parameters !== undefined && oid === passwordOid.scrypt)
    return readScrypt(open('scrypt-params', parameters));
  throw unsupported(`The key derivation ${describeOid(oid)} is not supported; PBKDF2 and scrypt are`);
}

const open = (name: string, der: Der): StructureReader =>
  openSequence(der, { name, code: 'invalid-private-key' });

function readPbkdf2(reader: StructureReader): Derivation {
  const salt = saltOf(reader);
  const iterations = positiveInteger(reader, 'iterationCount');
  const keyLength = optionalLength(reader);
  const prf = reader.hasMore ? readPrf(reader.element('prf', TAG.sequence).encoding) : 'sha1';
  reader.end();
  return { parameters: { kdf: 'pbkdf2', prf, salt, iterations }, keyLength };
}

function readPrf(der: Der): Prf {
  const algorithm = readAlgorithmIdentifier(der);
  requireNullOrNoParameters(algorithm);
  return digestOfHmac(algorithm.oid);
}

/** Throws PkiError unsupported-algorithm. */
export function digestOfHmac(oid: string): Prf {
  const [prf] = Object.entries(HMAC_OIDS).find(([, value]) => value === oid) ?? [];
  if (prf === undefined)
    throw unsupported(`${describeOid(oid)} is not supported; HMAC with SHA-1 and SHA-2 is`);
  return prf as Prf;
}

function readScrypt(reader: StructureReader): Derivation {
  const salt = saltOf(reader);
  const cost = positiveInteger(reader, 'costParameter');
  const blockSize = positiveInteger(reader, 'blockSize');
  const parallelization = positiveInteger(reader, 'parallelizationParameter');
  const keyLength = optionalLength(reader);
  reader.end();
  // RFC 7914 §2
  if (cost < 2 || (cost & (cost - 1)) !== 0)
    throw reader.fault('costParameter', 'must be a power of two above 1');
  if (Math.log2(cost) >= 16 * blockSize)
    throw reader.fault('costParameter', `must be below 2^${16 * blockSize} with this blockSize`);
  return { parameters: { kdf: 'scrypt', salt, cost, blockSize, parallelization }, keyLength };
}

function saltOf(reader: StructureReader): Uint8Array {
  const salt = reader.octetString('salt');
  if (salt.length > MAX_OCTETS) throw reader.fault('salt', `must have at most ${MAX_OCTETS} octets`);
  return salt;
}

/** An INTEGER from 1 to 2^31 - 1. Throws the error of `reader`. */
export function positiveInteger(reader: StructureReader, member: string): number {
  const number = reader.smallInteger(member);
  if (number === 0) throw reader.fault(member, 'must be positive');
  return number;
}

function optionalLength(reader: StructureReader): number | undefined {
  if (!reader.isNext(TAG.integer)) return undefined;
  const length = positiveInteger(reader, 'keyLength');
  if (length > MAX_OCTETS) throw reader.fault('keyLength', `must be at most ${MAX_OCTETS}`);
  return length;
}

/** Returns an AlgorithmIdentifier. `keyLength` is written when it is given. */
export function encodeDerivation({ parameters, keyLength }: Derivation): Der {
  const length = keyLength === undefined ? [] : [unsignedInteger(keyLength)];
  return parameters.kdf === 'pbkdf2' ? encodePbkdf2(parameters, length) : encodeScrypt(parameters, length);
}

const encodePbkdf2 = ({ salt, iterations, prf }: Pbkdf2Parameters, length: readonly Der[]): Der =>
  encodeAlgorithmIdentifier(
    passwordOid.pbkdf2,
    sequence(
      octetString(salt),
      unsignedInteger(iterations),
      ...length,
      // X.690 §11.5
      ...(prf === 'sha1' ? [] : [encodeHmac(prf)]),
    ),
  );

/** RFC 8018 appendix B.1: the parameters are NULL. */
export const encodeHmac = (digest: Prf): Der => encodeAlgorithmIdentifier(HMAC_OIDS[digest], nullValue());

const encodeScrypt = (
  { salt, cost, blockSize, parallelization }: ScryptParameters,
  length: readonly Der[],
): Der =>
  encodeAlgorithmIdentifier(
    passwordOid.scrypt,
    sequence(octetString(salt), ...[cost, blockSize, parallelization].map(unsignedInteger), ...length),
  );
