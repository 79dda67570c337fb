/** Likeness of names, for "did you mean". */

/** How many letters must be inserted, deleted or replaced to make `b` of `a` (Levenshtein distance). */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) row = nextRow(row, a.charAt(i - 1), b, i);
  return row.at(-1) ?? 0;
}

function nextRow(above: readonly number[], letter: string, b: string, first: number): number[] {
  const row = [first];
  for (let j = 1; j < above.length; j++) {
    const replaced = (above[j - 1] ?? 0) + (b.charAt(j - 1) === letter ? 0 : 1);
    row.push(Math.min(replaced, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
  }
  return row;
}

/** The first of `names` that differs from `name` by at most two letters, capitals aside. */
export const closestName = (name: string, names: readonly string[]): string | undefined =>
  names.find((candidate) => isSimilar(name, candidate, 2));

/** Whether the two differ by at most `limit` letters, capitals aside. Cheap for a `name` of any length. */
export const isSimilar = (name: string, candidate: string, limit: number): boolean =>
  Math.abs(name.length - candidate.length) <= limit &&
  editDistance(name.toLowerCase(), candidate.toLowerCase()) <= limit;
