/** Capital digits, the octets parted by colons, as OpenSSL prints identifiers and fingerprints. */
export const hexadecimal = (octets: Uint8Array): string =>
  Array.from(octets, (octet) => octet.toString(16).toUpperCase().padStart(2, '0')).join(':');
