/** Signs a CSR, or a public key in place of one, with the key and the certificate of a CA that the caller sends. */

import { atMemberAsync } from '../base/errors.ts';
import type { Note, NotedReading } from '../formats/reading.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { CertificationRequest } from '../x509/certification-request.ts';
import type { GeneralName } from '../x509/names/general-name-encoding.ts';
import { checkAuthority, type AuthorityInput } from './authority.ts';
import { atGivenKey, contentOfGivenKey, type GivenKey } from './given-key.ts';
import { grantRequested, intendedIssuance, type Grant, type GrantInput } from './grant.ts';
import type { IssuanceContext } from './issuance-context.ts';
import type { IssuanceNote } from './issuance-notes.ts';
import { issuedOf, notesOn, type IssuedCertificate } from './issued-certificate.ts';
import type { CertificateOptions } from './options.ts';
import { prepareCertificate } from './prepared.ts';
import { previewCertificate, type Preview } from './preview.ts';
import type { Profile } from './profile.ts';
import { checkRelatedProof, relationNotes } from './related-proof.ts';
import { readRequestedContent, type RequestedContent } from './requested-content.ts';

/** The key and its names: a CSR, or a public key with a subject. */
type CertifiedInput = RequestInput | { readonly request?: undefined; readonly givenKey: GivenKey };

interface RequestInput {
  readonly request: CertificationRequest;
  readonly givenKey?: undefined;
}

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

export interface SignCsrInput extends GrantInput {
  /** Reads what the caller sends. It runs inside the use case, so that observers see what it throws. */
  readonly content: () => Promise<SignCsrContent>;
  readonly profile: Profile;
  /** Whether the caller selected neither a profile nor usages, so that the CA can narrow the purposes. */
  readonly isDefaultProfile: boolean;
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

/** Checks in this order: the request, the CA, what is certified, the related certificate. Throws PkiError of the first fault. */
async function grant(context: IssuanceContext, input: SignCsrInput): Promise<Grant> {
  const now = context.clock();
  const given = await input.content();
  const { options = {}, reading, relatedCertificate } = given;
  const issuance = intendedIssuance(input, options, now, reading.at('authority'));
  const requested = await readCertified(context, given, issuance.profile);
  const authority = await atMemberAsync('authority', () =>
    checkAuthority(context, given.authority, issuance),
  );
  const related = relatedCertificate?.der;
  const decide = () =>
    grantRequested(context, { input, options, requested, authority, now, reading, related });
  if (given.request === undefined) return { ...(await atGivenKey(async () => decide())), isGivenKey: true };
  const granted = decide();
  return { ...granted, relationNotes: await checkRelation(context, given, granted, now) };
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

/** Returns what the caller should know. Throws PkiError at `request` or `relatedCertificate`. */
async function checkRelation(
  { keys }: IssuanceContext,
  { request, relatedCertificate: related, reading }: RequestInput & SigningContent,
  { requested: { subject }, authority: { profile } }: Grant,
  now: Date,
): Promise<readonly IssuanceNote[]> {
  if (related === undefined) return relationNotes(request);
  const proof = { request, related, subject, profile, now, reading: reading.at('relatedCertificate') };
  await checkRelatedProof(keys, proof);
  return [];
}
