/** Who may sign an OCSP response (RFC 6960 §4.2.2.2, §4.2.2.3). */

import { ifReadable } from '../../base/errors.ts';
import { extendedKeyUsageOid, extensionOid } from '../../formats/oids.ts';
import { readSubjectPublicKeyInfo } from '../../formats/subject-public-key-info.ts';
import { responderKeyHash } from '../../x509/ocsp/response-writer.ts';
import { nameText, type Member } from '../member.ts';
import { isValidAt } from '../paths.ts';
import type { VerificationRequest } from '../request.ts';
import { extensionFailures } from '../rules/certificates.ts';
import type { Signatures } from '../signatures.ts';
import type { OcspResponse } from './ocsp-response.ts';

export interface SignerContext {
  readonly request: Pick<VerificationRequest, 'time'>;
  readonly signatures: Signatures;
  /** Whether a CRL revokes the certificate of a responder. */
  isRevoked(responder: Member): Promise<boolean>;
  /** Whether the name constraints of the CAs above allow its names. */
  hasAllowedNames(responder: Member): Promise<boolean>;
}

/** §4.2.2.3: whether the responderID names the certificate. */
export function isResponder({ certificate, subject }: Member, { responder }: OcspResponse): boolean {
  if ('name' in responder) return nameText(responder.name) === subject;
  const bits = ifReadable(() => readSubjectPublicKeyInfo(certificate.subjectPublicKeyInfo).bits);
  return bits !== undefined && Buffer.compare(responderKeyHash(bits), responder.keyHash) === 0;
}

/**
 * `signer` is the issuer of the certificate in question, or a certificate of the response. Returns why it may not sign, in
 * words that follow "The OCSP response"; undefined if it may.
 */
export async function signerFault(
  context: SignerContext,
  signer: Member,
  issuer: Member,
): Promise<string | undefined> {
  // RFC 5280 §4.2.1.3: the bits for certificates and CRLs do not allow other signatures
  if (signer.facts.keyUsage?.some((usage) => USAGES.has(usage)) === false)
    return 'is signed by a certificate whose keyUsage is without digitalSignature';
  return signer === issuer ? undefined : responderFault(context, signer, issuer);
}

/** RFC 5280 §4.2.1.12: consistent with id-kp-OCSPSigning. */
const USAGES: ReadonlySet<string> = new Set(['digitalSignature', 'nonRepudiation']);

/** A responder is authorized by a certificate of the CA itself for id-kp-OCSPSigning. */
async function responderFault(
  context: SignerContext,
  responder: Member,
  issuer: Member,
): Promise<string | undefined> {
  const { certificate, facts } = responder;
  const { subjectPublicKeyInfo } = issuer.certificate;
  const isIssued =
    responder.issuer === issuer.subject &&
    (await context.signatures.verify(certificate, subjectPublicKeyInfo)).is === 'valid';
  if (!isIssued) return 'is signed by a responder that the CA did not authorize (RFC 6960 §4.2.2.2)';
  if (facts.extendedKeyUsage?.includes(extendedKeyUsageOid.OCSPSigning) !== true)
    return 'is signed by a certificate without id-kp-OCSPSigning (RFC 6960 §4.2.2.2)';
  if (extensionFailures([responder]).length > 0)
    return 'is signed by a certificate with an extension that is not supported or invalid (RFC 5280 §6.1)';
  if (!isValidAt(responder, context.request.time)) return 'is signed by a certificate that is not valid';
  if (!(await context.hasAllowedNames(responder)))
    return 'is signed by a certificate with names that the name constraints of a CA do not allow (RFC 5280 §6.1.3)';
  const needsNoCheck = certificate.extensions.some(({ oid }) => oid === extensionOid.ocspNoCheck);
  return !needsNoCheck && (await context.isRevoked(responder))
    ? 'is signed by a certificate that is revoked'
    : undefined;
}
