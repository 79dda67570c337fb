/** What encrypts a key or a file, in words: PBES2 (RFC 8018 §6.2), PBES1 and the schemes of PKCS #12 (RFC 7292 appendix C). */

import { ifReadable } from '../base/errors.ts';
import { readAlgorithmIdentifier } from '../formats/algorithm-identifier.ts';
import type { Der } from '../formats/der/header.ts';
import { openSequence, type StructureReader } from '../formats/der/structure-reader.ts';
import { TAG } from '../formats/der/writer.ts';
import { CIPHER_OIDS, HMAC_OIDS, LEGACY_ENCRYPTION, passwordOid } from '../formats/encryption/oids.ts';
import { describeOid, digestOid, SHA1 } from '../formats/oids.ts';

const { pbes2: PBES2, pbmac1: PBMAC1, pbkdf2: PBKDF2, scrypt: SCRYPT } = passwordOid;
const { sha1: HMAC_SHA1 } = HMAC_OIDS;

/** The schemes before PBES2, all of which are weak. */
const OLD: ReadonlyMap<string, string> = new Map(
  Object.entries(LEGACY_ENCRYPTION).map(([name, oid]) => [oid, name]),
);

const NAMES: ReadonlyMap<string, string> = new Map([
  [PBMAC1, 'PBMAC1'],
  ['1.3.14.3.2.7', 'DES-CBC'],
  [SHA1, 'SHA-1'],
  ...Object.entries(CIPHER_OIDS).map(([name, oid]): [string, string] => [oid, name.toUpperCase()]),
  ...Object.entries(HMAC_OIDS).map(([name, oid]): [string, string] => [oid, `HMAC-${hashName(name)}`]),
  ...Object.entries(digestOid).map(([name, oid]): [string, string] => [oid, hashName(name)]),
]);

function hashName(name: string): string {
  return name.toUpperCase().replace('SHA', 'SHA-');
}

const nameOf = (oid: string): string => NAMES.get(oid) ?? describeOid(oid);

export const isEncryptionOid = (oid: string): boolean => oid === PBES2 || OLD.has(oid);

/** `algorithm` is an AlgorithmIdentifier. Never throws for parameters that cannot be read. */
export function describeEncryption(algorithm: Der): string {
  const { oid, parameters } = readAlgorithmIdentifier(algorithm);
  if (oid !== PBES2) return `${OLD.get(oid) ?? nameOf(oid)}${oldIterations(parameters)}`;
  return (parameters && ifReadable(() => describePbes2(parameters))) ?? 'PBES2';
}

/** PBEParameter ::= SEQUENCE { salt OCTET STRING, iterationCount INTEGER } */
function oldIterations(parameters: Der | undefined): string {
  const count = ifReadable(() => {
    if (parameters === undefined) return undefined;
    const reader = open(parameters);
    reader.octetString('salt');
    return reader.smallInteger('iterationCount');
  });
  return count === undefined ? '' : ` (${iterations(count)})`;
}

const open = (der: Der): StructureReader =>
  openSequence(der, { name: 'the parameters', code: 'invalid-der' });
const iterations = (count: number): string => `${count.toLocaleString('en-GB')} iterations`;

/** PBES2-params ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier, encryptionScheme AlgorithmIdentifier } */
function describePbes2(parameters: Der): string {
  const reader = open(parameters);
  const derivation = readAlgorithmIdentifier(reader.element('keyDerivationFunc', TAG.sequence).encoding);
  const cipher = readAlgorithmIdentifier(reader.element('encryptionScheme', TAG.sequence).encoding);
  return `PBES2 with ${describeDerivation(derivation)} and ${nameOf(cipher.oid)}`;
}

function describeDerivation({ oid, parameters }: ReturnType<typeof readAlgorithmIdentifier>): string {
  if (parameters === undefined) return nameOf(oid);
  if (oid === PBKDF2) return describePbkdf2(open(parameters));
  return oid === SCRYPT ? describeScrypt(open(parameters)) : nameOf(oid);
}

/** PBKDF2-params ::= SEQUENCE { salt, iterationCount INTEGER, keyLength INTEGER OPTIONAL, prf DEFAULT hmacWithSHA1 } */
function describePbkdf2(reader: StructureReader): string {
  reader.element('salt');
  const count = reader.smallInteger('iterationCount');
  reader.optionalElement('keyLength', TAG.integer);
  const prf = reader.hasMore ? readAlgorithmIdentifier(reader.element('prf').encoding).oid : HMAC_SHA1;
  return `PBKDF2-${nameOf(prf)} (${iterations(count)})`;
}

/** scrypt-params ::= SEQUENCE { salt, costParameter, blockSize, parallelizationParameter, keyLength OPTIONAL } (RFC 7914 §7.1) */
function describeScrypt(reader: StructureReader): string {
  reader.octetString('salt');
  const [n, r, p] = ['costParameter', 'blockSize', 'parallelizationParameter'].map((member) =>
    reader.smallInteger(member),
  );
  return `scrypt (N = ${n}, r = ${r}, p = ${p})`;
}

/** The MacData of PKCS #12: what checks that the file is unchanged. `digest` is the AlgorithmIdentifier of its DigestInfo. */
export function describeMac(digest: Der, count: number): string {
  const { oid, parameters } = readAlgorithmIdentifier(digest);
  if (oid !== PBMAC1) return `HMAC with ${nameOf(oid)} (${iterations(count)})`;
  const derivation = ifReadable(() => {
    const reader = open(parameters ?? digest);
    return describeDerivation(readAlgorithmIdentifier(reader.element('keyDerivationFunc').encoding));
  });
  return `PBMAC1 with ${derivation ?? 'unknown parameters'}`;
}
