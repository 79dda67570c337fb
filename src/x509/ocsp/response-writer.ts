/**
 * OCSPResponse ::= SEQUENCE {
 *      responseStatus         OCSPResponseStatus,
 *      responseBytes          [0] EXPLICIT ResponseBytes OPTIONAL }
 *
 * ResponseBytes ::=       SEQUENCE {
 *      responseType   OBJECT IDENTIFIER,
 *      response       OCTET STRING }
 *
 * BasicOCSPResponse       ::= SEQUENCE {
 *      tbsResponseData      ResponseData,
 *      signatureAlgorithm   AlgorithmIdentifier,
 *      signature            BIT STRING,
 *      certs            [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL }
 *
 * ResponseData ::= SEQUENCE {
 *      version              [0] EXPLICIT Version DEFAULT v1,
 *      responderID              ResponderID,                       -- byKey [2] KeyHash
 *      producedAt               GeneralizedTime,
 *      responses                SEQUENCE OF SingleResponse,
 *      responseExtensions   [1] EXPLICIT Extensions OPTIONAL }
 *
 * SingleResponse ::= SEQUENCE {
 *      certID                       CertID,
 *      certStatus                   CertStatus,
 *      thisUpdate                   GeneralizedTime,
 *      nextUpdate         [0]       EXPLICIT GeneralizedTime OPTIONAL,
 *      singleExtensions   [1]       EXPLICIT Extensions OPTIONAL }
 *
 * CertStatus ::= CHOICE {
 *      good        [0]     IMPLICIT NULL,
 *      revoked     [1]     IMPLICIT RevokedInfo,
 *      unknown     [2]     IMPLICIT UnknownInfo }                  -- NULL
 *
 * RevokedInfo ::= SEQUENCE {
 *      revocationTime              GeneralizedTime,
 *      revocationReason    [0]     EXPLICIT CRLReason OPTIONAL }   -- RFC 6960 §4.2.1
 */

import { hash } from 'node:crypto';
import type { Der } from '../../formats/der/header.ts';
import { elementOf } from '../../formats/der/reader.ts';
import {
  contextConstructed,
  contextPrimitive,
  enumerated,
  generalizedTime,
  objectIdentifier,
  octetString,
  sequence,
} from '../../formats/der/writer.ts';
import { ocspOid } from '../../formats/oids.ts';
import { encodeExtension } from '../extensions/extension.ts';

export type CertStatus =
  | { readonly is: 'good' | 'unknown' }
  /** `reason` is a CRLReason (RFC 5280 §5.3.1); 0, unspecified, is not written. */
  | { readonly is: 'revoked'; readonly at: Date; readonly reason: number };

export interface SingleResponse {
  /** CertID, DER. */
  readonly certId: Uint8Array;
  readonly status: CertStatus;
}

export interface ResponseContent {
  /** The bits of the key that signs. */
  readonly signerKeyBits: Uint8Array;
  /** `producedAt` too. In whole seconds, as is `nextUpdate`. */
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly responses: readonly SingleResponse[];
  /** The value of the extension of the request, DER. */
  readonly nonce?: Der | undefined;
}

/** Returns ResponseData, DER. */
export const encodeResponseData = (content: ResponseContent): Uint8Array =>
  sequence(
    contextConstructed(2, octetString(responderKeyHash(content.signerKeyBits))),
    generalizedTime(content.thisUpdate),
    sequence(...content.responses.map((response) => encodeSingleResponse(response, content))),
    ...(content.nonce === undefined ? [] : [encodeNonce(content.nonce)]),
  );

/** KeyHash: the SHA-1 of the key bits without tag, length and unused bits (RFC 6960 §4.2.1). */
export const responderKeyHash = (keyBits: Uint8Array): Uint8Array => hash('sha1', keyBits, 'buffer');

const encodeSingleResponse = (
  { certId, status }: SingleResponse,
  { thisUpdate, nextUpdate }: ResponseContent,
): Der =>
  sequence(
    certId,
    encodeStatus(status),
    generalizedTime(thisUpdate),
    contextConstructed(0, generalizedTime(nextUpdate)),
  );

const NOTHING = new Uint8Array();
const GOOD = contextPrimitive(0, NOTHING);
const UNKNOWN = contextPrimitive(2, NOTHING);

function encodeStatus(status: CertStatus): Der {
  if (status.is !== 'revoked') return status.is === 'good' ? GOOD : UNKNOWN;
  const reason = status.reason === 0 ? [] : [contextConstructed(0, enumerated(status.reason))];
  return contextConstructed(1, generalizedTime(status.at), ...reason);
}

const encodeNonce = (value: Der): Der =>
  contextConstructed(
    1,
    sequence(encodeExtension({ oid: ocspOid['id-pkix-ocsp-nonce'], critical: false, value })),
  );

const BASIC = objectIdentifier(ocspOid['id-pkix-ocsp-basic']);

/** `signed` is the SIGNED ResponseData; `certificates` are DER. Returns a successful OCSPResponse. */
export function encodeOcspResponse(signed: Der, certificates: readonly Uint8Array[]): Uint8Array {
  const { contents } = elementOf(signed);
  const certs = certificates.length === 0 ? [] : [contextConstructed(0, sequence(...certificates))];
  return sequence(
    enumerated(0),
    contextConstructed(0, sequence(BASIC, octetString(sequence(contents, ...certs)))),
  );
}

/** OCSPResponseStatus without a signature (RFC 6960 §2.3, §4.2.1). No signature of the client is required (5). */
const ERROR_STATUSES = Object.freeze({ malformedRequest: 1, internalError: 2, tryLater: 3, unauthorized: 6 });

export type OcspErrorStatus = keyof typeof ERROR_STATUSES;
export const OCSP_ERROR_STATUSES = Object.freeze(Object.keys(ERROR_STATUSES) as OcspErrorStatus[]);

/** Returns an OCSPResponse without responseBytes. */
export const encodeOcspError = (status: OcspErrorStatus): Uint8Array =>
  sequence(enumerated(ERROR_STATUSES[status]));
