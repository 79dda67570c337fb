/**
 * From content to a signature: prepare, lint, sign, verify. Only linted content reaches a signer, and it is signed
 * once.
 */

import { hash } from 'node:crypto';
import { elementAt, membersOf } from '../formats/der/reader.ts';
import type { Keys, PublicKey, Signer } from '../keys/key.ts';
import { readPublicKey } from '../keys/public-key.ts';
import { lint, lintCertificateList, type Finding, type LintedAtOnce, type SignedKind } from '../lint/lint.ts';
import { encodeTbsCertList, type CertificateListContent } from '../x509/certificate-list-writer.ts';
import { encodeSigned, encodeTbsCertificate, type CertificateContent } from '../x509/certificate-writer.ts';
import { encodeResponseData, type ResponseContent } from '../x509/ocsp/response-writer.ts';
import { encodeRequestInfo, type RequestContent } from '../x509/request-writer.ts';

/** The linter refused content before it was signed: a bug of this service, or a fault in memory. */
export class LintError extends Error {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(`The linter refused the content: ${findings.map(({ rule }) => rule).join(', ')}`);
    this.name = 'LintError';
    this.findings = findings;
  }
}

/** A new signature does not verify: a fault in memory or in an engine. */
export class SignatureVerificationError extends Error {
  constructor(algorithm: string) {
    super(`A new signature of ${algorithm} does not verify`);
    this.name = 'SignatureVerificationError';
  }
}

/** The findings on a TBSCertList, which was linted in parts: a long one would hold the event loop. */
class LintedList {
  readonly #octets: Uint8Array;
  readonly #findings: readonly Finding[];

  private constructor(octets: Uint8Array, findings: readonly Finding[]) {
    this.#octets = octets;
    this.#findings = findings;
  }

  static async lint(octets: Uint8Array, { signatureAlgorithm }: Signer): Promise<LintedList> {
    return new LintedList(octets, await lintCertificateList(octets, signatureAlgorithm, 'errors'));
  }

  findingsOn(octets: Uint8Array): readonly Finding[] {
    if (octets !== this.#octets) throw new Error('Other octets were linted');
    return this.#findings;
  }
}

interface Content {
  readonly toBeSigned: Uint8Array;
  readonly signer: Signer;
  /** With which the signature is verified. */
  readonly issuerKey: PublicKey;
}

/** Linted content with its signer. Both are private, and can be used once. */
export class Prepared {
  readonly kind: SignedKind;
  #content: Content | undefined;

  /**
   * `toBeSigned` is DER. Relying parties verify its signature with the key that `issuerKey` returns. Throws LintError for findings that are
   * errors.
   */
  constructor(
    kind: LintedAtOnce | LintedList,
    toBeSigned: Uint8Array,
    signer: Signer,
    issuerKey = () => signer.publicKey,
  ) {
    const isList = kind instanceof LintedList;
    const errors = isList
      ? kind.findingsOn(toBeSigned)
      : lint(kind, toBeSigned, signer.signatureAlgorithm, 'errors');
    if (errors.length > 0) throw new LintError(errors);
    this.kind = isList ? 'certificate-list' : kind;
    this.#content = { toBeSigned, signer, issuerKey: issuerKey() };
  }

  /** SHA-256 of the linted octets, which are the ones to be signed. */
  digest(): Uint8Array {
    return hash('sha256', this.#usable().toBeSigned, 'buffer');
  }

  /**
   * The only place that signs a whole structure: returns it, DER. Throws SignatureVerificationError.
   */
  async issue(keys: Pick<Keys, 'verify'>): Promise<Uint8Array> {
    const content = this.#redeem();
    const signature = await verifiedSignature(keys, content);
    return encodeSigned(content.toBeSigned, content.signer.signatureAlgorithm, signature);
  }

  #redeem(): Content {
    const content = this.#usable();
    this.#content = undefined;
    return content;
  }

