/**
 * The contents of privateKey of ML-DSA (RFC 9881 §6) and of ML-KEM (RFC 9935 §6), which differ in their lengths only:
 *
 *   CHOICE {
 *      seed        [0] OCTET STRING,             -- IMPLICIT tags
 *      expandedKey     OCTET STRING,
 *      both            SEQUENCE {
 *          seed            OCTET STRING,
 *          expandedKey     OCTET STRING } }
 *
 * Four older forms are tolerated, because each has a length that no form of the RFCs has: the seed or the expanded key
 * without a tag (OpenSSL: bare-seed, bare-priv; Bouncy Castle), the seed in an OCTET STRING (Bouncy Castle, drafts 4 to 6 of
 * RFC 9881), and the expanded key with the public key after it in one OCTET STRING (oqs-provider; OpenSSL: oqskeypair).
 */

import { PkiError } from '../base/errors.ts';
import { elementOf, membersOf, type DerElement } from './der/reader.ts';
import { checkDer } from './der/strict.ts';
import { tlvParts, TAG } from './der/writer.ts';
import { invalidPrivateKey } from './private-key-info.ts';
import { STRICT, type Reading } from './reading.ts';

/** The members that are present decide the form. */
export type SeedKey =
  | { readonly seed: Uint8Array; readonly expandedKey?: undefined }
  | { readonly seed?: undefined; readonly expandedKey: Uint8Array; readonly publicKey?: Uint8Array }
  | { readonly seed: Uint8Array; readonly expandedKey: Uint8Array };

/** Lengths in octets. */
export interface SeedKeyShape {
  /** Names the parameter set in error messages. */
  readonly name: string;
  readonly clause: string;
  readonly seedLength: number;
  readonly expandedKeyLength: number;
  readonly publicKeyLength: number;
}

const SEED = 0x80;
const EXPLICIT_SEED = 0xa0;

/** Returns the parts of the CHOICE. */
export function seedKeyParts({ seed, expandedKey }: SeedKey): Uint8Array[] {
  if (expandedKey === undefined) return tlvParts(SEED, [seed]);
  const expanded = tlvParts(TAG.octetString, [expandedKey]);
  return seed === undefined
    ? expanded
    : tlvParts(TAG.sequence, [...tlvParts(TAG.octetString, [seed]), ...expanded]);
}

/**
 * Reads the contents of privateKey by their tag. `publicKey` is set if the public key follows the expanded key. `others` are
 * the shapes of the other parameter sets, for hints. Returns views. Throws PkiError invalid-private-key.
 */
export const readSeedKey = (
  octets: Uint8Array,
  shape: SeedKeyShape,
  others: readonly SeedKeyShape[],
  reading: Reading = STRICT,
): SeedKey => readUntagged(octets, shape, reading) ?? new ChoiceReader(shape, others, reading).read(octets);

function readUntagged(octets: Uint8Array, shape: SeedKeyShape, reading: Reading): SeedKey | undefined {
  const isSeed = octets.length === shape.seedLength;
  if (!isSeed && octets.length !== shape.expandedKeyLength) return undefined;
  tolerate(
    reading,
    `The privateKey contains raw octets; ${shape.clause} requires a tag and a length before them`,
  );
  return isSeed ? { seed: octets } : { expandedKey: octets };
}

const tolerate = (reading: Reading, sentence: string): void =>
  reading.tolerate('private-key-value', invalidPrivateKey(sentence));

/** The first octets of a seed, in hexadecimal. */
const seedHeader = ({ seedLength }: SeedKeyShape): string => `80 ${seedLength.toString(16)}`;

class ChoiceReader {
  readonly #shape: SeedKeyShape;
  readonly #others: readonly SeedKeyShape[];
  readonly #reading: Reading;

  constructor(shape: SeedKeyShape, others: readonly SeedKeyShape[], reading: Reading) {
    this.#shape = shape;
    this.#others = others;
    this.#reading = reading;
  }

  read(octets: Uint8Array): SeedKey {
    const element = parseChoice(octets);
    switch (element.tag) {
      case SEED:
        return { seed: this.#checkedSeed(element.contents) };
      case TAG.octetString:
        return this.#readOctetString(element.contents);
      case TAG.sequence:
        return this.#readBoth([...membersOf(element)]);
      case EXPLICIT_SEED:
        throw invalidPrivateKey(
          `The seed has an EXPLICIT tag; [0] is IMPLICIT, octets ${seedHeader(this.#shape)}`,
        );
      default:
        throw invalidPrivateKey(`The privateKey must have one of the three forms of ${this.#shape.clause}`);
    }
  }

  #readOctetString(octets: Uint8Array): SeedKey {
    const { clause, seedLength, expandedKeyLength, publicKeyLength } = this.#shape;
    if (octets.length === seedLength) {
      tolerate(
        this.#reading,
        `The seed has the tag 04 of an expanded key; it must begin with the octets ${seedHeader(this.#shape)}`,
      );
      return { seed: octets };
    }
    if (octets.length !== expandedKeyLength + publicKeyLength)
      return { expandedKey: this.#checkedExpandedKey(octets) };
    tolerate(this.#reading, `The expanded key is followed by the public key, which ${clause} does not allow`);
    return {
      expandedKey: octets.subarray(0, expandedKeyLength),
      publicKey: octets.subarray(expandedKeyLength),
    };
  }

  #readBoth(members: readonly DerElement[]): SeedKey {
    const { seedLength } = this.#shape;
    const [seed, expandedKey, ...others] = members;
    if (seed === undefined || expandedKey === undefined)
      throw invalidPrivateKey('The form "both" must contain the seed and the expanded key');
    if (others.length > 0)
      throw invalidPrivateKey('The form "both" must contain only the seed and the expanded key');
    if (seed.tag !== TAG.octetString || expandedKey.tag !== TAG.octetString)
      throw invalidPrivateKey(
        'The members of the form "both" must be OCTET STRINGs with their universal tag',
      );
    if (seed.contents.length > seedLength && expandedKey.contents.length === seedLength)
      throw invalidPrivateKey('The form "both" has its members in the wrong order: the seed comes first');
    return {
      seed: this.#checkedSeed(seed.contents),
      expandedKey: this.#checkedExpandedKey(expandedKey.contents),
    };
  }

  #checkedSeed(seed: Uint8Array): Uint8Array {
    const { seedLength } = this.#shape;
    if (seed.length === seedLength) return seed;
    throw invalidPrivateKey(`The seed must have ${seedLength} octets, not ${seed.length}`);
  }

  #checkedExpandedKey(expandedKey: Uint8Array): Uint8Array {
    const { length } = expandedKey;
    const { name, expandedKeyLength } = this.#shape;
    if (length === expandedKeyLength) return expandedKey;
    const other = this.#others.find((shape) => shape.expandedKeyLength === length);
    const hint = other === undefined ? '' : `, the length for ${other.name}`;
    throw invalidPrivateKey(
      `The expanded ${name} key must have ${expandedKeyLength} octets, not ${length}${hint}`,
    );
  }
}

function parseChoice(octets: Uint8Array): DerElement {
  try {
    return elementOf(checkDer(octets, { subject: 'The privateKey' }));
  } catch (error) {
    throw error instanceof PkiError ? invalidPrivateKey(error.message) : error;
  }
}
