import { PkiError } from '../base/errors.ts';
import type { KeyAlgorithmName, PrivateKey, Signer } from '../keys/key.ts';
import { encodeRequestedExtensions, encodeSubjectAltName } from './certificate-extensions.ts';
import type { IssuanceContext } from './issuance-context.ts';
import { checkOptions, checkPathLengthAllowed, type ReadOptions } from './options.ts';
import { familyOf } from './placeholder-key.ts';
import { prepareRequest } from './prepared.ts';
import type { Profile } from './profile.ts';
import { relatedAttribute, type RelatedInput } from './related-request.ts';
import { sizesOf, type Sizes } from './sizes.ts';
import { encodeSubject, requireName, type ReadNames, type Subject } from './subject.ts';
import { checkProfileNames } from './svid-names.ts';
import { checkKeyUsage, withUsages } from './usages.ts';

export interface CsrInput {
  readonly algorithm: KeyAlgorithmName;
  readonly names: ReadNames;
  /** The certificate that the request asks for; without it, the request asks for its names only. */
  readonly wish?: CertificateWish | undefined;
  /** Reads another certificate of the same end entity and its key, for relatedCertRequest (RFC 9763 §3.1). */
  readonly related?: (() => Promise<RelatedInput>) | undefined;
}

export interface CertificateWish {
  readonly profile: Profile;
  readonly pathLength?: number | undefined;
  /** A request cannot ask for a validity. */
  readonly options?: ReadOptions | undefined;
}

/** A PKCS #10 request, DER, and its key, which the caller destroys when done. */
export interface KeyWithCsr {
  readonly csr: Uint8Array;
  readonly sizes: Sizes;
  readonly subject: Subject;
  readonly key: PrivateKey;
}

/** Makes a new key and a request for the subject and its names. Throws PkiError. */
export async function createCsr(context: IssuanceContext, input: CsrInput): Promise<KeyWithCsr> {
  const { subject, request } = requesting(context, input);
  const related = await input.related?.();
  const attributes = related && [await relatedAttribute(context, related, subject.name)];
  return requestForNewKey(context, input.algorithm, {
    subject,
    request: (signer) => request(signer, attributes),
  });
}

/** The caller destroys the key when done. */
export async function requestForNewKey(
  context: IssuanceContext,
  algorithm: KeyAlgorithmName,
  { subject, request }: Requesting,
): Promise<KeyWithCsr> {
  const key = await context.keys.generate(algorithm);
  try {
    const csr = await request(key);
    return { csr, sizes: sizesOf(csr, key.publicKey), subject, key };
  } catch (error) {
    key.destroy();
    throw error;
  }
}

/** What is requested, checked, and the function that makes the request, DER, for a key of the algorithm. */
export interface Requesting {
  readonly subject: Subject;
  readonly request: (signer: Signer, attributes?: readonly Uint8Array[]) => Promise<Uint8Array>;
}

/** Reads and checks the input; the key may have no export. Throws PkiError. */
export function requesting({ keys }: IssuanceContext, input: CsrInput): Requesting {
  const subject = requireName(encodeSubject(input.names()));
  const extensions = requestedExtensions(input, subject);
  return {
    subject,
    request: (signer, attributes) =>
      prepareRequest(signer, { subject: subject.name, extensions, attributes }).issue(keys),
  };
}

function requestedExtensions({ wish, algorithm }: CsrInput, subject: Subject): readonly Uint8Array[] {
  const { subjectAltNames, isEmpty } = subject;
  if (wish === undefined) return encodeSubjectAltName(subjectAltNames, isEmpty);
  const options = wish.options?.() ?? {};
  const profile = withUsages(wish.profile, options.usages);
  checkKeyUsage(profile, familyOf(algorithm));
  checkProfileNames(profile, subjectAltNames);
  checkPathLengthAllowed(profile, wish.pathLength);
  checkOptions(profile, options);
  requireNamedCa(profile, subject);
  return encodeRequestedExtensions(profile, {
    ...options,
    pathLength: wish.pathLength,
    subjectAltNames,
    subjectIsEmpty: isEmpty,
  });
}

/** RFC 5280 §4.1.2.6: the subject of a CA is not empty. */
function requireNamedCa({ isCa }: Profile, { isEmpty }: Subject): void {
  if (isCa && isEmpty)
    throw new PkiError('invalid-subject', 'The subject of a CA must have at least one attribute', [
      'subject',
    ]);
}
