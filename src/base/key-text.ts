/**
 * Texts that look like a key. Callers paste a private key into a wrong member; an error must not repeat it, because errors
 * are shown and stored in more places than keys.
 */

/** PEM, and base64 of `-----BEGIN`. */
const PEM = /-----BEGIN|PRIVATE KEY|LS0tLS1CRUdJTi/i;

/** 20 octets or more; a seed or an Ed25519 key has 32. */
const HEXADECIMAL = /(?<![\da-f])[\da-f]{40,}/gi;

/** 20 octets as OpenSSL prints them. */
const PRINTED_OCTETS = /(?:[\da-f]{2}[: ]){19}[\da-f]{2}/i;

/** Base64 or base64url of 30 octets or more. */
const BASE64 = /(?<![A-Za-z\d+/_-])[A-Za-z\d+/_-]{40,}=?/g;

/** Whether `text` can contain a key. Some long names look like one too. */
export const looksLikeKey = (text: string): boolean =>
  PEM.test(text) ||
  PRINTED_OCTETS.test(text) ||
  hasRun(text, HEXADECIMAL, isMixed) ||
  hasRun(text, BASE64, isRandom);

const hasRun = (text: string, pattern: RegExp, isKey: (run: string) => boolean): boolean =>
  text.match(pattern)?.some(isKey) ?? false;

const isMixed = (run: string): boolean => /\d/.test(run) && /[a-f]/i.test(run);

/** Whether letters of both cases and digits follow each other at random, unlike in paths and names of many words. */
function isRandom(run: string): boolean {
  const changes = run.match(/[a-z](?=[A-Z\d])|[A-Z](?=[a-z\d])|\d(?=[A-Za-z])/g)?.length ?? 0;
  return /[A-Z]/.test(run) && /[a-z]/.test(run) && /[\d+/=]/.test(run) && changes * 4 >= run.length;
}

/** Describes a text that {@link looksLikeKey}, in place of the text itself. */
export const describeKeyText = (text: string): string =>
  `a text of ${text.length.toLocaleString('en')} characters that looks like a key`;
