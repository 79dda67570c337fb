/** Inspects one key, private or public: what it is, and every check that it passes or fails. */

import { PkiError } from '../../base/errors.ts';
import { readAlgorithmIdentifier, requireNoParameters } from '../../formats/algorithm-identifier.ts';
import { describeAlgorithm, describeSubjectPublicKeyInfo } from '../../formats/describe-algorithm.ts';
import type { Der } from '../../formats/der/header.ts';
import { elementOf } from '../../formats/der/reader.ts';
import { concat, TAG } from '../../formats/der/writer.ts';
import { expectReceivedKind } from '../../formats/identify.ts';
import { mlDsaParameterSetOf } from '../../formats/key-algorithm.ts';
import {
  privateKeyInfoParts,
  readPrivateKeyInfo,
  type PrivateKeyInfo,
} from '../../formats/private-key-info.ts';
import { readKeyFile, type KeyFileOptions, type KeyForm } from '../../formats/private-keys/key-file.ts';
import type { Reading } from '../../formats/reading.ts';
import {
  encodeSubjectPublicKeyInfo,
  readSubjectPublicKeyInfo,
} from '../../formats/subject-public-key-info.ts';
import type { KeyFormat, Keys, PublicKey } from '../../keys/key.ts';
import { isSameKey, readPublicKey } from '../../keys/public-key.ts';
import { isPublishedKey } from '../../keys/published-key.ts';
import { rejectWeakKey } from '../../keys/weak-key.ts';
import { findParts } from '../find-parts.ts';
import { keyIdentifiers, type KeyIdentifiers } from './key-identifiers.ts';
import { KeyChecks, type KeyCheck } from './key-checks.ts';
import { checkMlDsaKey } from './ml-dsa-checks.ts';
import { offsetOfMember, offsetWithin } from './offsets.ts';

export interface KeyInspection {
  readonly isPrivate: boolean;
  readonly form: KeyForm | 'spki';
  /** Of the OneAsymmetricKey: 0 or 1. */
  readonly version?: number | undefined;
  /** `ml-dsa-65`, `rsa-3072`, or the name of the OID for a key that this service rejects. */
  readonly algorithm: string | undefined;
  readonly oid: string | undefined;
  /** Of an ML-DSA private key. */
  readonly keyFormat?: KeyFormat | undefined;
  readonly checks: readonly KeyCheck[];
  readonly isValid: boolean;
  /** SubjectPublicKeyInfo, DER; undefined when it is not known. */
  readonly publicKey: Der | undefined;
  readonly identifiers: KeyIdentifiers | undefined;
  readonly isPublished: boolean;
  /** In octets. */
  readonly sizes: {
    /** OneAsymmetricKey, DER. */
    readonly pkcs8?: number | undefined;
    /** The contents of privateKey in it. */
    readonly privateKey?: number | undefined;
    readonly publicKey?: number | undefined;
    readonly spki?: number | undefined;
  };
}

/** `text` stays the caller's to zero. Throws PkiError for what has not the form of a key. */
export async function inspectKey(
  keys: Keys,
  text: Uint8Array,
  options: KeyFileOptions,
  reading: Reading,
): Promise<KeyInspection> {
  const spki = publicKeyIn(text);
  if (spki !== undefined) return inspectPublicKey(spki, reading);
  const { form, pkcs8 } = await readKeyFile(text, options, reading);
  try {
    return await inspectPrivateKey(keys, form, pkcs8, reading);
  } finally {
    pkcs8.fill(0);
  }
}

/** Returns a copy of the only SubjectPublicKeyInfo in `text`; undefined when there is none. */
function publicKeyIn(text: Uint8Array): Uint8Array | undefined {
  const findings = findParts(text);
  try {
    const [part, ...others] = findings.parts;
    return part?.type === 'public-key' && others.length === 0 ? Uint8Array.from(part.octets) : undefined;
  } finally {
    findings.destroy();
  }
}

function inspectPublicKey(octets: Uint8Array, reading: Reading): KeyInspection {
  const { der } = expectReceivedKind(octets, ['PUBLIC KEY'], reading);
  const { algorithm } = describeSubjectPublicKeyInfo(der, reading);
  const { bits } = readSubjectPublicKeyInfo(der, reading);
  const checks = new KeyChecks();
  const key = checks.attempt(
    'public-key',
    () => readPublicKey(der, reading),
    () => offsetWithin(der, bits),
  );
  if (key !== undefined) checkStrength(checks, key);
  return {
    isPrivate: false,
    form: 'spki',
    algorithm: key?.algorithm ?? algorithm.name,
    oid: algorithm.oid,
    ...publicPart(key, der),
    checks: checks.list,
    isValid: checks.arePassed,
    sizes: { publicKey: bits.length, spki: der.length },
  };
}

