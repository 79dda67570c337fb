/** Inspects one key, private or public: what it is, and every check that it passes or fails. */

import { describeSubjectPublicKeyInfo } from '../../formats/describe-algorithm.ts';
import { expectReceivedKind } from '../../formats/identify.ts';
import { readKeyFile, type KeyFileOptions } from '../../formats/private-keys/key-file.ts';
import { JwkMembers } from '../../formats/private-keys/jwk-members.ts';
import { jwkToPublicKey } from '../../formats/private-keys/public-jwk.ts';
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
  const found = await publicKeyIn(text);
  if (found !== undefined) return inspectPublicKey(found, reading);
  const { form, pkcs8 } = await readKeyFile(text, options, reading);
  try {
    return await inspectPrivateKey(keys, form, pkcs8, reading);
  } finally {
    pkcs8.fill(0);
  }
}

interface FoundPublicKey {
  readonly form: 'spki' | 'jwk';
  /** SubjectPublicKeyInfo. */
  readonly octets: Uint8Array;
}

/** Returns a copy of the only public key in `text`; undefined when there is none. */
async function publicKeyIn(text: Uint8Array): Promise<FoundPublicKey | undefined> {
  const findings = await findParts(text);
  try {
    const [part, ...others] = findings.parts;
    if (part === undefined || others.length > 0) return undefined;
    if (part.type === 'public-key') return { form: 'spki', octets: Uint8Array.from(part.octets) };
    return part.type === 'jwk' ? publicJwk(part.octets) : undefined;
  } finally {
    findings.destroy();
  }
}

function publicJwk(text: Uint8Array): FoundPublicKey | undefined {
  const jwk = new JwkMembers(text);
  const octets = jwk.isPrivate ? undefined : jwkToPublicKey(jwk);
  return octets && { form: 'jwk', octets };
}

function inspectPublicKey({ form, octets }: FoundPublicKey, reading: Reading): KeyInspection {
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
    form,
    algorithm: key?.algorithm ?? algorithm.name,
    oid: algorithm.oid,
    ...publicPart(key, der),
    checks: checks.list,
    isValid: checks.arePassed,
    sizes: { publicKey: bits.length, spki: der.length },
  };
}
