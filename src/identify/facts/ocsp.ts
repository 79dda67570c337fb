/** Facts of OCSP requests and responses (RFC 6960 §4). */

import type { Der } from '../../formats/der/header.ts';
import { readDer } from '../../formats/der/lenient.ts';
import { checkDer } from '../../formats/der/strict.ts';
import { openSequence, type StructureReader } from '../../formats/der/structure-reader.ts';
import { decodeTime } from '../../formats/der/time.ts';
import { TAG } from '../../formats/der/writer.ts';
import { describeAlgorithm } from '../../formats/describe-algorithm.ts';
import type { CertId } from '../../x509/ocsp/cert-id.ts';
import { readOcspRequest } from '../../x509/ocsp/request.ts';
import {
  readResponseData,
  type EncodedTime,
  type ReadSingleResponse,
} from '../../x509/ocsp/response-data.ts';
import { formatSerialNumber } from '../../x509/serial-number.ts';
import { firstLines, type Describe, type Facts } from './facts.ts';

const BYTES = 0xa0;

const open = (name: string, der: Der): StructureReader =>
  openSequence(der, { name, code: 'invalid-encoding' });

export const describeOcspRequest: Describe = (octets, { reading }) => ({
  contents: firstLines(readOcspRequest(octets, reading).certIds.map(serialLine)),
});

const serialLine = ({ serialNumber }: CertId): string => `serial number ${formatSerialNumber(serialNumber)}`;

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
  const { responses } = readResponseData(reader.element('tbsResponseData', TAG.sequence).encoding);
  const last = responses.at(-1);
  return {
    signatureAlgorithm: describeAlgorithm(reader.element('signatureAlgorithm', TAG.sequence).encoding).name,
    ...(last && {
      thisUpdate: dateOf(last.thisUpdate),
      nextUpdate: last.nextUpdate && dateOf(last.nextUpdate),
    }),
    contents: firstLines(responses.map(responseLine)),
  };
}

const dateOf = ({ tag, contents }: EncodedTime): Date => decodeTime(tag, contents) ?? new Date(NaN);

const responseLine = ({ certId, statusTag }: ReadSingleResponse): string =>
  `${serialLine(certId)}: ${CERTIFICATE_STATUS.get(statusTag) ?? 'unknown'}`;

/** CertStatus ::= CHOICE { good [0] IMPLICIT NULL, revoked [1] IMPLICIT RevokedInfo, unknown [2] IMPLICIT UnknownInfo } */
const CERTIFICATE_STATUS: ReadonlyMap<number, string> = new Map([
  [0x80, 'good'],
  [0xa1, 'revoked'],
]);
