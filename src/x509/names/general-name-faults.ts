/** Errors about alternative names. */

import { PkiError } from '../../base/errors.ts';
import type { DistinguishedName } from './distinguished-name.ts';

export const invalid = (sentence: string): PkiError => new PkiError('invalid-san', sentence);

export const notCertified = (kind: string): PkiError =>
  invalid(
    `Names of the kind ${kind} cannot be certified; the kinds are DNS, IP, email, URI, RID, dirName, UPN, ` +
      'SmtpUTF8Mailbox, SRV, KRB5 and otherName',
  );

/** The sentences about distinguished names are true of a directoryName too. */
export function asSan<T>(task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw error instanceof PkiError ? invalid(error.message) : error;
  }
}

/** RFC 5280 §4.2.1.6: a directoryName must not be empty. */
export function requireName(name: DistinguishedName): DistinguishedName {
  if (name.length > 0) return name;
  throw invalid('A dirName must have at least one attribute, as in dirName:/CN=example.com');
}
