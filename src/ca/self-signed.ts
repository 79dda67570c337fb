import type { KeyAlgorithmName, PrivateKey, Signer } from '../keys/key.ts';
import type { CertificateContent } from '../x509/certificate-writer.ts';
import { keyIdentifier } from '../x509/extensions/key-identifiers.ts';
import { drawSerialNumber, formatSerialNumber } from '../x509/serial-number.ts';
import type { Validity } from '../x509/validity.ts';
import { encodeExtensions } from './certificate-extensions.ts';
import type { IssuanceContext } from './issuance-context.ts';
import {
  checkOptions,
  checkPathLengthAllowed,
  type CertificateOptions,
  type ReadOptions,
} from './options.ts';
import { familyOf, placeholderSigner } from './placeholder-key.ts';
import { prepareCertificate } from './prepared.ts';
import { previewCertificate, type Preview } from './preview.ts';
import type { Profile } from './profile.ts';
import { sizesOf, type Sizes } from './sizes.ts';
import { encodeSubject, requireNonEmptySubject, type ReadNames, type Subject } from './subject.ts';
import { checkProfileNames } from './svid-names.ts';
import { checkKeyUsage, withUsages } from './usages.ts';
import { newValidity } from './validity-period.ts';

/** What a certificate contains for a key of any algorithm. */
export interface SelfSignedContent {
  readonly names: ReadNames;
  readonly profile: Profile;
  /** Whole days from 1, unless the options have a validity. The default of the profile when absent. */
  readonly days?: number | undefined;
  /** With a CA profile only. */
  readonly pathLength?: number | undefined;
  readonly options?: ReadOptions | undefined;
}

export interface SelfSignedInput extends SelfSignedContent {
  readonly algorithm: KeyAlgorithmName;
}

/** A certificate, DER, with what it certifies. */
export interface SelfSignedCertificate {
  readonly certificate: Uint8Array;
  readonly subject: Subject;
  readonly validity: Validity;
  readonly sizes: Sizes;
  /** Capital hexadecimal, two digits an octet. */
  readonly serialNumber: string;
  /** Value of the extension. */
  readonly subjectKeyIdentifier: Uint8Array;
}

/** With the key that it certifies, which the caller destroys when done. */
export interface KeyWithCertificate extends SelfSignedCertificate {
  readonly key: PrivateKey;
}

/** Makes a new key and a certificate for it that the key itself signs. Throws PkiError. */
export const issueSelfSigned = async (
  context: IssuanceContext,
  input: SelfSignedInput,
): Promise<KeyWithCertificate> =>
  certifyNewKey(context, input.algorithm, readContent(context, input, [input.algorithm]));

/**
 * Reads and checks the input for a key of `algorithm`, and returns the function that certifies such a key, which may have
 * no export. So nothing is generated for an invalid input. Throws PkiError.
 */
export function selfSigning(
  context: IssuanceContext,
  input: SelfSignedInput,
): (signer: Signer) => Promise<SelfSignedCertificate> {
  const content = readContent(context, input, [input.algorithm]);
  return (signer) => certify(context, signer, content);
}

/** Returns what {@link issueSelfSigned} would issue, with a placeholder for the key. Throws PkiError. */
export const previewSelfSigned = async (context: IssuanceContext, input: SelfSignedInput): Promise<Preview> =>
  previewNewKey(context, input.algorithm, readContent(context, input, [input.algorithm]));

/** The content of a certificate for a new key, read and checked. */
export interface Content extends CertificateOptions {
  readonly profile: Profile;
  readonly subject: Subject;
  readonly certificateValidity: Validity;
  readonly pathLength: number | undefined;
  /** A certificate of the same subject, DER. */
  readonly related?: Uint8Array | undefined;
}

/** Throws PkiError unless keys of all `algorithms` can have the certificate. */
export function readContent(
  { clock, notBeforeSkew }: IssuanceContext,
  input: SelfSignedContent,
  algorithms: readonly KeyAlgorithmName[],
): Content {
  const subject = requireNonEmptySubject(encodeSubject(input.names()));
  const options = input.options?.() ?? {};
  const profile = withUsages(input.profile, options.usages);
  for (const algorithm of algorithms) checkKeyUsage(profile, familyOf(algorithm));
  checkProfileNames(profile, subject.subjectAltNames);
  checkPathLengthAllowed(profile, input.pathLength);
  checkOptions(profile, options);
  const requested = options.validity ?? (input.days === undefined ? undefined : { days: input.days });
  const certificateValidity = newValidity({ profile, requested, now: clock(), skew: notBeforeSkew });
  return { ...options, profile, subject, certificateValidity, pathLength: input.pathLength };
}

/** Generates a key and certifies it. The caller destroys the key when done. Throws LintError, SignatureVerificationError. */
export async function certifyNewKey(
  context: IssuanceContext,
  algorithm: KeyAlgorithmName,
  content: Content,
): Promise<KeyWithCertificate> {
  const key = await context.keys.generate(algorithm);
  try {
    return { ...(await certify(context, key, content)), key };
  } catch (error) {
    key.destroy();
    throw error;
  }
}

async function certify(
  { keys, random }: IssuanceContext,
  signer: Signer,
  content: Content,
): Promise<SelfSignedCertificate> {
  const serialNumber = drawSerialNumber(random);
  const subjectKeyIdentifier = keyIdentifier(signer.publicKey.bits);
  const identifiers = { serialNumber, subjectKeyIdentifier };
  const prepared = prepareCertificate(signer, selfSignedContent(signer, identifiers, content));
  const certificate = await prepared.issue(keys);
  return {
    certificate,
    subject: content.subject,
    validity: content.certificateValidity,
    sizes: sizesOf(certificate, signer.publicKey),
    serialNumber: formatSerialNumber(serialNumber),
    subjectKeyIdentifier,
  };
}

/** Returns what {@link certifyNewKey} would issue, with a placeholder for the key. */
export function previewNewKey(
  { random }: IssuanceContext,
  algorithm: KeyAlgorithmName,
  content: Content,
): Preview {
  const signer = placeholderSigner(algorithm);
  const subjectKeyIdentifier = keyIdentifier(signer.publicKey.bits);
  const identifiers = { serialNumber: drawSerialNumber(random), subjectKeyIdentifier };
  return previewCertificate(signer, selfSignedContent(signer, identifiers, content), true);
}

interface Identifiers {
  readonly serialNumber: Uint8Array;
  /** Value of the extension. */
  readonly subjectKeyIdentifier: Uint8Array;
}

/** Issuer and subject are the same name, and both key identifiers are the same. */
function selfSignedContent(
  { publicKey }: Signer,
  { serialNumber, subjectKeyIdentifier }: Identifiers,
  { profile, subject, certificateValidity, ...content }: Content,
): Omit<CertificateContent, 'signatureAlgorithm'> {
  return {
    serialNumber,
    issuer: subject.name,
    validity: certificateValidity,
    subject: subject.name,
    subjectPublicKeyInfo: publicKey.spki,
    extensions: encodeExtensions(profile, {
      ...content,
      subjectKeyIdentifier,
      authorityKeyIdentifier: subjectKeyIdentifier,
      subjectAltNames: subject.subjectAltNames,
      subjectIsEmpty: subject.isEmpty,
    }),
  };
}
