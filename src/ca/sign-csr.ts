import { atMemberAsync, PkiError } from '../base/errors.ts';
import type { Note, NotedReading, Reading } from '../formats/reading.ts';
import type { CertificationRequest } from '../x509/certification-request.ts';
import type { Certificate } from '../x509/certificate.ts';
import { keyIdentifier } from '../x509/extensions/key-identifiers.ts';
import { decodeDistinguishedName, type DistinguishedName } from '../x509/names/distinguished-name.ts';
import type { GeneralName } from '../x509/names/general-name-encoding.ts';
import type { IgnoredName } from '../x509/names/granted-names.ts';
import type { CertificateContent } from '../x509/certificate-writer.ts';
import { checkAllNameConstraints } from '../x509/path/name-constraints.ts';
import { drawSerialNumber, formatSerialNumber } from '../x509/serial-number.ts';
import type { Validity } from '../x509/validity.ts';
import { encodeExtensions } from './certificate-extensions.ts';
import { checkAuthority, type Authority, type AuthorityInput, type IntendedIssuance } from './authority.ts';
import { publishedKeyNotes, type IssuanceNote } from './issuance-notes.ts';
import { profileOfKey } from './encapsulation-profile.ts';
import { atGivenKey, contentOfGivenKey, notesOnGivenKey, type GivenKey } from './given-key.ts';
import type { IssuanceContext } from './issuance-context.ts';
import { checkOptions, checkPathLength, type CertificateOptions } from './options.ts';
import { prepareCertificate } from './prepared.ts';
import { previewCertificate, type Preview } from './preview.ts';
import type { Profile } from './profile.ts';
import { checkRelatedProof, relationNotes } from './related-proof.ts';
import { readRequestedContent, type RequestedContent } from './requested-content.ts';
import { sizesOf, type Sizes } from './sizes.ts';
import { checkProfileNames } from './svid-names.ts';
import { checkKeyUsage, usageKindOf, withUsages } from './usages.ts';
import { newValidity } from './validity-period.ts';

/** The key and its names: a CSR, or a public key with a subject. */
type CertifiedInput =
  | { readonly request: CertificationRequest; readonly givenKey?: undefined }
  | { readonly request?: undefined; readonly givenKey: GivenKey };

/** What the caller sends. */
export type SignCsrContent = CertifiedInput & SigningContent;

interface SigningContent {
  readonly authority: AuthorityInput;
  /** Added to the names of the request; all of them for a public key. */
  readonly subjectAltNames: readonly GeneralName[];
  /** Whether DNS names of the request can have `_`. */
  readonly allowUnderscore?: boolean | undefined;
  readonly options?: CertificateOptions | undefined;
  /** Another certificate of the same end entity, which relatedCertRequest of the request names (RFC 9763). */
  readonly relatedCertificate?: Certificate | undefined;
  /** How the request and the CA certificate were read, and what was noted. */
  readonly reading: NotedReading;
}

export interface SignCsrInput {
  /** Reads what the caller sends. It runs inside the use case, so that observers see what it throws. */
  readonly content: () => Promise<SignCsrContent>;
  readonly profile: Profile;
  /** Whether the caller selected neither a profile nor usages, so that the CA can narrow the purposes. */
  readonly isDefaultProfile: boolean;
  /** The default of the profile when absent, or as many as the CA certificate allows. */
  readonly days?: number | undefined;
  /** With a CA profile only. */
  readonly pathLength?: number | undefined;
}

export interface IssuedCertificate {
  /** DER, as is `issuerCertificate`. */
  readonly certificate: Uint8Array;
  readonly issuerCertificate: Uint8Array;
  /** The issuer of the issuer, its issuer, and so on, as far as they were given. */
  readonly higherCertificates: readonly Uint8Array[];
  /** Capital hexadecimal, two digits an octet. */
  readonly serialNumber: string;
  readonly validity: Validity;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  readonly subjectAltNames: readonly GeneralName[];
  /** Value of the extension. */
  readonly subjectKeyIdentifier: Uint8Array;
  /** As in `PublicKey.algorithm`. */
  readonly keyAlgorithm: string;
  readonly sizes: Sizes;
  /** Names (or dotted OIDs) of the requested extensions that were not granted. */
  readonly ignoredExtensions: readonly string[];
  /** Alternative names of the request that were not granted. */
  readonly ignoredNames: readonly IgnoredName[];
  /** What the caller should know about the certificate although it was issued. */
  readonly notes: readonly (Note | IssuanceNote)[];
}

