/** The checks of an ML-DSA private key (RFC 9881 §6, §8.2), each with the place of the fault. */

import { timingSafeEqual } from 'node:crypto';
import { ML_DSA, type MlDsaParameterSetName } from '../../algorithms/ml-dsa/parameter-sets.ts';
import type { PkiError } from '../../base/errors.ts';
import type { Der } from '../../formats/der/header.ts';
import {
  encodeMlDsaPrivateKey,
  readMlDsaPrivateKey,
  type MlDsaPrivateKey,
} from '../../formats/ml-dsa-private-key.ts';
import { readPrivateKeyInfo } from '../../formats/private-key-info.ts';
import type { Reading } from '../../formats/reading.ts';
import type { KeyFormat, Keys, PublicKey } from '../../keys/key.ts';
import { offsetWithin } from './offsets.ts';
import type { KeyChecks } from './key-checks.ts';

/** `pkcs8` is the whole structure, for offsets, and `privateKey` is a view of it. */
interface MlDsaInput {
  readonly keys: Keys;
  readonly parameterSet: MlDsaParameterSetName;
  readonly pkcs8: Der;
  readonly privateKey: Uint8Array;
  readonly reading: Reading;
}

export interface MlDsaFindings {
  readonly keyFormat: KeyFormat | undefined;
  /** Undefined when no form of the key leads to it. */
  readonly publicKey: PublicKey | undefined;
}

export async function checkMlDsaKey(checks: KeyChecks, input: MlDsaInput): Promise<MlDsaFindings> {
  const { parameterSet, pkcs8, privateKey, reading } = input;
  const given = checks.attempt(
    'private-key',
    () => readMlDsaPrivateKey(privateKey, parameterSet, reading),
    (error) => offsetWithin(pkcs8, privateKey) + innerOffset(error),
  );
  if (given === undefined) return { keyFormat: undefined, publicKey: undefined };
  const publicKey =
    given.seed === undefined
      ? await checkExpandedKey(checks, input, given)
      : await checkSeed(checks, input, given);
  if (given.seed === undefined && given.publicKey !== undefined)
    checkTrailingKey(checks, input, given.publicKey, publicKey);
  return { keyFormat: formatOf(given), publicKey };
}

const formatOf = ({ seed, expandedKey }: MlDsaPrivateKey): KeyFormat =>
  seed === undefined ? 'expanded' : expandedKey === undefined ? 'seed' : 'both';

/** DER errors have their place in `where`. */
const innerOffset = ({ message }: PkiError): number => Number(/at octet (\d+)/.exec(message)?.[1] ?? 0);

async function checkSeed(
  checks: KeyChecks,
  { keys, parameterSet, pkcs8 }: MlDsaInput,
  { seed, expandedKey }: MlDsaPrivateKey & { readonly seed: Uint8Array },
): Promise<PublicKey> {
  const alone = encodeMlDsaPrivateKey(parameterSet, { seed }) as Der;
  const key = await keys.importPrivateKey(alone).finally(() => alone.fill(0));
  try {
    if (expandedKey !== undefined) {
      const regenerated = (await key.exportPkcs8('expanded')) as Der;
      try {
        compareExpanded(checks, parameterSet, pkcs8, { expandedKey, regenerated });
      } finally {
        regenerated.fill(0);
      }
    }
    return key.publicKey;
  } finally {
    key.destroy();
  }
}

/** skEncode (FIPS 204 algorithm 24): names and ends of the parts; the ends of s1 and s2 depend on the parameter set. */
const PARTS = ['rho', 'K', 'tr', 's1', 's2', 't0'] as const;
type PartName = (typeof PARTS)[number];

/** `octets` are those of one polynomial of s1 or s2: 256 coefficients of 3 or 4 bits. */
const SHAPES = Object.freeze({
  'ml-dsa-44': { k: 4, l: 4, octets: 96 },
  'ml-dsa-65': { k: 6, l: 5, octets: 128 },
  'ml-dsa-87': { k: 8, l: 7, octets: 96 },
}) satisfies Record<MlDsaParameterSetName, object>;

/** Offset of each part in the expanded key. */
export function partOffsets(parameterSet: MlDsaParameterSetName): Readonly<Record<PartName, number>> {
  const { k, l, octets } = SHAPES[parameterSet];
  const s2 = 128 + l * octets;
  return { rho: 0, K: 32, tr: 64, s1: 128, s2, t0: s2 + k * octets };
}

interface Expansion {
  readonly expandedKey: Uint8Array;
  /** OneAsymmetricKey with the expansion of the seed. */
  readonly regenerated: Der;
}

function compareExpanded(
  checks: KeyChecks,
  parameterSet: MlDsaParameterSetName,
  pkcs8: Der,
  { expandedKey, regenerated }: Expansion,
): void {
  const { privateKey } = readPrivateKeyInfo(regenerated);
  const expected = privateKey.subarray(-ML_DSA[parameterSet].expandedKeyLength);
  if (timingSafeEqual(expected, expandedKey)) return checks.pass('seed-expansion');
  const offsets = partOffsets(parameterSet);
  const isDifferent = (name: PartName, index: number): boolean => {
    const end = offsets[PARTS[index + 1] ?? 'rho'] || expected.length;
    return !timingSafeEqual(expected.subarray(offsets[name], end), expandedKey.subarray(offsets[name], end));
  };
  const different = PARTS.filter(isDifferent);
  checks.fail(
    'seed-expansion',
    `The expanded key is not the expansion of the seed: they differ in ${different.join(', ')}`,
    offsetWithin(pkcs8, expandedKey) + offsets[different[0] ?? 'rho'],
  );
}

async function checkExpandedKey(
  checks: KeyChecks,
  { keys, parameterSet, pkcs8 }: MlDsaInput,
  { expandedKey }: MlDsaPrivateKey & { readonly expandedKey: Uint8Array },
): Promise<PublicKey | undefined> {
  const alone = encodeMlDsaPrivateKey(parameterSet, { expandedKey }) as Der;
  try {
    const key = await checks.attemptAsync(
      'expanded-key',
      () => keys.importPrivateKey(alone),
      ({ message }) => offsetWithin(pkcs8, expandedKey) + offsetOfPart(parameterSet, message),
    );
    key?.destroy();
    return key?.publicKey;
  } finally {
    alone.fill(0);
  }
}

/** The message of the check names the part (`algorithms/ml-dsa/expanded-key-check.ts`). */
function offsetOfPart(parameterSet: MlDsaParameterSetName, message: string): number {
  const offsets = partOffsets(parameterSet);
  const named = (['tr', 't0', 's1'] as const).find((name) => new RegExp(`\\b${name}\\b`).test(message));
  return offsets[named ?? 'rho'];
}

/** The form of oqs-provider: the public key follows the expanded key. */
function checkTrailingKey(
  checks: KeyChecks,
  { pkcs8 }: MlDsaInput,
  octets: Uint8Array,
  publicKey: PublicKey | undefined,
): void {
  if (publicKey === undefined) return;
  if (Buffer.compare(octets, publicKey.bits) === 0) return checks.pass('public-key');
  checks.fail(
    'public-key',
    'The public key after the expanded key is not that of the private key',
    offsetWithin(pkcs8, octets),
  );
}
