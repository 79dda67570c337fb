/** Similarity of names, for "did you mean". */

import { distance } from 'fastest-levenshtein';

/** Returns the first of `names` that differs from `name` by at most two letters, ignoring case; by one in a short name. */
export const closestName = (name: string, names: readonly string[]): string | undefined =>
  names.find((candidate) => isSimilar(name, candidate, name.length < 4 ? 1 : 2));

/** Whether the Levenshtein distance is at most `limit`, ignoring case. Cheap for a `name` of any length. */
export const isSimilar = (name: string, candidate: string, limit: number): boolean =>
  Math.abs(name.length - candidate.length) <= limit &&
  distance(name.toLowerCase(), candidate.toLowerCase()) <= limit;
