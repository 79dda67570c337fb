/** The power-on self-test: no engine serves before it has shown that it computes ML-DSA. */

import { hash } from 'node:crypto';
import { PkiError } from '../../base/errors.ts';
import type { Engine } from './engine.ts';
import { ML_DSA, SECURITY_LEVELS, SEED_LENGTH, type SecurityLevel } from './parameter-sets.ts';

/** SHA-256 of the public keys of RFC 9881 appendix C.2, which belong to the seed 00 01 … 1f. */
const PUBLIC_KEY_DIGESTS: Readonly<Record<SecurityLevel, string>> = Object.freeze({
  'ml-dsa-44': '9f107644c1084526af3bc8098680b05499a2325a644e388fb4f970e058d19d46',
  'ml-dsa-65': 'd666806e11cee19a7c989f7445f90dd419cf4d2d51db8c0fdb4c0f0a542238c9',
  'ml-dsa-87': '91dc389cfaa01470b7f66eee45a4ae9026d154817c754dfe22298b3fa241ffcd',
});

const MESSAGE = new TextEncoder().encode('power-on self-test');
const SEED = Uint8Array.from({ length: SEED_LENGTH }, (_, i) => i);

/** Throws PkiError engine-unavailable that names the engine, the level and the step that failed. */
export async function selfTest(engine: Engine): Promise<void> {
  await Promise.all(SECURITY_LEVELS.map((level) => testLevel(engine, level)));
}

async function testLevel(engine: Engine, level: SecurityLevel): Promise<void> {
  try {
    await knownAnswerAndRoundTrip(engine, level);
  } catch (error) {
    const step = error instanceof Error ? error.message : String(error);
    throw new PkiError(
      'engine-unavailable',
      `the ${engine.name} engine fails its ${level} self-test: ${step}`,
    );
  }
}

async function knownAnswerAndRoundTrip(engine: Engine, level: SecurityLevel): Promise<void> {
  const publicKey = await engine.publicFromSeed(level, SEED);
  assert(hash('sha256', publicKey) === PUBLIC_KEY_DIGESTS[level], 'the public key of a known seed is wrong');
  const signature = await signWithSeed(engine, level);
  assert(signature.length === ML_DSA[level].signatureLength, 'a signature has a wrong length');
  const [valid, otherMessage, otherSignature] = await Promise.all([
    engine.verify(level, publicKey, MESSAGE, signature),
    engine.verify(level, publicKey, flipped(MESSAGE), signature),
    engine.verify(level, publicKey, MESSAGE, flipped(signature)),
  ]);
  assert(valid, 'a signature of its own does not verify');
  assert(!otherMessage, 'a signature verifies for another message');
  assert(!otherSignature, 'a damaged signature verifies');
}

async function signWithSeed(engine: Engine, level: SecurityLevel): Promise<Uint8Array> {
  const key = await engine.importKey({ level, seed: SEED });
  try {
    return await engine.sign(key, MESSAGE);
  } finally {
    key.destroy();
  }
}

/** A copy in which one bit differs. */
const flipped = (octets: Uint8Array): Uint8Array =>
  octets.map((octet, i) => (i === octets.length >> 1 ? octet ^ 1 : octet));

function assert(holds: boolean, fault: string): void {
  if (!holds) throw new Error(fault);
}
