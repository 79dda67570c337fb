import { atMember, atMemberAsync, PkiError } from '../base/errors.ts';
import type { CertificationRequest } from '../x509/certification-request.ts';
import { keyIdentifier } from '../x509/extensions/key-identifiers.ts';
import { decodeDistinguishedName, type DistinguishedName } from '../x509/names/distinguished-name.ts';
import type { GeneralName } from '../x509/names/general-name-encoding.ts';
import { checkNameConstraints } from '../x509/path/name-constraints.ts';
import { drawSerialNumber, formatSerialNumber } from '../x509/serial-number.ts';
import type { Validity } from '../x509/validity.ts';
import { checkAuthority, type Authority, type AuthorityInput } from './authority.ts';
import type { IssuanceContext } from './issuance-context.ts';
import { prepareCertificate, type Prepared } from './prepared.ts';
import { encodeExtensions, type Profile } from './profile.ts';
import { readRequestedContent, type RequestedContent } from './requested-content.ts';
import { validityWithin } from './validity-period.ts';

/** What the caller sends. */
export interface SignCsrContent {
  readonly request: CertificationRequest;
  readonly authority: AuthorityInput;
  /** Added to the names of the request. */
  readonly subjectAltNames: readonly GeneralName[];
}

export interface SignCsrInput {
  /** Reads what the caller sends. It runs inside the use case, so that observers see what it throws. */
  readonly content: () => Promise<SignCsrContent>;
  readonly profile: Profile;
  /** 365 when absent, or as many as the CA certificate allows. */
  readonly days?: number | undefined;
  /** With a CA profile only. */
  readonly pathLength?: number | undefined;
}

export interface IssuedCertificate {
  /** DER, as is `issuerCertificate`. */
  readonly certificate: Uint8Array;
  readonly issuerCertificate: Uint8Array;
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
  /** Names (or dotted OIDs) of the requested extensions that were not granted. */
  readonly ignoredExtensions: readonly string[];
}

/**
 * Certifies the key of a request under a CA. The request gives the subject, the key and the subject alternative names;
 * whatever else it asks for is listed in the result and not granted. Throws PkiError.
 */
export async function signCsr(context: IssuanceContext, input: SignCsrInput): Promise<IssuedCertificate> {
  const now = context.clock();
  const { request, authority: given, subjectAltNames } = await input.content();
  const content = await readRequestedContent(context.keys, request, subjectAltNames);
  const authority = await atMemberAsync('authority', () =>
    checkAuthority(context.keys, given, input.profile, now),
  );
  requireOtherKey(content, authority);
  requireNamedCa(input, content);
  checkPathLength(input, authority);
  if (authority.nameConstraints)
    checkNameConstraints(authority.nameConstraints, content.subjectName, content.subjectAltNames);
  const validity = atMember('days', () =>
    validityWithin(authority.certificate.validity, input.profile, input.days, now),
  );
  const serialNumber = drawSerialNumber(context.random);
  const subjectKeyIdentifier = keyIdentifier(content.publicKey.bits);
  const prepared = prepareIssued(input, content, authority, { validity, serialNumber, subjectKeyIdentifier });
  return {
    certificate: await prepared.issue(context.keys),
    issuerCertificate: authority.certificate.der,
    serialNumber: formatSerialNumber(serialNumber),
    validity,
    subject: content.subjectName,
    issuer: decodeDistinguishedName(authority.certificate.subject),
    subjectAltNames: content.subjectAltNames,
    subjectKeyIdentifier,
    keyAlgorithm: content.publicKey.algorithm,
    ignoredExtensions: content.ignoredExtensions,
  };
}

/** A CA does not certify its own key again: who holds the certificate would be the CA. */
function requireOtherKey({ publicKey }: RequestedContent, { certificate }: Authority): void {
  if (Buffer.compare(publicKey.spki, certificate.subjectPublicKeyInfo) !== 0) return;
  throw new PkiError(
    'issuer-key-reused',
    'The request has the key of the CA; it must have a key of its own',
    ['request'],
  );
}

/** RFC 5280 §4.1.2.6: the subject of a CA is not empty. */
function requireNamedCa({ profile }: SignCsrInput, { subjectName }: RequestedContent): void {
  if (!profile.isCa || subjectName.length > 0) return;
  throw new PkiError('invalid-csr', 'The request has an empty subject, which a CA must not have', [
    'request',
  ]);
}

/** RFC 5280 §4.2.1.9: how many CA certificates may follow. */
function checkPathLength({ profile, pathLength }: SignCsrInput, { pathLength: limit }: Authority): void {
  if (!profile.isCa) {
    if (pathLength === undefined) return;
    throw pathLengthError('The path length is allowed in CA certificates only', 'pathLength');
  }
  if (limit === undefined) return;
  if (limit === 0) throw pathLengthError('The CA certificate allows no CA below it', 'profile');
  if (pathLength !== undefined && pathLength >= limit)
    throw pathLengthError(
      `The path length must be less than that of the CA certificate, ${limit}`,
      'pathLength',
    );
}

const pathLengthError = (message: string, step: string): PkiError =>
  new PkiError('path-length-exceeded', message, [step]);

interface Drawn {
  readonly validity: Validity;
  readonly serialNumber: Uint8Array;
  readonly subjectKeyIdentifier: Uint8Array;
}

const prepareIssued = (
  { profile, pathLength }: SignCsrInput,
  content: RequestedContent,
  authority: Authority,
  { validity, serialNumber, subjectKeyIdentifier }: Drawn,
): Prepared =>
  prepareCertificate(authority.signer, {
    serialNumber,
    // RFC 5280 §4.1.2.4: the subject of the CA, octet for octet
    issuer: authority.certificate.subject,
    validity,
    subject: content.subject,
    subjectPublicKeyInfo: content.publicKey.spki,
    extensions: encodeExtensions(profile, {
      pathLength,
      subjectKeyIdentifier,
      authorityKeyIdentifier: authority.keyIdentifier,
      subjectAltNames: content.subjectAltNames,
      subjectIsEmpty: content.subjectName.length === 0,
    }),
  });
