/** Facts of OCSP requests and responses (RFC 6960 §4). */

import type { Der } from '../../formats/der/header.ts';
import { readDer } from '../../formats/der/lenient.ts';
import { checkDer } from '../../formats/der/strict.ts';
import { openSequence, type StructureReader } from '../../formats/der/structure-reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { describeAlgorithm } from '../../formats/describe-algorithm.ts';
import { formatSerialNumber } from '../../x509/serial-number.ts';
import { firstLines, type Describe, type Facts } from './facts.ts';

const VERSION = 0xa0;
const REQUESTOR = 0xa1;
const BYTES = 0xa0;
const NEXT_UPDATE = 0xa0;

const open = (name: string, der: Der): StructureReader =>
  openSequence(der, { name, code: 'invalid-encoding' });

/** CertID ::= SEQUENCE { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber INTEGER } */
function serialOf(reader: StructureReader): string {
  reader.element('hashAlgorithm', TAG.sequence);
  reader.octetString('issuerNameHash');
  reader.octetString('issuerKeyHash');
  return formatSerialNumber(reader.integer('serialNumber').subarray(0, MAX_SERIAL));
}

/** In octets; RFC 5280 §4.1.2.2 allows 20. */
const MAX_SERIAL = 64;

export const describeOcspRequest: Describe = (octets, { reading }) => {
  const reader = open('OCSPRequest', readDer(octets, { reading, subject: 'The OCSP request' }).der);
  const tbs = reader.structure('tbsRequest');
  tbs.optionalElement('version', VERSION);
  tbs.optionalElement('requestorName', REQUESTOR);
  const list = tbs.structure('requestList');
  const serials: string[] = [];
  while (list.hasMore) serials.push(serialOf(list.structure('Request').structure('reqCert')));
  return { contents: firstLines(serials.map((serial) => `serial number ${serial}`)) };
};

/** OCSPResponseStatus, in the order of its numbers; 4 is not used. */
const STATUSES = [
  'successful',
  'malformedRequest',
  'internalError',
  'tryLater',
  '4',
  'sigRequired',
  'unauthorized',
];

export const describeOcspResponse: Describe = (octets, { reading }) => {
  const reader = open('OCSPResponse', readDer(octets, { reading, subject: 'The OCSP response' }).der);
  const { contents } = reader.element('responseStatus', TAG.enumerated);
  const status = STATUSES[contents[0] ?? STATUSES.length] ?? 'an unknown status';
  if (!reader.hasMore) return { contents: [status] };
  const bytes = reader.structure('responseBytes', BYTES).structure('ResponseBytes');
  bytes.oid('responseType');
  const basic = checkDer(bytes.octetString('response'), { subject: 'The BasicOCSPResponse' });
  const { contents: lines = [], ...facts } = describeBasic(open('BasicOCSPResponse', basic));
  return { ...facts, contents: [status, ...lines] };
};

/** BasicOCSPResponse ::= SEQUENCE { tbsResponseData, signatureAlgorithm, signature, certs [0] OPTIONAL } */
function describeBasic(reader: StructureReader): Facts {
  const tbs = reader.structure('tbsResponseData');
  const signatureAlgorithm = describeAlgorithm(
    reader.element('signatureAlgorithm', TAG.sequence).encoding,
  ).name;
  tbs.optionalElement('version', VERSION);
  tbs.element('responderID');
  tbs.time('producedAt');
  const list = tbs.structure('responses');
  const lines: string[] = [];
  let updates: Pick<Facts, 'thisUpdate' | 'nextUpdate'> = {};
  while (list.hasMore) {
    const single = list.structure('SingleResponse');
    const serial = serialOf(single.structure('certID'));
    lines.push(
      `serial number ${serial}: ${CERTIFICATE_STATUS.get(single.element('certStatus').tag) ?? 'unknown'}`,
    );
    updates = { thisUpdate: single.time('thisUpdate') };
    const next = single.optionalStructure('nextUpdate', NEXT_UPDATE);
    if (next !== undefined) updates = { ...updates, nextUpdate: next.time('nextUpdate') };
  }
  return { signatureAlgorithm, ...updates, contents: firstLines(lines) };
}

/** CertStatus ::= CHOICE { good [0] IMPLICIT NULL, revoked [1] IMPLICIT RevokedInfo, unknown [2] IMPLICIT UnknownInfo } */
const CERTIFICATE_STATUS: ReadonlyMap<number, string> = new Map([
  [0x80, 'good'],
  [0xa1, 'revoked'],
  [0x82, 'unknown'],
]);
