/** The published vectors of `test/vectors`: NIST's ACVP server, and the appendices of RFC 9881. */

import { readFileSync } from 'node:fs';
import type { MlDsaParameterSetName } from '../../../src/algorithms/ml-dsa/parameter-sets.ts';

interface AcvpFile<Test> {
  readonly testGroups: readonly {
    readonly parameterSet: 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87';
    readonly tests: readonly Test[];
  }[];
}

interface KeyGenTest {
  readonly seed: string;
  readonly pk: string;
  readonly sk: string;
}

interface SigGenTest {
  readonly sk: string;
  readonly message: string;
  readonly context: string;
  readonly signature: string;
}

interface SigVerTest {
  readonly tcId: number;
  readonly testPassed: boolean;
  readonly reason: string;
  readonly pk: string;
  readonly message: string;
  readonly context: string;
  readonly signature: string;
}

const read = (path: string): string =>
  readFileSync(new URL(`../../vectors/${path}`, import.meta.url), 'utf8');

const octets = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

const LEVELS = { 'ML-DSA-44': 'ml-dsa-44', 'ML-DSA-65': 'ml-dsa-65', 'ML-DSA-87': 'ml-dsa-87' } as const;

function acvp<Test, Case>(
  name: string,
  map: (parameterSet: MlDsaParameterSetName, test: Test) => Case,
): Case[] {
  const file: AcvpFile<Test> = JSON.parse(read(`acvp/${name}.json`));
  return file.testGroups.flatMap(({ parameterSet, tests }) =>
    tests.map((test) => map(LEVELS[parameterSet], test)),
  );
}

export const keyGenVectors = () =>
  acvp('keyGen', (parameterSet, { seed, pk, sk }: KeyGenTest) => ({
    parameterSet,
    seed: octets(seed),
    publicKey: octets(pk),
    expandedKey: octets(sk),
  }));

export const sigGenVectors = () =>
  acvp('sigGen-deterministic-pure', (parameterSet, { sk, message, context, signature }: SigGenTest) => ({
    parameterSet,
    expandedKey: octets(sk),
    message: octets(message),
    context: octets(context),
    signature: octets(signature),
  }));

export const sigVerVectors = () =>
  acvp('sigVer-pure', (parameterSet, { pk, message, context, signature, ...test }: SigVerTest) => ({
    parameterSet,
    name: `${parameterSet} case ${test.tcId} (${test.reason})`,
    valid: test.testPassed,
    publicKey: octets(pk),
    message: octets(message),
    context: octets(context),
    signature: octets(signature),
  }));

/** The seed of every example of RFC 9881, 00 01 … 1f. */
export const RFC9881_SEED = Uint8Array.from({ length: 32 }, (_, i) => i);

/** Returns the last `length` octets of a PEM file of RFC 9881, where the key is. */
export const rfc9881 = (file: string, length: number): Uint8Array =>
  new Uint8Array(Buffer.from(read(`rfc9881/${file}`).replace(/-----[^-]+-----/g, ''), 'base64')).slice(
    -length,
  );
