/** Distinguished names as text. */

import { PkiError } from '../../base/errors.ts';
import { checkDistinguishedName, type DistinguishedName } from './distinguished-name.ts';
import { withCorrection } from './mistakes.ts';
import { parseOneLine } from './one-line-name.ts';
import { parseRfc4514 } from './rfc4514-name.ts';
import { subjectCorrection } from './subject-mistakes.ts';
import { withoutKey } from './without-key.ts';

export { formatOneLine } from './one-line-name.ts';
export { formatRfc4514 } from './rfc4514-name.ts';

const MAX_LENGTH = 4096;

/**
 * Parses a name for a new certificate, and checks it. Text that begins with `/` is in OpenSSL's one-line form; other text
 * is in the form of RFC 4514, which has the reverse order. Throws PkiError invalid-subject.
 */
export function parseDistinguishedName(text: string): DistinguishedName {
  if (text.length > MAX_LENGTH) {
    throw new PkiError(
      'invalid-subject',
      `The name must have at most ${MAX_LENGTH} characters, not ${text.length}`,
    );
  }
  return withoutKey(text, 'a distinguished name', () =>
    withCorrection(text, subjectCorrection, parseEitherForm),
  );
}

function parseEitherForm(text: string): DistinguishedName {
  const name = text.startsWith('/') ? parseOneLine(text) : parseRfc4514(text);
  checkDistinguishedName(name);
  return name;
}
