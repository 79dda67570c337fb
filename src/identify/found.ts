/** What a search has found so far. */

import type { PkiError } from '../base/errors.ts';
import type { PartType } from './part-types.ts';

/** How a part was written, from the outside to the inside: `['base64', 'PEM']`. */
export type Encoding =
  'UTF-16' | 'base64' | 'base64url' | 'hexadecimal' | 'PEM' | 'DER' | 'BER' | 'JSON' | 'text' | 'binary';

export const ENCODINGS = Object.freeze([
  'UTF-16',
  'base64',
  'base64url',
  'hexadecimal',
  'PEM',
  'DER',
  'BER',
  'JSON',
  'text',
  'binary',
] as const satisfies Encoding[]);

export interface Found {
  readonly type: PartType;
  /** Can be secret; the search zeroes its copies. */
  readonly octets: Uint8Array;
  readonly encodings: readonly Encoding[];
  /** Of a PEM block. */
  readonly label?: string | undefined;
  /** Index of the part that this one is inside of. */
  readonly inside?: number | undefined;
  /** Why it cannot be read. */
  readonly problem?: PkiError | undefined;
  /** What is known although it cannot be read. */
  readonly facts?:
    { readonly encryption?: string; readonly possibly?: string; readonly begins?: string } | undefined;
}

/** More parts are counted as left out. */
export const MAX_PARTS = 32;

/** The parts of one input. */
export class Findings {
  readonly parts: Found[] = [];
  readonly #copies: Uint8Array[] = [];
  #isComplete = true;

  /** Whether every part is listed. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  get isFull(): boolean {
    return this.parts.length >= MAX_PARTS;
  }

  add(part: Found): void {
    if (this.isFull) this.#isComplete = false;
    else this.parts.push(part);
  }

  /** Says that a part was not looked for. */
  leaveOut(): void {
    this.#isComplete = false;
  }

  /** Returns `octets`, a copy that {@link destroy} zeroes. */
  own<Octets extends Uint8Array>(octets: Octets): Octets {
    this.#copies.push(octets);
    return octets;
  }

  destroy(): void {
    for (const copy of this.#copies) copy.fill(0);
  }
}
