/** Distinguished names as text. Names start here and are checked before anybody sees them. */

import { PkiError } from '../../base/errors.ts';
import { checkDistinguishedName, type DistinguishedName } from './distinguished-name.ts';
import { parseOneLine } from './one-line-name.ts';
import { parseRfc4514 } from './rfc4514-name.ts';

export { formatOneLine } from './one-line-name.ts';
export { formatRfc4514 } from './rfc4514-name.ts';

const MAX_LENGTH = 4096;

/**
 * Reads a name that is to be certified. Text that begins with `/` is in OpenSSL's one-line form, other text in that of
 * RFC 4514, whose order is the reverse. Throws PkiError invalid-subject.
 */
export function parseDistinguishedName(text: string): DistinguishedName {
  if (text.length > MAX_LENGTH) {
    throw new PkiError(
      'invalid-subject',
      `a name has at most ${MAX_LENGTH} characters, this one has ${text.length}`,
    );
  }
  const name = text.startsWith('/') ? parseOneLine(text) : parseRfc4514(text);
  checkDistinguishedName(name);
  return name;
}