const publicPart = (key: PublicKey | undefined, spki: Der | undefined = key?.spki) => ({
  publicKey: spki,
  identifiers: spki && keyIdentifiers(spki, readSubjectPublicKeyInfo(spki).bits),
  isPublished: key !== undefined && isPublishedKey(key),
});

function checkStrength(checks: KeyChecks, key: PublicKey): void {
  if (key.family === 'rsa') checks.attempt('strength', () => rejectWeakKey(key));
  if (key.family !== 'ml-dsa') return;
  if (isPublishedKey(key)) checks.fail('not-published', 'The private key is published: it is for tests only');
  else checks.pass('not-published');
}

async function inspectPrivateKey(
  keys: Keys,
  form: KeyForm,
  pkcs8: Der,
  reading: Reading,
): Promise<KeyInspection> {
  const checks = new KeyChecks();
  const info = checks.attempt(
    'structure',
    () => readPrivateKeyInfo(pkcs8, reading),
    (error) => offsetOfMember(pkcs8, error),
  );
  const found = info && (await inspectContent(checks, { keys, pkcs8, info, reading }));
  return {
    isPrivate: true,
    form,
    version: info && versionOf(pkcs8),
    algorithm: found?.publicKey?.algorithm ?? found?.algorithm,
    oid: found?.oid,
    keyFormat: found?.keyFormat,
    ...publicPart(found?.publicKey),
    checks: checks.list,
    isValid: checks.arePassed,
    sizes: {
      pkcs8: pkcs8.length,
      privateKey: info?.privateKey.length,
      publicKey: found?.publicKey?.bits.length,
      spki: found?.publicKey?.spki.length,
    },
  };
}

/** The first member of a structure that {@link readPrivateKeyInfo} has read. */
function versionOf(pkcs8: Der): number | undefined {
  const { contents } = elementOf(pkcs8);
  return contents[0] === TAG.integer ? contents[2] : undefined;
}

interface PrivateInput {
  readonly keys: Keys;
  readonly pkcs8: Der;
  readonly info: PrivateKeyInfo;
  readonly reading: Reading;
}

async function inspectContent(checks: KeyChecks, input: PrivateInput) {
  const { pkcs8, info, reading } = input;
  const { oid, name } = describeAlgorithm(info.algorithm);
  const parameterSet = mlDsaParameterSetOf(oid);
  const { publicKey, keyFormat } =
    parameterSet === undefined
      ? { publicKey: await checkClassicalKey(checks, input), keyFormat: undefined }
      : await checkMlDsa(checks, input, parameterSet);
  if (publicKey !== undefined) {
    checkIncluded(checks, pkcs8, info, publicKey, reading);
    checkStrength(checks, publicKey);
  }
  return { oid, algorithm: parameterSet ?? name, publicKey, keyFormat };
}

async function checkMlDsa(
  checks: KeyChecks,
  { keys, pkcs8, info, reading }: PrivateInput,
  parameterSet: NonNullable<ReturnType<typeof mlDsaParameterSetOf>>,
) {
  checks.attempt(
    'algorithm',
    () => requireNoParameters(readAlgorithmIdentifier(info.algorithm), reading),
    () => offsetWithin(pkcs8, info.algorithm),
  );
  return checkMlDsaKey(checks, { keys, parameterSet, pkcs8, privateKey: info.privateKey, reading });
}

/** node:crypto reads and checks the key as a whole. Its public key in the structure has a check of its own. */
async function checkClassicalKey(
  checks: KeyChecks,
  { keys, pkcs8, info, reading }: PrivateInput,
): Promise<PublicKey | undefined> {
  const alone = concat(privateKeyInfoParts(info.algorithm, [info.privateKey])) as Der;
  try {
    const key = await keys.importPrivateKey(alone, reading);
    key.destroy();
    for (const check of ['algorithm', 'private-key', 'key-pair'] as const) checks.pass(check);
    return key.publicKey;
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    const isAlgorithm = error.code === 'unsupported-algorithm';
    const place = isAlgorithm ? info.algorithm : info.privateKey;
    checks.fail(isAlgorithm ? 'algorithm' : 'private-key', error.message, offsetWithin(pkcs8, place));
    return undefined;
  } finally {
    alone.fill(0);
  }
}

/** RFC 5958 §2: publicKey is that of the private key. */
function checkIncluded(
  checks: KeyChecks,
  pkcs8: Der,
  { publicKey: octets }: PrivateKeyInfo,
  key: PublicKey,
  reading: Reading,
): void {
  if (octets === undefined) return;
  const { algorithm } = readSubjectPublicKeyInfo(key.spki);
  if (isSameKey(key, encodeSubjectPublicKeyInfo(algorithm, octets), reading))
    return checks.pass('public-key');
  checks.fail(
    'public-key',
    'The public key in the OneAsymmetricKey is not that of the private key',
    offsetWithin(pkcs8, octets),
  );
}
