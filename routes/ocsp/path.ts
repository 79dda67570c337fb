/** The request in the path of a GET (RFC 6960 appendix A.1): percent-encoded base64 of the DER. */

/** Base64 of a SEQUENCE never starts with a slash, so these are from a client that joined two with a URL. */
const LEADING_SLASHES = /^\/+/;

/**
 * `text` is the rest of the path after percent-decoding. A slash, a plus sign and an equals sign can be encoded or not; a
 * plus sign that became a space, line breaks and missing padding are read too. Returns undefined for other text.
 */
export function requestInPath(text: string): Uint8Array | undefined {
  const base64 = text.replace(LEADING_SLASHES, '').replaceAll(' ', '+');
  return /^[\w+/=\r\n-]+$/.test(base64) ? Buffer.from(base64, 'base64') : undefined;
}
