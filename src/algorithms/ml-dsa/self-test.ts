/** The power-on self-test: every engine must pass it before it is used. */

import { hash } from 'node:crypto';
import { PkiError } from '../../base/errors.ts';
import type { Engine, EngineKey } from './engine.ts';
import { ML_DSA, ML_DSA_PARAMETER_SETS, SEED_LENGTH, type MlDsaParameterSetName } from './parameter-sets.ts';

/** SHA-256 of the public keys of RFC 9881 appendix C.2, whose seed is 00 01 … 1f. */
const PUBLIC_KEY_DIGESTS: Readonly<Record<MlDsaParameterSetName, string>> = Object.freeze({
  'ml-dsa-44': '9f107644c1084526af3bc8098680b05499a2325a644e388fb4f970e058d19d46',
  'ml-dsa-65': 'd666806e11cee19a7c989f7445f90dd419cf4d2d51db8c0fdb4c0f0a542238c9',
  'ml-dsa-87': '91dc389cfaa01470b7f66eee45a4ae9026d154817c754dfe22298b3fa241ffcd',
});

const MESSAGE = new TextEncoder().encode('power-on self-test');
const SEED = Uint8Array.from({ length: SEED_LENGTH }, (_, i) => i);

/** Throws PkiError engine-unavailable that names the engine, the parameter set and the failed step. */
export async function selfTest(engine: Engine): Promise<void> {
  await Promise.all(ML_DSA_PARAMETER_SETS.map((parameterSet) => testParameterSet(engine, parameterSet)));
}

async function testParameterSet(engine: Engine, parameterSet: MlDsaParameterSetName): Promise<void> {
  try {
    await knownAnswerAndRoundTrip(engine, parameterSet);
  } catch (error) {
    const step = error instanceof Error ? error.message : String(error);
    throw new PkiError(
      'engine-unavailable',
      `The ${engine.name} engine fails its ${parameterSet} self-test: ${step}`,
    );
  }
}

async function knownAnswerAndRoundTrip(engine: Engine, parameterSet: MlDsaParameterSetName): Promise<void> {
  const publicKey = await engine.publicFromSeed(parameterSet, SEED);
  assert(
    hash('sha256', publicKey) === PUBLIC_KEY_DIGESTS[parameterSet],
    'the public key of a known seed is wrong',
  );
  const signature = await signWithSeed(engine, parameterSet);
  assert(signature.length === ML_DSA[parameterSet].signatureLength, 'a signature has the wrong length');
  const [valid, otherMessage, otherSignature] = await Promise.all([
    engine.verify(parameterSet, publicKey, MESSAGE, signature),
    engine.verify(parameterSet, publicKey, withOneBitFlipped(MESSAGE), signature),
    engine.verify(parameterSet, publicKey, MESSAGE, withOneBitFlipped(signature)),
  ]);
  assert(valid, 'its own signature does not verify');
  assert(!otherMessage, 'a signature verifies for another message');
  assert(!otherSignature, 'a modified signature verifies');
  const [released, held] = await withSeed(engine, parameterSet, (key) =>
    Promise.all([
      engine.signVerified(key, MESSAGE, publicKey),
      engine.signVerified(key, MESSAGE, withOneBitFlipped(publicKey)),
    ]),
  );
  assert(
    released !== undefined && (await engine.verify(parameterSet, publicKey, MESSAGE, released)),
    'a verified signature is missing or does not verify',
  );
  assert(held === undefined, 'a signature that does not verify is released');
}

const signWithSeed = (engine: Engine, parameterSet: MlDsaParameterSetName): Promise<Uint8Array> =>
  withSeed(engine, parameterSet, (key) => engine.sign(key, MESSAGE));

async function withSeed<T>(
  engine: Engine,
  parameterSet: MlDsaParameterSetName,
  use: (key: EngineKey) => Promise<T>,
): Promise<T> {
  const key = await engine.importKey({ parameterSet, seed: SEED });
  try {
    return await use(key);
  } finally {
    key.destroy();
  }
}

const withOneBitFlipped = (octets: Uint8Array): Uint8Array =>
  octets.map((octet, i) => (i === octets.length >> 1 ? octet ^ 1 : octet));

function assert(condition: boolean, failure: string): void {
  if (!condition) throw new Error(failure);
}
