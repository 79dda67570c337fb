/** What a CA certifies: the request, under the rules of the standards and within the limits of the CA certificate. */

import { PkiError } from '../base/errors.ts';
import type { NotedReading, Reading } from '../formats/reading.ts';
import type { CertificateContent } from '../x509/certificate-writer.ts';
import { keyIdentifier } from '../x509/extensions/key-identifiers.ts';
import { checkAllNameConstraints } from '../x509/path/name-constraints.ts';
import { drawSerialNumber } from '../x509/serial-number.ts';
import type { Validity } from '../x509/validity.ts';
import type { Authority, IntendedIssuance } from './authority.ts';
import { encodeExtensions } from './certificate-extensions.ts';
import { profileOfKey } from './encapsulation-profile.ts';
import type { IssuanceContext } from './issuance-context.ts';
import type { IssuanceNote } from './issuance-notes.ts';
import { checkOptions, checkPathLength, type CertificateOptions } from './options.ts';
import type { Profile } from './profile.ts';
import type { RequestedContent } from './requested-content.ts';
import { checkProfileNames } from './svid-names.ts';
import { checkKeyUsage, usageKindOf, withUsages } from './usages.ts';
import { newValidity } from './validity-period.ts';

/** What the CA certifies, ready to be signed. */
export interface Grant {
  readonly requested: RequestedContent;
  readonly authority: Authority;
  readonly subjectKeyIdentifier: Uint8Array;
  readonly content: Omit<CertificateContent, 'signatureAlgorithm'>;
  readonly reading: NotedReading;
  /** Whether the caller gave a public key and no CSR. */
  readonly isGivenKey?: boolean;
  /** About a related certificate (RFC 9763). */
  readonly relationNotes?: readonly IssuanceNote[];
}

export interface GrantInput {
  /** The default of the profile when absent, or as many as the CA certificate allows. */
  readonly days?: number | undefined;
  /** With a CA profile only. */
  readonly pathLength?: number | undefined;
}

export interface GrantTerms {
  readonly input: GrantInput;
  readonly options: CertificateOptions;
  readonly requested: RequestedContent;
  readonly authority: Authority;
  readonly now: Date;
  readonly reading: NotedReading;
  /** A certificate of the same end entity, DER (RFC 9763); whether it is one is the caller's to check. */
  readonly related?: Uint8Array | undefined;
  /** Drawn by the caller, if the options depend on it. */
  readonly serialNumber?: Uint8Array;
}

/** `reading` is that of the CA. Throws PkiError for usages that are not possible. */
export const intendedIssuance = (
  { profile, isDefaultProfile }: Pick<IntendedIssuance, 'profile' | 'isDefaultProfile'>,
  { usages, pointers }: CertificateOptions,
  now: Date,
  reading: Reading,
): IntendedIssuance => ({
  profile: withUsages(profile, usages),
  isDefaultProfile,
  policies: pointers?.policies.map(({ oid }) => oid) ?? [],
  now,
  reading,
});

/** Decides what a CA certifies that was checked for the issuance. Throws PkiError. */
export function grantRequested(context: IssuanceContext, terms: GrantTerms): Grant {
  const { input, options, requested, now } = terms;
  const { profile, notes } = profileOfKey(terms.authority.profile, requested.publicKey, options.usages);
  const authority = { ...terms.authority, profile, notes: [...terms.authority.notes, ...notes] };
  requireOtherKey(requested, authority);
  requireNamedCa(profile, requested);
  checkKeyUsage(profile, usageKindOf(requested.publicKey));
  checkProfileNames(profile, requested.subjectAltNames);
  checkPathLength(profile, input.pathLength, authority.pathLength);
  checkOptions(profile, options);
  checkAllNameConstraints(authority.nameConstraints, requested.subjectName, requested.subjectAltNames);
  const validity = newValidity({
    profile,
    requested: options.validity ?? (input.days === undefined ? undefined : { days: input.days }),
    now,
    skew: context.notBeforeSkew,
    issuer: authority.certificate.validity,
  });
  return certifiedContent(context, { ...terms, authority, validity });
}

/** A CA does not certify its own key again: who holds the certificate would be the CA. */
function requireOtherKey({ publicKey }: RequestedContent, { signer }: Authority): void {
  if (Buffer.compare(publicKey.spki, signer.publicKey.spki) !== 0) return;
  throw new PkiError(
    'issuer-key-reused',
    'The request has the key of the CA; it must have a key of its own',
    ['request'],
  );
}

/** RFC 5280 §4.1.2.6: the subject of a CA is not empty. */
function requireNamedCa({ isCa }: Profile, { subjectName }: RequestedContent): void {
  if (!isCa || subjectName.length > 0) return;
  throw new PkiError('invalid-csr', 'The request has an empty subject, which a CA must not have', [
    'request',
  ]);
}

interface Granted extends GrantTerms {
  readonly validity: Validity;
}

function certifiedContent({ random }: IssuanceContext, granted: Granted): Grant {
  const { input, options, requested, authority, validity, reading } = granted;
  const subjectKeyIdentifier = keyIdentifier(requested.publicKey.bits);
  const content = {
    serialNumber: granted.serialNumber ?? drawSerialNumber(random),
    // RFC 5280 §4.1.2.4: the subject of the CA, octet for octet
    issuer: authority.certificate.subject,
    validity,
    subject: requested.subject,
    subjectPublicKeyInfo: requested.publicKey.spki,
    extensions: encodeExtensions(authority.profile, {
      ...options,
      pathLength: input.pathLength,
      subjectKeyIdentifier,
      authorityKeyIdentifier: authority.keyIdentifier,
      subjectAltNames: requested.subjectAltNames,
      subjectIsEmpty: requested.subjectName.length === 0,
      related: granted.related,
    }),
  };
  return { requested, authority, subjectKeyIdentifier, content, reading };
}
