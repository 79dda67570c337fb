/** Patterns of strings in schemas, each with what it matches in words. */

/** SHA-256 in hexadecimal, with or without colons. */
export const SHA256_PATTERN = '^[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){31}$';
/** Name of an authority or a profile. */
export const NAME_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$';
export const DOTTED_OID_PATTERN = '^[0-2](\\.\\d{1,20}){1,30}$';
/** ETag of a version (RFC 9110 §8.8.3). */
export const VERSION_TAG_PATTERN = '^"[1-9]\\d{0,9}"$';

const WORDS: Readonly<Record<string, string>> = Object.freeze({
  [SHA256_PATTERN]: '64 hexadecimal digits, with or without colons between the octets',
  [NAME_PATTERN]:
    'a name of 1 to 64 letters, digits and the characters . _ -, that begins with a letter or digit',
  [DOTTED_OID_PATTERN]: 'an OID in dotted form, of at most 128 characters',
  [VERSION_TAG_PATTERN]: 'the ETag of one version, such as "3"',
});

/** Completes a sentence that ends with "must be"; undefined for another pattern. */
export const patternInWords = (pattern: string | undefined): string | undefined =>
  pattern === undefined ? undefined : WORDS[pattern];
