/** The same octets as a Buffer, for the searches that only it has and for the types of node:crypto. */
export const asBuffer = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length);
