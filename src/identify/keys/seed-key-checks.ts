/** The checks of an ML-DSA or ML-KEM private key (RFC 9881 §6, §8.2; RFC 9935 §6, §8), each with the place of the fault. */

import { timingSafeEqual } from 'node:crypto';
import type { PkiError } from '../../base/errors.ts';
import type { Der } from '../../formats/der/header.ts';
import { readPrivateKeyInfo } from '../../formats/private-key-info.ts';
import { STRICT, type Reading } from '../../formats/reading.ts';
import type { SeedKey } from '../../formats/seed-key-choice.ts';
import type { KeyFormat, Keys, PublicKey } from '../../keys/key.ts';
import type { KeyChecks } from './key-checks.ts';
import { offsetWithin } from './offsets.ts';
import type { SeedKeyKind } from './seed-key-kinds.ts';

/** `pkcs8` is the whole structure, for offsets, and `privateKey` is a view of it. */
interface SeedKeyInput {
  readonly keys: Keys;
  readonly kind: SeedKeyKind;
  readonly pkcs8: Der;
  readonly privateKey: Uint8Array;
  readonly reading: Reading;
}

export interface SeedKeyFindings {
  readonly keyFormat: KeyFormat | undefined;
  /** Undefined when no form of the key leads to it. */
  readonly publicKey: PublicKey | undefined;
}

export async function checkSeedKey(checks: KeyChecks, input: SeedKeyInput): Promise<SeedKeyFindings> {
  const { kind, pkcs8, privateKey, reading } = input;
  const given = checks.attempt(
    'private-key',
    () => kind.read(privateKey, reading),
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

const formatOf = ({ seed, expandedKey }: SeedKey): KeyFormat =>
  seed === undefined ? 'expanded' : expandedKey === undefined ? 'seed' : 'both';

/** DER errors have their place in `where`. */
const innerOffset = ({ message }: PkiError): number => Number(/at octet (\d+)/.exec(message)?.[1] ?? 0);

async function checkSeed(
  checks: KeyChecks,
  { keys, kind, pkcs8 }: SeedKeyInput,
  { seed, expandedKey }: SeedKey & { readonly seed: Uint8Array },
): Promise<PublicKey> {
  const alone = kind.encode({ seed }) as Der;
  const key = await keys.importPair(alone).finally(() => alone.fill(0));
  try {
    if (expandedKey !== undefined) {
      const regenerated = (await key.exportPkcs8('expanded')) as Der;
      try {
        compareExpanded(checks, kind, pkcs8, { expandedKey, regenerated });
      } finally {
        regenerated.fill(0);
      }
    }
    return key.publicKey;
  } finally {
    key.destroy();
  }
}

interface Expansion {
  readonly expandedKey: Uint8Array;
  /** OneAsymmetricKey with the expansion of the seed. */
  readonly regenerated: Der;
}

function compareExpanded(
  checks: KeyChecks,
  kind: SeedKeyKind,
  pkcs8: Der,
  { expandedKey, regenerated }: Expansion,
): void {
  const { expandedKey: expected = expandedKey } = kind.read(
    readPrivateKeyInfo(regenerated).privateKey,
    STRICT,
  );
  if (timingSafeEqual(expected, expandedKey)) return checks.pass('seed-expansion');
  const different = kind.parts.filter(([, offset], index) => {
    const end = kind.parts[index + 1]?.[1] ?? expected.length;
    return !timingSafeEqual(expected.subarray(offset, end), expandedKey.subarray(offset, end));
  });
  checks.fail(
    'seed-expansion',
    `The expanded key is not the expansion of the seed: they differ in ${different.map(([name]) => name).join(', ')}`,
    offsetWithin(pkcs8, expandedKey) + (different[0]?.[1] ?? 0),
  );
}

async function checkExpandedKey(
  checks: KeyChecks,
  { keys, kind, pkcs8 }: SeedKeyInput,
  { expandedKey }: SeedKey & { readonly expandedKey: Uint8Array },
): Promise<PublicKey | undefined> {
  const alone = kind.encode({ expandedKey }) as Der;
  try {
    const key = await checks.attemptAsync(
      'expanded-key',
      () => keys.importPair(alone),
      ({ message }) => offsetWithin(pkcs8, expandedKey) + offsetOfPart(kind, message),
    );
    key?.destroy();
    return key?.publicKey;
  } finally {
    alone.fill(0);
  }
}

/** The message of the check names the part first (`expanded-key-check.ts`, `ml-kem/noble-tasks.ts`). */
function offsetOfPart({ parts }: SeedKeyKind, message: string): number {
  const sentence = message.slice(message.indexOf(': ') + 2);
  const named = parts
    .map(([name, offset]) => ({ offset, place: placeOf(name, sentence) }))
    .filter(({ place }) => place >= 0)
    .toSorted((a, b) => a.place - b.place);
  return named[0]?.offset ?? 0;
}

/** Index of the name of a part in a sentence, between spaces; -1 without it. */
const placeOf = (name: string, sentence: string): number => ` ${sentence} `.indexOf(` ${name} `);

/** The form of oqs-provider: the public key follows the expanded key. */
function checkTrailingKey(
  checks: KeyChecks,
  { pkcs8 }: SeedKeyInput,
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
