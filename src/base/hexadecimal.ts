const DIGITS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).toUpperCase().padStart(2, '0'));

/** Upper-case digits with colons between bytes, as OpenSSL prints identifiers and fingerprints. */
export function hexadecimal(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += text === '' ? DIGITS[octet] : `:${DIGITS[octet]}`;
  return text;
}
