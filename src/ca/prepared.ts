/**
 * From content to a signature: prepare, lint, sign, verify. Only linted content reaches a signer, and it is signed
 * once.
 */

import { hash } from 'node:crypto';
import type { Keys, Signer } from '../keys/key.ts';
import { lint, lintCertificateList, type Finding, type SignedKind } from '../lint/lint.ts';
import { encodeTbsCertList, type CertificateListContent } from '../x509/certificate-list-writer.ts';
import { encodeSigned, encodeTbsCertificate, type CertificateContent } from '../x509/certificate-writer.ts';
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

interface Content {
  readonly toBeSigned: Uint8Array;
  readonly signer: Signer;
}

/** Linted content with its signer. Both are private, and can be used once. */
export class Prepared {
  readonly kind: SignedKind;
  #content: Content | undefined;

  private constructor(kind: SignedKind, content: Content, findings: readonly Finding[]) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new LintError(errors);
    this.kind = kind;
    this.#content = content;
  }

  /** `toBeSigned` is DER. Throws LintError for findings that are errors. */
  static of(kind: Exclude<SignedKind, 'certificate-list'>, toBeSigned: Uint8Array, signer: Signer): Prepared {
    return new Prepared(kind, { toBeSigned, signer }, lint(kind, toBeSigned, signer.signatureAlgorithm));
  }

  /** The same for a TBSCertList, which can be too long to be linted in one turn of the event loop. */
  static async ofCertificateList(toBeSigned: Uint8Array, signer: Signer): Promise<Prepared> {
    const findings = await lintCertificateList(toBeSigned, signer.signatureAlgorithm);
    return new Prepared('certificate-list', { toBeSigned, signer }, findings);
  }

  /** SHA-256 of the linted octets, which are the ones to be signed. */
  digest(): Uint8Array {
    return hash('sha256', this.#usable().toBeSigned, 'buffer');
  }

  /**
   * The only place that signs: returns the SIGNED structure, DER. The signature is verified before it is returned,
   * because a faulty signature can reveal the private key. Throws SignatureVerificationError.
   */
  async issue({ verify }: Pick<Keys, 'verify'>): Promise<Uint8Array> {
    const { toBeSigned, signer } = this.#redeem();
    const { signatureAlgorithm, publicKey } = signer;
    const signature = await signer.sign(toBeSigned);
    if (!(await verify(publicKey, signatureAlgorithm, toBeSigned, signature)))
      throw new SignatureVerificationError(publicKey.algorithm);
    return encodeSigned(toBeSigned, signatureAlgorithm, signature);
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

/** Prepares `content` with the signature algorithm of the signer (RFC 5280 §4.1.1.2). Throws LintError. */
export const prepareCertificate = (
  signer: Signer,
  content: Omit<CertificateContent, 'signatureAlgorithm'>,
): Prepared =>
  Prepared.of(
    'certificate',
    encodeTbsCertificate({ ...content, signatureAlgorithm: signer.signatureAlgorithm }),
    signer,
  );

/** A request is signed by its own key (RFC 2986 §4.2). Throws LintError. */
export const prepareRequest = (
  signer: Signer,
  content: Omit<RequestContent, 'subjectPublicKeyInfo'>,
): Prepared =>
  Prepared.of(
    'certification-request',
    encodeRequestInfo({ ...content, subjectPublicKeyInfo: signer.publicKey.spki }),
    signer,
  );

/** Prepares a CRL with the signature algorithm of the signer (RFC 5280 §5.1.1.2). Rejects with LintError. */
export const prepareCertificateList = (
  signer: Signer,
  content: Omit<CertificateListContent, 'signatureAlgorithm'>,
): Promise<Prepared> =>
  Prepared.ofCertificateList(
    encodeTbsCertList({ ...content, signatureAlgorithm: signer.signatureAlgorithm }),
    signer,
  );
