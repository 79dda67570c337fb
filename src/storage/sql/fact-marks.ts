/**
 * The facts of a certificate as one number, which each of its terms has too: so a search reads no certificate of another
 * principal. The number has digests only. Different facts can have the same, so the certificate is checked as well.
 */

import { hash } from 'node:crypto';
import type { CertificateFilter, CertificateSummary } from '../port/certificates.ts';

/** Bits of the digest of each fact, from the lowest bits on. Together they are exact as a number. */
const BITS = { authorityId: 12, profile: 12, principal: 24 } as const;

export type Facts = Pick<CertificateSummary, keyof typeof BITS>;

export interface FactMark {
  /** Ones in the bits of the facts that are given. */
  readonly mask: number;
  readonly value: number;
}

export const markOf = (facts: Facts): number => partialMark(facts).value;

/** Of the facts of a filter. The mask is 0 if it has none. */
export function partialMark(facts: Pick<CertificateFilter, keyof typeof BITS>): FactMark {
  let [mask, value, place] = [0, 0, 1];
  for (const [fact, bits] of Object.entries(BITS)) {
    const size = 2 ** bits;
    const text = facts[fact as keyof typeof BITS];
    if (text !== undefined) {
      mask += (size - 1) * place;
      value += (digestOf(text) % size) * place;
    }
    place *= size;
  }
  return { mask, value };
}

const digestOf = (text: string): number => hash('sha256', text, 'buffer').readUInt32BE();
