export const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Returns a copy with one flipped bit. Bit 0 is the least significant bit of the first octet. */
export function flipBit(octets: Uint8Array, bit: number): Uint8Array {
  const copy = new Uint8Array(octets);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
