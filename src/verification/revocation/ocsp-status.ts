/** The status of a certificate by OCSP responses (RFC 6960 §3.2). */

import { hash } from 'node:crypto';
import { rfc3339 } from '../../base/clock.ts';
import { readSubjectPublicKeyInfo } from '../../formats/subject-public-key-info.ts';
import { ifReadable } from '../../base/errors.ts';
import { crlReasonName } from '../../x509/extensions/crl-extensions.ts';
import { CERT_ID_DIGESTS, type CertIdDigest } from '../../x509/ocsp/cert-id.ts';
import type { Member } from '../member.ts';
import type { VerificationRequest } from '../request.ts';
import type { OcspResponse, SingleStatus } from './ocsp-response.ts';
import { isResponder, signerFault, type SignerContext } from './ocsp-signer.ts';
import { currencyFault, type RevocationStatus } from './status.ts';

export interface OcspContext extends SignerContext {
  readonly request: Pick<VerificationRequest, 'responses' | 'time'>;
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
  const fault =
    response.fault ??
    status.fault ??
    currencyFault(status, context.request.time) ??
    ageFault(status, context.request.time);
  if (fault !== undefined) return fault;
  const signers = [issuer, ...response.certificates].filter((signer) => isResponder(signer, response));
  let problem =
    signers.length === 0
      ? 'has a responderID that is neither the issuer nor a certificate of the response (RFC 6960 §4.2.2.3)'
      : 'has an invalid signature';
  for (const signer of signers) {
    const { is } = await context.signatures.verify(response.signed, signer.certificate.subjectPublicKeyInfo);
    if (is !== 'valid') continue;
    const found = await signerFault(context, signer, issuer);
    if (found === undefined) return undefined;
    problem = found;
  }
  return problem;
}
