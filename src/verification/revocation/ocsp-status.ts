/** The status of a certificate by OCSP responses (RFC 6960 §3.2). */

import { hash } from 'node:crypto';
import { extendedKeyUsageOid, extensionOid } from '../../formats/oids.ts';
import { readSubjectPublicKeyInfo } from '../../formats/subject-public-key-info.ts';
import { ifReadable } from '../../base/errors.ts';
import { crlReasonName } from '../../x509/extensions/crl-extensions.ts';
import type { Member } from '../member.ts';
import { isValidAt } from '../paths.ts';
import type { VerificationRequest } from '../request.ts';
import type { Signatures } from '../signatures.ts';
import type { OcspResponse, SingleStatus } from './ocsp-response.ts';
import { currencyFault, type RevocationStatus } from './status.ts';

export interface OcspContext {
  readonly request: Pick<VerificationRequest, 'responses' | 'time'>;
  readonly signatures: Signatures;
  /** Whether a CRL revokes the certificate of a responder. */
  isRevoked(responder: Member): Promise<boolean>;
}

export async function ocspStatus(
  context: OcspContext,
  member: Member,
  issuer: Member,
): Promise<RevocationStatus> {
  const problems: string[] = [];
  let good: RevocationStatus | undefined;
  let isAbout = false;
  for (const response of context.request.responses) {
    const status = response.statuses.find(({ certId }) => isFor(certId, member, issuer));
    if (status === undefined) continue;
    isAbout = true;
    const problem = await faultOf(context, response, status, issuer);
    if (problem !== undefined) {
      problems.push(`The OCSP response ${response.index} ${problem}`);
      continue;
    }
    const source = `ocsp_responses/${response.index}`;
    if (status.is === 'revoked')
      return {
        is: 'revoked',
        source,
        at: status.revokedAt,
        reason: status.reason === undefined ? undefined : crlReasonName(status.reason),
      };
    if (status.is === 'good') good = { is: 'good', source };
    else problems.push(`The OCSP response ${response.index} says that the certificate is unknown`);
  }
  return good ?? { is: 'unknown', problems, isAbout };
}

/** RFC 6960 §4.1.1: hashes of the name and the key of the issuer. */
function isFor({ digest, ...id }: SingleStatus['certId'], { certificate }: Member, issuer: Member): boolean {
  const { subject, subjectPublicKeyInfo } = issuer.certificate;
  if (digest === undefined || Buffer.compare(id.serialNumber, certificate.serialNumber) !== 0) return false;
  const bits = ifReadable(() => readSubjectPublicKeyInfo(subjectPublicKeyInfo).bits);
  const isHash = (octets: Uint8Array, expected: Uint8Array): boolean =>
    Buffer.compare(hash(digest, octets, 'buffer'), expected) === 0;
  return (
    bits !== undefined &&
    isHash(bits, id.issuerKeyHash) &&
    (isHash(certificate.issuer, id.issuerNameHash) || isHash(subject, id.issuerNameHash))
  );
}

async function faultOf(
  context: OcspContext,
  response: OcspResponse,
  status: SingleStatus,
  issuer: Member,
): Promise<string | undefined> {
  if (response.isCritical || status.isCritical) return 'has a critical extension (RFC 6960 §4.4)';
  const stale = currencyFault(status, context.request.time);
  if (stale !== undefined) return stale;
  let problem = 'has an invalid signature';
  for (const signer of [issuer, ...response.certificates]) {
    const { is } = await context.signatures.verify(response.signed, signer.certificate.subjectPublicKeyInfo);
    if (is !== 'valid') continue;
    const fault = signer === issuer ? undefined : await responderFault(context, signer, issuer);
    if (fault === undefined) return undefined;
    problem = fault;
  }
  return problem;
}

/** RFC 6960 §4.2.2.2: a responder is authorized by a certificate of the CA itself for id-kp-OCSPSigning. */
async function responderFault(
  context: OcspContext,
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
  if (facts.keyUsage?.includes('digitalSignature') === false)
    return 'is signed by a certificate whose keyUsage is without digitalSignature';
  if (!isValidAt(responder, context.request.time)) return 'is signed by a certificate that is not valid';
  const needsNoCheck = certificate.extensions.some(({ oid }) => oid === extensionOid.ocspNoCheck);
  return !needsNoCheck && (await context.isRevoked(responder))
    ? 'is signed by a certificate that is revoked'
    : undefined;
}
