/**
 * A copy for octets that are secret. Arrays of up to 64 octets stand in the JavaScript heap, where the collector moves
 * them about: zeroing one leaves the traces of where it was before. An ArrayBuffer of one's own stands still.
 */
export function offHeapCopy(octets: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(new ArrayBuffer(octets.length));
  copy.set(octets);
  return copy;
}
