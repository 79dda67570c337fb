/**
 * Mailbox names `local@domain`: for rfc822Name, which is ASCII (RFC 5280 §4.2.1.6), and for the otherName SmtpUTF8Mailbox,
 * whose local part is not (RFC 9598 §3). The domain of both is in A-labels.
 */

import { PkiError } from '../../base/errors.ts';
import { parseHostName } from './dns-name.ts';
import { quoted } from './printable-text.ts';

/** Dot-string of RFC 5321 §4.1.2. */
const DOT_STRING = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
/** The same with UTF8-non-ascii (RFC 6531 §3.3), but without spaces. */
const UTF8_DOT_STRING =
  /^(?:[\w!#$%&'*+/=?^`{|}~-]|[^\s\p{ASCII}])+(?:\.(?:[\w!#$%&'*+/=?^`{|}~-]|[^\s\p{ASCII}])+)*$/u;
/** In octets: RFC 5321 §4.5.3.1.1 and §4.5.3.1.3, without the angle brackets. */
const MAX_LOCAL_PART = 64;
const MAX_LENGTH = 254;

/** Returns the mailbox with its domain in lower case and A-labels. Throws PkiError invalid-san. */
export function parseMailbox(text: string): string {
  const { localPart, domain } = split(text);
  if (localPart.length > MAX_LOCAL_PART || !DOT_STRING.test(localPart)) {
    throw invalid(
      text,
      'must have the form local@domain, with a local part in ASCII without quotes or brackets; a local part with other ' +
        'letters needs the prefix SmtpUTF8Mailbox:',
    );
  }
  return joined(text, localPart, domain);
}

/** The same for a local part that is not ASCII: RFC 9598 §3 allows no other. Throws PkiError invalid-san. */
export function parseInternationalMailbox(text: string): string {
  const { localPart, domain } = split(text);
  if (DOT_STRING.test(localPart))
    throw invalid(text, 'has a local part in ASCII, so it needs the prefix email:');
  if (Buffer.byteLength(localPart) > MAX_LOCAL_PART || !UTF8_DOT_STRING.test(localPart)) {
    throw invalid(
      text,
      `must have the form local@domain, with a local part of at most ${MAX_LOCAL_PART} octets (UTF-8) without spaces, ` +
        'quotes or brackets',
    );
  }
  return joined(text, localPart, domain);
}

function split(text: string): { localPart: string; domain: string } {
  const at = text.lastIndexOf('@');
  return { localPart: text.slice(0, Math.max(0, at)), domain: text.slice(at + 1) };
}

function joined(text: string, localPart: string, domain: string): string {
  const mailbox = `${localPart}@${parseHostName(domain)}`;
  if (Buffer.byteLength(mailbox) > MAX_LENGTH)
    throw invalid(text, `must have at most ${MAX_LENGTH} characters`);
  return mailbox;
}

const invalid = (text: string, predicate: string): PkiError =>
  new PkiError('invalid-san', `The mailbox ${quoted(text)} ${predicate}`);
