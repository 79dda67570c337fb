/** The status of a certificate by OCSP responses (RFC 6960 §3.2). */

import { hash } from 'node:crypto';
import { rfc3339 } from '../../base/clock.ts';
import { extendedKeyUsageOid, extensionOid } from '../../formats/oids.ts';
import { readSubjectPublicKeyInfo } from '../../formats/subject-public-key-info.ts';
import { ifReadable } from '../../base/errors.ts';
import { crlReasonName } from '../../x509/extensions/crl-extensions.ts';
import { CERT_ID_DIGESTS, type CertIdDigest } from '../../x509/ocsp/cert-id.ts';
import type { Member } from '../member.ts';
import { isValidAt } from '../paths.ts';
import type { VerificationRequest } from '../request.ts';
import { extensionFailures } from '../rules/certificates.ts';
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
  const found = context.request.responses.flatMap((response) =>
    statusesFor(response, member, issuer).map((status) => ({ response, status })),
  );
  for (const { index } of context.request.responses.filter((response) => hasOtherDigest(response, member))) {
    isAbout = true;
    problems.push(`The OCSP response ${index} names the certificate with a hash that is not supported`);
  }
  for (const { response, status } of found) {
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
function statusesFor(
  { statuses }: OcspResponse,
  { certificate }: Member,
  issuer: Member,
): readonly SingleStatus[] {
  const { subject, subjectPublicKeyInfo } = issuer.certificate;
  const ofSerial = statuses.filter(
    ({ certId }) => Buffer.compare(certId.serialNumber, certificate.serialNumber) === 0,
  );
  const bits = ifReadable(() => readSubjectPublicKeyInfo(subjectPublicKeyInfo).bits);
  if (bits === undefined) return [];
  const names = [certificate.issuer, subject];
  return CERT_ID_DIGEST_NAMES.flatMap((digest) => {
    const ofDigest = ofSerial.filter(({ certId }) => certId.digest === digest);
    if (ofDigest.length === 0) return [];
    const key = hash(digest, bits, 'hex');
    const hashes = new Set(names.map((name) => hash(digest, name, 'hex')));
    return ofDigest.filter(
      ({ certId }) => hex(certId.issuerKeyHash) === key && hashes.has(hex(certId.issuerNameHash)),
    );
  });
}

/** Such a response can be about the certificate, so it must not look as if there were none. */
const hasOtherDigest = ({ statuses }: OcspResponse, { certificate: { serialNumber } }: Member): boolean =>
  statuses.some(
    ({ certId }) => certId.digest === undefined && Buffer.compare(certId.serialNumber, serialNumber) === 0,
  );

const CERT_ID_DIGEST_NAMES = Object.keys(CERT_ID_DIGESTS) as readonly CertIdDigest[];

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

/** In milliseconds. */
const DAY = 86_400_000;

/** RFC 6960 §3.2 (5): without nextUpdate there is newer information at any time, so the status must be recent. */
const ageFault = ({ thisUpdate, nextUpdate }: SingleStatus, time: Date): string | undefined =>
  nextUpdate === undefined && time.getTime() - thisUpdate.getTime() > DAY
    ? `has no nextUpdate, and is older than a day: it is of ${rfc3339(thisUpdate)}`
    : undefined;

async function faultOf(
  context: OcspContext,
  response: OcspResponse,
  status: SingleStatus,
  issuer: Member,
): Promise<string | undefined> {
  if (response.isCritical || status.isCritical) return 'has a critical extension (RFC 6960 §4.4)';
  const stale = currencyFault(status, context.request.time) ?? ageFault(status, context.request.time);
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
  if (extensionFailures([responder]).length > 0)
    return 'is signed by a certificate with an extension that is not supported or invalid (RFC 5280 §6.1)';
  if (!isValidAt(responder, context.request.time)) return 'is signed by a certificate that is not valid';
  const needsNoCheck = certificate.extensions.some(({ oid }) => oid === extensionOid.ocspNoCheck);
  return !needsNoCheck && (await context.isRevoked(responder))
    ? 'is signed by a certificate that is revoked'
    : undefined;
}
