/** Returns a Buffer over the same memory, for its search methods and for the types of node:crypto. */
export const asBuffer = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length);

/**
 * Returns a copy for secret octets. V8 keeps arrays of up to 64 octets inside its heap, where the garbage collector moves
 * them: zeroing such an array leaves copies behind. An ArrayBuffer allocated by its length is never moved.
 */
export function offHeapCopy(octets: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(new ArrayBuffer(octets.length));
  copy.set(octets);
  return copy;
}
