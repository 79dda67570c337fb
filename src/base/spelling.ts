/** The values of a closed list, and the other spellings in which callers write them. */

import { isSimilar } from './edit-distance.ts';

/** The keyword of a JSON Schema that has {@link Spellings}. The OpenAPI document shows it. */
export const SPELLINGS = 'x-spellings';

/** By value, its other spellings. Case, spaces, hyphens, underscores and dots make no difference. */
export type Spellings = Readonly<Record<string, readonly string[]>>;

/** A JSON Schema with the keyword. The values are those of `enum` and those with other spellings. */
interface SpelledSchema {
  readonly enum?: readonly unknown[];
  readonly [SPELLINGS]?: Spellings;
}

/** Returns undefined for a schema without the keyword. */
export function spellingsOf(schema: SpelledSchema): Spellings | undefined {
  const { enum: values = [], [SPELLINGS]: spellings } = schema;
  return spellings && { ...Object.fromEntries(values.map((value) => [String(value), []])), ...spellings };
}

/** In characters. A longer text is not a spelling. */
const MAX_LENGTH = 64;

/** Returns a function that returns the value for one of its spellings, and undefined for any other text. */
export function spellingReader(spellings: Spellings): (text: string) => string | undefined {
  const values = new Map(entriesOf(spellings));
  return (text) => (text.length > MAX_LENGTH ? undefined : values.get(plainSpelling(text)));
}

/** Returns the value with the spelling that differs least from `text`, by at most two letters, if there is only one. */
export function closestValue(text: string, spellings: Spellings): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const plain = plainSpelling(text);
  for (let limit = 1; limit <= maximumDistance(plain); limit += 1) {
    const similar = entriesOf(spellings).filter(([spelling]) => isSimilar(plain, spelling, limit));
    const [value, another] = new Set(similar.map(([, name]) => name));
    if (value !== undefined) return another === undefined ? value : undefined;
  }
  return undefined;
}

/** Almost every short text is similar to a short name. */
const maximumDistance = (text: string): number => Math.max(0, Math.min(2, text.length - 2));

export const plainSpelling = (text: string): string => text.toLowerCase().replace(/[\s_.-]+/g, '');

const entriesOf = (spellings: Spellings): readonly (readonly [spelling: string, value: string])[] =>
  Object.entries(spellings).flatMap(([value, others]) =>
    [value, ...others].map((spelling) => [plainSpelling(spelling), value] as const),
  );
