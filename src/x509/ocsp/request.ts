/**
 * OCSPRequest     ::=     SEQUENCE {
 *      tbsRequest                  TBSRequest,
 *      optionalSignature   [0]     EXPLICIT Signature OPTIONAL }
 *
 * TBSRequest      ::=     SEQUENCE {
 *      version             [0]     EXPLICIT Version DEFAULT v1,
 *      requestorName       [1]     EXPLICIT GeneralName OPTIONAL,
 *      requestList                 SEQUENCE OF Request,
 *      requestExtensions   [2]     EXPLICIT Extensions OPTIONAL }
 *
 * Request         ::=     SEQUENCE {
 *      reqCert                     CertID,
 *      singleRequestExtensions     [0] EXPLICIT Extensions OPTIONAL }      -- RFC 6960 §4.1.1
 *
 * What a certificate is said to be does not depend on who asks, so the name and the signature of the requestor are accepted
 * and ignored (RFC 6960 §4.1.2: the signature is optional). BER is read too.
 */

import { PkiError } from '../../base/errors.ts';
import { readDer } from '../../formats/der/lenient.ts';
import { elementOf } from '../../formats/der/reader.ts';
import type { Der } from '../../formats/der/header.ts';
import { openSequence, type StructureReader } from '../../formats/der/structure-reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { ocspOid } from '../../formats/oids.ts';
import { LENIENT, type Reading } from '../../formats/reading.ts';
import { extensionValue, readExtensions, type Extension } from '../extensions/extension.ts';
import { readCertId, type CertId } from './cert-id.ts';

export interface OcspRequest {
  /** One at least, at most 100. */
  readonly certIds: readonly CertId[];
  /** The value of the extension, an OCTET STRING of 1 to 128 octets, DER (RFC 9654 §2.1). */
  readonly nonce: Der | undefined;
}

/** Certificates in one request. */
const MAX_CERT_IDS = 100;
/** Nested ones included: a request of 100 certificates has 900. */
const MAX_VALUES = 2000;
/** RFC 9654 §2.1: a length beyond it, and 0, must be refused. */
export const MAX_NONCE_LENGTH = 128;

const context = (name: string) => ({ name, code: 'invalid-der', reading: LENIENT }) as const;

/**
 * Throws PkiError for a request that is malformed, or that has something critical that is unknown. `reading` notes BER.
 */
export function readOcspRequest(octets: Uint8Array, reading: Reading = LENIENT): OcspRequest {
  const { der } = readDer(octets, { subject: 'The OCSP request', reading, maxValues: MAX_VALUES });
  const reader = openSequence(der, context('OCSPRequest'));
  const tbs = reader.structure('tbsRequest');
  reader.optionalElement('optionalSignature', 0xa0);
  reader.end();
  return readTbs(tbs);
}

function readTbs(tbs: StructureReader): OcspRequest {
  requireVersion1(tbs);
  tbs.optionalElement('requestorName', 0xa1);
  const certIds = readRequests(tbs.structure('requestList'));
  const extensions = readOptionalExtensions(tbs, 'requestExtensions', 0xa2);
  tbs.end();
  return { certIds, nonce: readNonce(extensions) };
}

function requireVersion1(tbs: StructureReader): void {
  const version = tbs.optionalStructure('version', 0xa0);
  if (version === undefined) return;
  if (version.smallInteger('version') !== 0) throw tbs.fault('version', 'must be v1 (0)');
  version.end();
}

function readRequests(list: StructureReader): readonly CertId[] {
  const certIds: CertId[] = [];
  while (list.hasMore) {
    if (certIds.length === MAX_CERT_IDS)
      throw list.error(`An OCSP request must be about at most ${MAX_CERT_IDS} certificates`);
    certIds.push(readRequest(list.structure('Request')));
  }
  if (certIds.length === 0) throw list.fault('Request', 'is missing');
  return certIds;
}

function readRequest(request: StructureReader): CertId {
  const certId = readCertId(request, 'reqCert');
  readOptionalExtensions(request, 'singleRequestExtensions', 0xa0);
  request.end();
  return certId;
}

/** Throws PkiError for an unknown critical one (RFC 6960 §4.4). The nonce is the only one that is processed. */
function readOptionalExtensions(reader: StructureReader, member: string, tag: number): readonly Extension[] {
  const explicit = reader.optionalStructure(member, tag);
  if (explicit === undefined) return [];
  const extensions = readExtensions(explicit.structure('Extensions'), LENIENT);
  explicit.end();
  const unknown = extensions.find(({ critical, oid }) => critical && oid !== NONCE);
  if (unknown !== undefined) throw reader.fault(member, 'has a critical extension that is unknown');
  return extensions;
}

const NONCE = ocspOid['id-pkix-ocsp-nonce'];

/** Nonce ::= OCTET STRING (SIZE(1..128)) (RFC 9654 §2.1). */
function readNonce(extensions: readonly Extension[]): Der | undefined {
  const value = extensionValue(extensions, NONCE);
  if (value === undefined) return undefined;
  const { tag, contents } = elementOf(value);
  if (tag === TAG.octetString && contents.length > 0 && contents.length <= MAX_NONCE_LENGTH) return value;
  throw new PkiError('invalid-der', `The nonce must be an OCTET STRING of 1 to ${MAX_NONCE_LENGTH} octets`);
}
