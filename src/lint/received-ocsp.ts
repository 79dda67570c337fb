/** Reads OCSP responses of any responder (RFC 6960 §4.2.1), to lint them. */

import type { Der } from '../formats/der/header.ts';
import { readDer } from '../formats/der/lenient.ts';
import { elementOf, membersOf, type DerElement } from '../formats/der/reader.ts';
import { checkDer } from '../formats/der/strict.ts';
import { openSequence, type StructureReader } from '../formats/der/structure-reader.ts';
import { TAG } from '../formats/der/writer.ts';
import { LENIENT, type NotedReading } from '../formats/reading.ts';
import { ocspOid } from '../formats/oids.ts';
import { ifReadable } from '../base/errors.ts';
import { readReceivedCertificate, type Certificate } from '../x509/certificate.ts';
import { ocspView, type OcspView } from './ocsp-view.ts';

/** What is outside of the signed part. */
export interface OcspEnvelope {
  /** OCSPResponseStatus. */
  readonly status: number;
  readonly hasBytes: boolean;
  /** Undefined unless the type of the response is basic. */
  readonly basic: OcspView | undefined;
}

const BYTES = 0xa0;
const CERTIFICATES = 0xa0;

const open = (name: string, der: Der): StructureReader =>
  openSequence(der, { name, code: 'invalid-encoding' });

/** Throws PkiError. */
export function readOcspResponse(octets: Uint8Array, reading: NotedReading): OcspEnvelope {
  const { der } = readDer(octets, { subject: 'The OCSP response', reading });
  const reader = open('OCSPResponse', der);
  const status = reader.element('responseStatus', TAG.enumerated).contents[0] ?? 0;
  const bytes = reader.optionalStructure('responseBytes', BYTES)?.structure('ResponseBytes');
  reader.end();
  if (bytes === undefined) return { status, hasBytes: false, basic: undefined };
  const isBasic = bytes.oid('responseType') === ocspOid['id-pkix-ocsp-basic'];
  const response = bytes.octetString('response');
  return { status, hasBytes: true, basic: isBasic ? readBasic(response, reading) : undefined };
}

/** BasicOCSPResponse ::= SEQUENCE { tbsResponseData, signatureAlgorithm, signature, certs [0] OPTIONAL } */
function readBasic(octets: Uint8Array, { notes }: NotedReading): OcspView {
  const basic = checkDer(octets, { subject: 'The BasicOCSPResponse' });
  const reader = open('BasicOCSPResponse', basic);
  const data = reader.element('tbsResponseData', TAG.sequence).encoding;
  const signatureAlgorithm = reader.element('signatureAlgorithm', TAG.sequence).encoding;
  const signatureBits = reader.bitString('signature');
  const list = reader.optionalElement('certs', CERTIFICATES);
  reader.end();
  return ocspView(data, { signatureAlgorithm, signatureBits, notes, certificates: certificatesOf(list) });
}

/** More certificates are not read: the one of the responder is the first. */
const MAX_CERTIFICATES = 10;

function certificatesOf(list: DerElement | undefined): readonly Certificate[] {
  const [sequence] = list === undefined ? [] : membersOf(list);
  const members = sequence === undefined ? [] : [...membersOf(elementOf(sequence.encoding))];
  return members
    .slice(0, MAX_CERTIFICATES)
    .flatMap(
      ({ encoding }) =>
        ifReadable(() => readReceivedCertificate({ received: encoding, der: encoding }, LENIENT)) ?? [],
    );
}
