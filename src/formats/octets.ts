/** Returns a Buffer over the same memory, for its search methods and for the types of node:crypto. */
export const asBuffer = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length);
