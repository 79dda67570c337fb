/** Identifies DER by its structure. */

import { ifReadable } from '../base/errors.ts';
import { decodeOid, elementAt, type DerElement } from '../formats/der/reader.ts';
import { TAG } from '../formats/der/writer.ts';
import { childrenOf, structureLabel, tagsOf } from '../formats/identify.ts';
import { typeOfLabel } from './labels.ts';
import { isEncryptionOid } from './encryption.ts';
import type { PartType } from './part-types.ts';

/** Returns undefined for an unknown structure. `octets` must begin with one value; they need not be valid DER. */
export const typeOfStructure = (octets: Uint8Array): PartType | undefined =>
  ifReadable(() => typeOfElement(elementAt(octets, 0)));

function typeOfElement(element: DerElement): PartType | undefined {
  if (element.tag !== TAG.sequence) return undefined;
  const members = childrenOf(element);
  const own = SHAPES.find(({ shape, fits }) => shape.test(tagsOf(members)) && (fits?.(members) ?? true));
  if (own !== undefined) return own.type;
  const label = structureLabel(element);
  if (label === undefined || label === 'PKCS #12 file') return undefined;
  return label === 'ENCRYPTED PRIVATE KEY' && !isEncrypted(members) ? undefined : typeOfLabel(label);
}

interface Shape {
  readonly type: PartType;
  /** Tags of the members. */
  readonly shape: RegExp;
  readonly fits?: (members: readonly DerElement[]) => boolean;
}

const inside = (members: readonly DerElement[], index: number): string => {
  const member = members[index];
  return member === undefined ? '' : tagsOf(childrenOf(member));
};

/** Before those of `formats/identify.ts`, which know fewer structures. */
const SHAPES: readonly Shape[] = [
  // OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED, responseBytes [0] OPTIONAL } (RFC 6960 §4.2.1)
  { type: 'ocsp-response', shape: /^0a(?: a0)?$/ },
  // OCSPRequest ::= SEQUENCE { tbsRequest TBSRequest, optionalSignature [0] OPTIONAL } (RFC 6960 §4.1.1)
  { type: 'ocsp-request', shape: /^30(?: a0)?$/, fits: ([tbsRequest]) => isOcspRequest(tbsRequest) },
  // PFX ::= SEQUENCE { version INTEGER (3), authSafe ContentInfo, macData MacData OPTIONAL } (RFC 7292 §4)
  { type: 'pkcs12', shape: /^02 30(?: 30)?$/, fits: (members) => inside(members, 1) === '06 a0' },
  // TimeStampReq ::= SEQUENCE { version, messageImprint { hashAlgorithm, hashedMessage }, … } (RFC 3161 §2.4.1)
  { type: 'timestamp-request', shape: /^02 30/, fits: (members) => inside(members, 1) === '30 04' },
  // TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken ContentInfo OPTIONAL } (RFC 3161 §2.4.2)
  {
    type: 'timestamp-response',
    shape: /^30(?: 30)?$/,
    fits: (members) => inside(members, 0).startsWith('02') && /^(?:06 a0)?$/.test(inside(members, 1)),
  },
  // AttributeCertificateInfo: version, holder, issuer [0], signature, serial number, validity, attributes (RFC 5755 §4.1)
  {
    type: 'attribute-certificate',
    shape: /^30 30 03$/,
    fits: (members) => inside(members, 0).startsWith('02 30 a0 30 02 30 30'),
  },
];

/** TBSRequest ::= SEQUENCE { version [0], requestorName [1], requestList SEQUENCE OF { reqCert CertID, … }, … } */
function isOcspRequest(tbsRequest: DerElement | undefined): boolean {
  const list = tbsRequest && childrenOf(tbsRequest).find(({ tag }) => tag === TAG.sequence);
  const [request] = list === undefined ? [] : childrenOf(list);
  return request !== undefined && /^30 04 04 02$/.test(inside(childrenOf(request), 0));
}

/** A DigestInfo has the same members as an EncryptedPrivateKeyInfo. */
function isEncrypted([algorithm]: readonly DerElement[]): boolean {
  const [oid] = algorithm === undefined ? [] : childrenOf(algorithm);
  return oid?.tag === TAG.objectIdentifier && isEncryptionOid(decodeOid(oid.contents));
}
