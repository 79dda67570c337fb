/**
 * From content to a signature: prepare, lint, sign, verify. Only linted content reaches a signer, and it is signed
 * once.
 */

import { hash } from 'node:crypto';
import type { Keys, Signer } from '../keys/key.ts';
import { lint, type Finding, type SignedKind } from '../lint/lint.ts';
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

interface Content {
  readonly toBeSigned: Uint8Array;
  readonly signer: Signer;
}

/** Linted content with its signer. Both are private, and can be used once. */
export class Prepared {
  readonly kind: SignedKind;
  #content: Content | undefined;

  /** `toBeSigned` is DER. Throws LintError for findings that are errors. */
  constructor(kind: SignedKind, toBeSigned: Uint8Array, signer: Signer) {
    const findings = lint(kind, toBeSigned, signer.signatureAlgorithm);
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new LintError(errors);
    this.kind = kind;
    this.#content = { toBeSigned, signer };
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
  new Prepared(
    'certificate',
    encodeTbsCertificate({ ...content, signatureAlgorithm: signer.signatureAlgorithm }),
    signer,
  );

/** A request is signed by its own key (RFC 2986 §4.2). Throws LintError. */
export const prepareRequest = (
  signer: Signer,
  content: Omit<RequestContent, 'subjectPublicKeyInfo'>,
): Prepared =>
  new Prepared(
    'certification-request',
    encodeRequestInfo({ ...content, subjectPublicKeyInfo: signer.publicKey.spki }),
    signer,
  );

/** The responder is identified by the key of the signer (RFC 6960 §4.2.1). Throws LintError. */
export const prepareOcspResponse = (
  signer: Signer,
  content: Omit<ResponseContent, 'signerKeyBits'>,
): Prepared =>
  new Prepared(
    'ocsp-response',
    encodeResponseData({ ...content, signerKeyBits: signer.publicKey.bits }),
    signer,
  );
