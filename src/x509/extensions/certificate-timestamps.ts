import { hexadecimal } from '../../base/hexadecimal.ts';
import type { Der } from '../../formats/der/header.ts';
import { elementOf } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { invalidExtension } from './extension.ts';

const LENGTH_OCTETS = 2;
const LOG_ID_LENGTH = 32;
const TIMESTAMP_LENGTH = 8;
/** Version, log, timestamp and the length of the extensions. */
const HEADER_LENGTH = 1 + LOG_ID_LENGTH + TIMESTAMP_LENGTH + LENGTH_OCTETS;

/** TLS 1.2 SignatureAndHashAlgorithm: RFC 6962 §2.1.4 allows these two. */
const SIGNATURES: ReadonlyMap<number, string> = new Map([
  [0x0403, 'ecdsa-with-SHA256'],
  [0x0401, 'sha256WithRSAEncryption'],
]);

/**
 * SignedCertificateTimestampList ::= OCTET STRING that contains a list of SerializedSCT in the presentation language of TLS
 * (RFC 6962 §3.3). Returns a line for each timestamp.
 */
export function describeCertificateTimestamps(value: Der): string[] {
  const { tag, contents } = elementOf(value);
  if (tag !== TAG.octetString)
    throw invalidExtension('SignedCertificateTimestampList must be an OCTET STRING');
  const list = readVector(contents, 0);
  if (list.length + LENGTH_OCTETS !== contents.length) throw truncated();
  const lines: string[] = [];
  for (let offset = 0; offset < list.length;) {
    const timestamp = readVector(list, offset);
    lines.push(describeTimestamp(timestamp));
    offset += LENGTH_OCTETS + timestamp.length;
  }
  return lines;
}

/** Version, log identifier, milliseconds, extensions, algorithm and signature (RFC 6962 §3.2). */
function describeTimestamp(timestamp: Uint8Array): string {
  if (timestamp.length < HEADER_LENGTH) throw truncated();
  const view = new DataView(timestamp.buffer, timestamp.byteOffset, timestamp.length);
  const log = hexadecimal(timestamp.subarray(1, 1 + LOG_ID_LENGTH));
  const time = formatMilliseconds(view.getBigUint64(1 + LOG_ID_LENGTH));
  const extensions = readVector(timestamp, HEADER_LENGTH - LENGTH_OCTETS);
  const signatureStart = HEADER_LENGTH + extensions.length;
  if (signatureStart + LENGTH_OCTETS > timestamp.length) throw truncated();
  const algorithm = view.getUint16(signatureStart);
  return `v${(timestamp[0] ?? 0) + 1} log ${log} at ${time}, ${SIGNATURES.get(algorithm) ?? algorithm.toString(16)}`;
}

const MAX_DATE = 8_640_000_000_000_000n;

const formatMilliseconds = (milliseconds: bigint): string =>
  milliseconds > MAX_DATE ? `${milliseconds} ms` : new Date(Number(milliseconds)).toISOString();

/** `opaque vector<0..2^16-1>` at `offset`. */
function readVector(octets: Uint8Array, offset: number): Uint8Array {
  const start = offset + LENGTH_OCTETS;
  const length = ((octets[offset] ?? 0) << 8) | (octets[offset + 1] ?? 0);
  if (start + length > octets.length) throw truncated();
  return octets.subarray(start, start + length);
}

const truncated = () => invalidExtension('The SignedCertificateTimestampList has a wrong length');
