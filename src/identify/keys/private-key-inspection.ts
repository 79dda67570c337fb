/** Inspects a private key in PKCS #8 (RFC 5958), with every check that an import makes. */

import { PkiError } from '../../base/errors.ts';
import { readAlgorithmIdentifier, requireNoParameters } from '../../formats/algorithm-identifier.ts';
import { describeAlgorithm } from '../../formats/describe-algorithm.ts';
import type { Der } from '../../formats/der/header.ts';
import { elementOf } from '../../formats/der/reader.ts';
import { concat, TAG } from '../../formats/der/writer.ts';
import {
  KEY_PAIR,
  privateKeyInfoParts,
  readPrivateKeyInfo,
  type PrivateKeyInfo,
} from '../../formats/private-key-info.ts';
import type { KeyForm } from '../../formats/private-keys/key-file.ts';
import type { Reading } from '../../formats/reading.ts';
import {
  encodeSubjectPublicKeyInfo,
  readSubjectPublicKeyInfo,
} from '../../formats/subject-public-key-info.ts';
import type { Keys, PublicKey } from '../../keys/key.ts';
import { isSameKey } from '../../keys/public-key.ts';
import { checkStrength, publicPart, type KeyInspection } from './inspection.ts';
import { KeyChecks } from './key-checks.ts';
import { checkSeedKey } from './seed-key-checks.ts';
import { seedKeyKindOf, type SeedKeyKind } from './seed-key-kinds.ts';
import { offsetOfMember, offsetWithin } from './offsets.ts';

/** `pkcs8` stays the caller's to zero. */
export async function inspectPrivateKey(
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
  const kind = seedKeyKindOf(oid);
  const { publicKey, keyFormat } =
    kind === undefined
      ? { publicKey: await checkWholeKey(checks, input), keyFormat: undefined }
      : await checkParts(checks, input, kind);
  if (publicKey !== undefined) {
    checkIncluded(checks, pkcs8, info, publicKey, reading);
    checkStrength(checks, publicKey);
  }
  return { oid, algorithm: kind?.algorithm ?? name, publicKey, keyFormat };
}

async function checkParts(
  checks: KeyChecks,
  { keys, pkcs8, info, reading }: PrivateInput,
  kind: SeedKeyKind,
) {
  checks.attempt(
    'algorithm',
    () => requireNoParameters(readAlgorithmIdentifier(info.algorithm), reading),
    () => offsetWithin(pkcs8, info.algorithm),
  );
  return checkSeedKey(checks, { keys, kind, pkcs8, privateKey: info.privateKey, reading });
}

/** node:crypto reads and checks the key as a whole. Its public key in the structure has a check of its own. */
async function checkWholeKey(
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
    failWholeKey(checks, pkcs8, info, error);
    return undefined;
  } finally {
    alone.fill(0);
  }
}

/** A key whose halves do not belong together has passed the checks of its structure. */
function failWholeKey(checks: KeyChecks, pkcs8: Der, info: PrivateKeyInfo, error: PkiError): void {
  const isPair = error.where === KEY_PAIR;
  const isAlgorithm = error.code === 'unsupported-algorithm';
  if (isPair) for (const check of ['algorithm', 'private-key'] as const) checks.pass(check);
  const check = isPair ? 'key-pair' : isAlgorithm ? 'algorithm' : 'private-key';
  const place = isAlgorithm ? info.algorithm : info.privateKey;
  checks.fail(check, error.message, offsetWithin(pkcs8, place));
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