/**
 * Certifies the key of a request under a CA. The request gives the subject, the key and the subject alternative names;
 * whatever else it asks for is listed in the result and not granted. Throws PkiError.
 */
export async function signCsr(context: IssuanceContext, input: SignCsrInput): Promise<IssuedCertificate> {
  const granted = await grant(context, input);
  const { authority, content } = granted;
  const prepared = prepareCertificate(authority.signer, content, authority.publicKey);
  return issuedOf(granted, await prepared.issue(context.keys));
}

/** `certificate` is that of the grant, DER. */
export function issuedOf(granted: Grant, certificate: Uint8Array): IssuedCertificate {
  const { authority, requested, content } = granted;
  return {
    certificate,
    issuerCertificate: authority.certificate.der,
    higherCertificates: authority.path.slice(1).map(({ der }) => der),
    serialNumber: formatSerialNumber(content.serialNumber),
    validity: content.validity,
    subject: requested.subjectName,
    issuer: decodeDistinguishedName(authority.certificate.subject),
    subjectAltNames: requested.subjectAltNames,
    subjectKeyIdentifier: granted.subjectKeyIdentifier,
    keyAlgorithm: requested.publicKey.algorithm,
    sizes: sizesOf(certificate, requested.publicKey),
    ignoredExtensions: requested.ignoredExtensions,
    ignoredNames: requested.ignoredNames,
    notes: notesOn(granted),
  };
}

const notesOn = ({
  requested: { publicKey },
  authority,
  reading,
  isGivenKey = false,
  relationNotes: ofRelation = [],
}: Grant): readonly (Note | IssuanceNote)[] => {
  const ofKey = publishedKeyNotes(publicKey, ['request']);
  const notes = [...reading.notes, ...authority.notes, ...ofKey, ...ofRelation];
  return isGivenKey ? notesOnGivenKey(notes) : notes;
};

/** Returns what {@link signCsr} would issue. Throws PkiError. */
export async function previewCsr(context: IssuanceContext, input: SignCsrInput): Promise<CsrPreview> {
  const granted = await grant(context, input);
  const { authority, content, requested } = granted;
  const { ignoredNames } = requested;
  return { ...previewCertificate(authority.signer, content, false), ignoredNames, notes: notesOn(granted) };
}

export interface CsrPreview extends Preview, Pick<IssuedCertificate, 'ignoredNames'> {
  readonly notes: readonly (Note | IssuanceNote)[];
}

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

async function grant(context: IssuanceContext, input: SignCsrInput): Promise<Grant> {
  const now = context.clock();
  const given = await input.content();
  const { options = {}, reading } = given;
  const issuance = intendedIssuance(input, options, now, reading.at('authority'));
  const requested = await readCertified(context, given, issuance.profile);
  const authority = await atMemberAsync('authority', () =>
    checkAuthority(context, given.authority, issuance),
  );
  const related = given.relatedCertificate;
  const terms = { input, options, requested, authority, now, reading, related: related?.der };
  if (given.request === undefined)
    return { ...(await atGivenKey(async () => grantRequested(context, terms))), isGivenKey: true };
  const granted = grantRequested(context, terms);
  if (related === undefined) return { ...granted, relationNotes: relationNotes(given.request) };
  await checkRelatedProof(context.keys, {
    request: given.request,
    related,
    subject: requested.subject,
    profile: granted.authority.profile,
    now,
    reading: reading.at('relatedCertificate'),
  });
  return granted;
}

const readCertified = async (
  context: IssuanceContext,
  { request, givenKey, subjectAltNames, allowUnderscore, reading }: SignCsrContent,
  { otherNames }: Profile,
): Promise<RequestedContent> =>
  request === undefined
    ? contentOfGivenKey(context, givenKey, subjectAltNames)
    : readRequestedContent(context, request, subjectAltNames, {
        otherNames,
        allowUnderscore,
        reading: reading.at('request'),
      });

/** `reading` is that of the CA. Throws PkiError for usages that are not possible. */
export const intendedIssuance = (
  { profile, isDefaultProfile }: Pick<SignCsrInput, 'profile' | 'isDefaultProfile'>,
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

export interface GrantTerms {
  readonly input: Pick<SignCsrInput, 'days' | 'pathLength'>;
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