  #usable(): Content {
    if (this.#content === undefined) throw new Error('This content was issued already');
    return this.#content;
  }
}

/**
 * Returns a signature that was verified: a faulty one can reveal the private key. It is for parts of a content too, which
 * is linted as a whole. Throws SignatureVerificationError.
 */
export async function verifiedSignature(keys: Pick<Keys, 'verify'>, content: Content): Promise<Uint8Array> {
  const { toBeSigned, signer, issuerKey } = content;
  const { algorithm } = signer.publicKey;
  if (issuerKey.algorithm !== algorithm) throw new SignatureVerificationError(algorithm);
  const signature = await (signer.signVerified?.(toBeSigned, issuerKey) ?? signThenVerify(keys, content));
  if (signature === undefined) throw new SignatureVerificationError(algorithm);
  return signature;
}

/** For a signer that has no single operation for it, such as a KMS. */
async function signThenVerify(
  { verify }: Pick<Keys, 'verify'>,
  { toBeSigned, signer, issuerKey }: Content,
): Promise<Uint8Array | undefined> {
  const signature = await signer.sign(toBeSigned);
  const isValid = await verify(issuerKey, signer.signatureAlgorithm, toBeSigned, signature);
  return isValid ? signature : undefined;
}

/**
 * Prepares `content` with the signature algorithm of the signer (RFC 5280 §4.1.1.2). `issuerKey` is the key in the
 * certificate of the issuer; a self-signed certificate contains it. Throws LintError.
 */
export function prepareCertificate(
  signer: Signer,
  content: Omit<CertificateContent, 'signatureAlgorithm'>,
  issuerKey?: PublicKey,
): Prepared {
  const tbs = encodeTbsCertificate({ ...content, signatureAlgorithm: signer.signatureAlgorithm });
  return new Prepared('certificate', tbs, signer, () => issuerKey ?? keyAt(tbs, TBS_CERTIFICATE_KEY));
}

/** A request is signed by its own key (RFC 2986 §4.2). Throws LintError. */
export function prepareRequest(
  signer: Signer,
  content: Omit<RequestContent, 'subjectPublicKeyInfo'>,
): Prepared {
  const info = encodeRequestInfo({ ...content, subjectPublicKeyInfo: signer.publicKey.spki });
  return new Prepared('certification-request', info, signer, () => keyAt(info, REQUEST_INFO_KEY));
}

/** `issuerKey` is the key in the certificate of the CA (RFC 5280 §5.1.1.2). Rejects with LintError. */
export async function prepareCertificateList(
  signer: Signer,
  content: Omit<CertificateListContent, 'signatureAlgorithm'>,
  issuerKey: PublicKey,
): Promise<Prepared> {
  const tbs = encodeTbsCertList({ ...content, signatureAlgorithm: signer.signatureAlgorithm });
  return new Prepared(await LintedList.lint(tbs, signer), tbs, signer, () => issuerKey);
}

/**
 * The responder is identified by its key (RFC 6960 §4.2.1). `responderKey` is the key in its certificate. Throws LintError.
 */
export function prepareOcspResponse(
  signer: Signer,
  content: Omit<ResponseContent, 'signerKeyBits'>,
  responderKey: PublicKey,
): Prepared {
  const data = encodeResponseData({ ...content, signerKeyBits: responderKey.bits });
  return new Prepared('ocsp-response', data, signer, () => responderKey);
}

/** The place of subjectPublicKeyInfo in a TBSCertificate of version 3 and in a CertificationRequestInfo. */
const TBS_CERTIFICATE_KEY = 6;
const REQUEST_INFO_KEY = 2;

/** Reads the key from the octets that are about to be signed, as a relying party will. */
function keyAt(toBeSigned: Uint8Array, place: number): PublicKey {
  const spki = [...membersOf(elementAt(toBeSigned, 0))][place];
  if (spki === undefined) throw new Error('The content has no public key');
  return readPublicKey(spki.encoding);
}
