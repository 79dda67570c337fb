import { atMember, PkiError } from '../base/errors.ts';
import {
  checkDistinguishedName,
  encodeDistinguishedName,
  type DistinguishedName,
} from '../x509/names/distinguished-name.ts';
import type { GeneralName } from '../x509/names/general-name-encoding.ts';
import { uniqueGeneralNames } from '../x509/names/general-name.ts';

/** Names for a new certificate or request. */
export interface SubjectNames {
  readonly subject: DistinguishedName;
  readonly subjectAltNames: readonly GeneralName[];
}

/** Reads the names. It runs inside the use case, so that observers see what it throws. */
export type ReadNames = () => SubjectNames;

/** The names of a new certificate or request, checked and encoded. */
export interface Subject {
  /** Name, DER. */
  readonly name: Uint8Array;
  readonly attributes: DistinguishedName;
  readonly isEmpty: boolean;
  /** Each name once. */
  readonly subjectAltNames: readonly GeneralName[];
}

/** Throws PkiError invalid-subject or invalid-san. */
export function encodeSubject({ subject, subjectAltNames }: SubjectNames): Subject {
  atMember('subject', () => checkDistinguishedName(subject));
  const names = atMember('subjectAltNames', () => uniqueGeneralNames(subjectAltNames));
  return {
    name: encodeDistinguishedName(subject),
    attributes: subject,
    isEmpty: subject.length === 0,
    subjectAltNames: names,
  };
}

/**
 * The subject of a self-signed certificate is its issuer, which must not be empty (RFC 5280 §4.1.2.4): Java cannot read
 * such a certificate.
 */
export function requireNonEmptySubject(subject: Subject): Subject {
  if (!subject.isEmpty) return subject;
  throw new PkiError(
    'invalid-subject',
    'The subject must have at least one attribute, for example /CN=example.com, because it is also the issuer of a ' +
      'self-signed certificate; for a certificate with alternative names only, use csr/generate and csr/sign',
    ['subject'],
  );
}

/** RFC 5280 §4.1.2.6: an empty subject needs a subjectAltName. */
export function requireName(subject: Subject): Subject {
  if (!subject.isEmpty || subject.subjectAltNames.length > 0) return subject;
  throw new PkiError(
    'invalid-subject',
    'The subject must have at least one attribute when there are no subject alternative names',
    ['subject'],
  );
}
