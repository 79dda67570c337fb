/** Inspects one key, private or public: what it is, and every check that it passes or fails. */

import { describeSubjectPublicKeyInfo } from '../../formats/describe-algorithm.ts';
import { expectReceivedKind } from '../../formats/identify.ts';
import { readKeyFile, type KeyFileOptions } from '../../formats/private-keys/key-file.ts';
import type { Reading } from '../../formats/reading.ts';
import { readSubjectPublicKeyInfo } from '../../formats/subject-public-key-info.ts';
import type { Keys } from '../../keys/key.ts';
import { readPublicKey } from '../../keys/public-key.ts';
import { findParts } from '../find-parts.ts';
import { checkStrength, publicPart, type KeyInspection } from './inspection.ts';
import { KeyChecks } from './key-checks.ts';
import { offsetWithin } from './offsets.ts';
import { inspectPrivateKey } from './private-key-inspection.ts';

/** `text` stays the caller's to zero. Throws PkiError for what has not the form of a key. */
export async function inspectKey(
  keys: Keys,
  text: Uint8Array,
  options: KeyFileOptions,
  reading: Reading,
): Promise<KeyInspection> {
  const spki = await publicKeyIn(text);
  if (spki !== undefined) return inspectPublicKey(spki, reading);
  const { form, pkcs8 } = await readKeyFile(text, options, reading);
  try {
    return await inspectPrivateKey(keys, form, pkcs8, reading);
  } finally {
    pkcs8.fill(0);
  }
}

/** Returns a copy of the only SubjectPublicKeyInfo in `text`; undefined when there is none. */
async function publicKeyIn(text: Uint8Array): Promise<Uint8Array | undefined> {
  const findings = await findParts(text);
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
