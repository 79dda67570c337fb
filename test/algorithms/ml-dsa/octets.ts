export const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** A copy in which one bit differs, counted from the least significant of the first octet. */
export function flipBit(octets: Uint8Array, bit: number): Uint8Array {
  const copy = new Uint8Array(octets);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
