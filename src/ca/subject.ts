import { atMember, PkiError } from '../base/errors.ts';
import { encodeDistinguishedName } from '../x509/names/distinguished-name.ts';
import type { GeneralName } from '../x509/names/general-name-encoding.ts';
import { parseGeneralNames } from '../x509/names/general-name.ts';
import { parseDistinguishedName } from '../x509/names/name-text.ts';

/** Who a certificate or request is about. */
export interface Subject {
  /** Name, DER. */
  readonly name: Uint8Array;
  readonly isEmpty: boolean;
  readonly san: readonly GeneralName[];
}

/** Reads the members `subject` and `san`; `[]` and no list are the same. Throws PkiError that points at the member. */
export function readSubject(subject: string, san: readonly string[] = []): Subject {
  const name = atMember('/subject', () => parseDistinguishedName(subject));
  const names = atMember('/san', () => parseGeneralNames(san));
  return { name: encodeDistinguishedName(name), isEmpty: name.length === 0, san: names };
}

/** A self-signed certificate names its issuer, so its subject is not empty (RFC 5280 §4.1.2.4). */
export function requireNonEmptySubject(subject: Subject): Subject {
  if (!subject.isEmpty) return subject;
  throw new PkiError(
    'invalid-subject',
    'must name at least one attribute, such as /CN=example.com',
    '/subject',
  );
}
