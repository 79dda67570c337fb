/** Mailbox names `local@domain` for rfc822Name, which is ASCII (RFC 5280 §4.2.1.6, RFC 9598 §3). */

import { PkiError } from '../../base/errors.ts';
import { parseHostName } from './dns-name.ts';
import { quoted } from './printable-text.ts';

/** Dot-string of RFC 5321 §4.1.2. */
const DOT_STRING = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
/** RFC 5321 §4.5.3.1.1 and §4.5.3.1.3, without the angle brackets. */
const MAX_LOCAL_PART = 64;
const MAX_LENGTH = 254;

/** Returns the mailbox with its domain in lower case and A-labels. Throws PkiError invalid-san. */
export function parseMailbox(text: string): string {
  const at = text.lastIndexOf('@');
  const localPart = text.slice(0, Math.max(0, at));
  if (localPart.length > MAX_LOCAL_PART || !DOT_STRING.test(localPart)) {
    throw invalid(
      text,
      'must have the form local@domain, with a local part in ASCII without quotes or brackets',
    );
  }
  const mailbox = `${localPart}@${parseHostName(text.slice(at + 1))}`;
  if (mailbox.length > MAX_LENGTH) throw invalid(text, `must have at most ${MAX_LENGTH} characters`);
  return mailbox;
}

const invalid = (text: string, predicate: string): PkiError =>
  new PkiError('invalid-san', `The mailbox ${quoted(text)} ${predicate}`);
