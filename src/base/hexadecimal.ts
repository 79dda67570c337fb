const DIGITS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).toUpperCase().padStart(2, '0'));

/** Upper-case digits with colons between bytes, as OpenSSL prints identifiers and fingerprints. */
export const hexadecimal = (octets: Uint8Array): string =>
  Array.from(octets, (octet) => DIGITS[octet]).join(':');
