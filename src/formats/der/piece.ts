/** A value that was read, to be written again: its octets as they are, or the parts of a new encoding. */

import { concat, header } from './writer.ts';

export interface Piece {
  /** Offset of the end of the value in the input. */
  readonly end: number;
  /** Joined once, by the caller of the whole, so that a secret is not copied more often. */
  readonly parts: readonly Uint8Array[];
  /** Whether `parts` are the received octets. */
  readonly isKept: boolean;
}

export const kept = (octets: Uint8Array, start: number, end: number): Piece => ({
  end,
  parts: [octets.subarray(start, end)],
  isKept: true,
});

/** `identifier` are the identifier octets of the new encoding. */
export function changed(end: number, identifier: Uint8Array, contents: readonly Uint8Array[]): Piece {
  const length = contents.reduce((sum, { length }) => sum + length, 0);
  return { end, parts: [identifier, header(0, length).subarray(1), ...contents], isKept: false };
}

export function octetsOf({ parts }: Piece): Uint8Array {
  const [only, ...others] = parts;
  return only !== undefined && others.length === 0 ? only : concat(parts);
}
