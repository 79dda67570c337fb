/** An OCSP response as evidence (RFC 6960 §4.2.1; the ASN.1 is in `x509/ocsp/response-writer.ts`). */

import { ifReadable } from '../../base/errors.ts';
import { readDer } from '../../formats/der/lenient.ts';
import { openSequence, type StructureReader } from '../../formats/der/structure-reader.ts';
import { decodeTime } from '../../formats/der/time.ts';
import { TAG } from '../../formats/der/writer.ts';
import type { Der } from '../../formats/der/header.ts';
import { ocspOid } from '../../formats/oids.ts';
import { UNNOTED } from '../../formats/reading.ts';
import { readReceivedCertificate } from '../../x509/certificate.ts';
import type { CertId } from '../../x509/ocsp/cert-id.ts';
import {
  BY_KEY,
  readResponseData,
  type EncodedTime,
  type ReadSingleResponse,
  type ResponseData,
} from '../../x509/ocsp/response-data.ts';
import { memberOf, type Member } from '../member.ts';
import type { SignedData } from '../signatures.ts';
import type { Currency } from './status.ts';

export interface SingleStatus extends Currency {
  readonly certId: CertId;
  readonly is: 'good' | 'revoked' | 'unknown';
  readonly revokedAt: Date;
  /** A CRLReason; undefined when absent. */
  readonly reason: number | undefined;
  /** Why it must not be used. */
  readonly fault: string | undefined;
}

/** ResponderID: the name of the responder, DER, or the SHA-1 of its key. */
export type ResponderId = { readonly name: Der } | { readonly keyHash: Uint8Array };

export interface OcspResponse {
  /** Among the responses of the request, from 0. */
  readonly index: number;
  readonly signed: SignedData;
  readonly statuses: readonly SingleStatus[];
  readonly responder: ResponderId;
  /** Why it must not be used. */
  readonly fault: string | undefined;
  /** Those that the responder sent. */
  readonly certificates: readonly Member[];
}

const context = (name: string) => ({ name, code: 'invalid-der', reading: UNNOTED }) as const;

/** Certificates of a response that are read. */
const MAX_CERTIFICATES = 8;

const ERRORS = ['', 'malformedRequest', 'internalError', 'tryLater', '', 'sigRequired', 'unauthorized'];

/** Throws PkiError invalid-der, also for a response that is an error. */
export function readOcspResponse(octets: Uint8Array, index: number): OcspResponse {
  const { der } = readDer(octets, { subject: 'The OCSP response', reading: UNNOTED });
  const reader = openSequence(der, context('OCSPResponse'));
  const status = reader.element('responseStatus', TAG.enumerated).contents[0] ?? 0;
  if (status !== 0)
    throw reader.fault(
      'responseStatus',
      `is ${ERRORS[status] || status}: the response says nothing about a certificate`,
    );
  const explicit = reader.structure('responseBytes', 0xa0);
  reader.end();
  const bytes = explicit.structure('ResponseBytes');
  if (bytes.oid('responseType') !== ocspOid['id-pkix-ocsp-basic'])
    throw bytes.fault('responseType', 'must be id-pkix-ocsp-basic');
  return readBasicResponse(bytes.octetString('response'), index);
}

function readBasicResponse(octets: Uint8Array, index: number): OcspResponse {
  const { der } = readDer(octets, { subject: 'The BasicOCSPResponse', reading: UNNOTED });
  const reader = openSequence(der, context('BasicOCSPResponse'));
  const tbs = reader.element('tbsResponseData', TAG.sequence).encoding;
  const signatureAlgorithm = reader.element('signatureAlgorithm', TAG.sequence).encoding;
  const signature = reader.bitString('signature');
  const explicit = reader.optionalStructure('certs', 0xa0);
  reader.end();
  const data = readResponseData(tbs);
  return {
    index,
    // The structure has the algorithm only once
    signed: { tbs, signatureAlgorithm, outerSignatureAlgorithm: signatureAlgorithm, signature },
    statuses: data.responses.map(statusOf),
    responder: responderOf(data),
    fault: versionFault(data) ?? extensionFault(data),
    certificates: explicit ? readCertificates(explicit.structure('certs')) : [],
  };
}

const responderOf = ({ responderTag, responder }: ResponseData): ResponderId =>
  responderTag === BY_KEY ? { keyHash: responder.contents } : { name: responder.encoding };

/** RFC 6960 §4.2.1: there is no version but v1. */
const versionFault = ({ version }: ResponseData): string | undefined =>
  version === undefined || Buffer.compare(version, V1) === 0
    ? undefined
    : 'has an unknown version (RFC 6960 §4.2.1)';

const V1 = Uint8Array.of(0);

/** None is processed. */
const extensionFault = ({ extensions }: Pick<ResponseData, 'extensions'>): string | undefined =>
  extensions.some(({ critical }) => critical) ? 'has a critical extension (RFC 6960 §4.4)' : undefined;

function readCertificates(list: StructureReader): readonly Member[] {
  const members: Member[] = [];
  while (list.hasMore && members.length < MAX_CERTIFICATES) {
    const { encoding } = list.element('Certificate', TAG.sequence);
    const certificate = ifReadable(() =>
      readReceivedCertificate({ received: encoding, der: encoding }, UNNOTED),
    );
    const position = { source: 'ocsp_responses', index: members.length, notes: [] } as const;
    if (certificate !== undefined) members.push(memberOf(certificate, position));
  }
  return members;
}

const STATUS: Readonly<Record<number, SingleStatus['is']>> = { 0x80: 'good', 0xa1: 'revoked' };

const statusOf = (response: ReadSingleResponse): SingleStatus => ({
  certId: response.certId,
  is: STATUS[response.statusTag] ?? 'unknown',
  revokedAt: dateOf(response.revocationTime),
  reason: response.revocationReason,
  thisUpdate: dateOf(response.thisUpdate),
  nextUpdate: response.nextUpdate && dateOf(response.nextUpdate),
  fault: extensionFault(response),
});

const dateOf = (time: EncodedTime | undefined): Date =>
  (time && decodeTime(time.tag, time.contents)) ?? new Date(NaN);
