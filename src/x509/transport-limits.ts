/** What a certificate and its chain need where they are transported, and the limits of programs that they exceed. */

import { ML_DSA } from '../algorithms/ml-dsa/parameter-sets.ts';
import { SLH_DSA } from '../algorithms/slh-dsa/parameter-sets.ts';
import { ifReadable } from '../base/errors.ts';
import { readAlgorithmIdentifier } from '../formats/algorithm-identifier.ts';
import { base64Length, LINE_LENGTH } from '../formats/base64.ts';
import { elementAt, membersOf, type DerElement } from '../formats/der/reader.ts';
import { TAG } from '../formats/der/writer.ts';
import { LENIENT } from '../formats/reading.ts';
import { readSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';

/** In octets. */
export interface TransportSizes {
  /** The DER of all certificates. */
  readonly chain: number;
  /** The PEM text of the certificate, percent-encoded (RFC 3986 §2.1), as proxies send it in a header field. */
  readonly urlEncodedPem: number;
}

export interface SizeWarning {
  readonly code: SizeWarningCode;
  /** What exceeds the limit, and the setting to raise: a whole sentence. */
  readonly message: string;
  readonly size: number;
  readonly limit: number;
}

interface Limit {
  readonly limit: number;
  readonly message: string;
}

/** Ten segments of 1,460 octets (RFC 6928 §2). */
const INITIAL_WINDOW = 14_600;

export const SIZE_LIMITS = Object.freeze({
  'kms-raw-message': {
    limit: 4096,
    message:
      'The signed part is longer than AWS KMS signs as a raw message; a CA whose key is there needs MessageType EXTERNAL_MU or DIGEST',
  },
  'proxy-header-buffer': {
    limit: 8192,
    message:
      'The percent-encoded certificate does not fit into the header buffer of a proxy; raise large_client_header_buffers (nginx), tune.bufsize (HAProxy) or LimitRequestFieldSize (Apache)',
  },
  'node-header': {
    limit: 16_384,
    message:
      'The percent-encoded certificate does not fit into the header fields that Node.js reads; raise --max-http-header-size',
  },
  'tls-record': {
    limit: 16_384,
    message:
      'The certificates do not fit into one TLS record; a client with a limit of one record needs a larger buffer, such as MBEDTLS_SSL_IN_CONTENT_LEN of Mbed TLS',
  },
  'tls-flight': {
    limit: INITIAL_WINDOW,
    message:
      'The certificates and the signature of a TLS server do not fit into the first ten TCP segments, so a handshake takes one more round trip; raise initcwnd ("ip route change … initcwnd 20")',
  },
} as const satisfies Record<string, Limit>);

export type SizeWarningCode = keyof typeof SIZE_LIMITS;

/** `chain` is the certificate and those above it, DER. */
export const transportSizes = (chain: readonly [Uint8Array, ...Uint8Array[]]): TransportSizes => ({
  chain: chain.reduce((sum, { length }) => sum + length, 0),
  urlEncodedPem: urlEncodedLength(chain[0]),
});

/** The lines with BEGIN and END: 54 characters. Four of them are spaces or line feeds. */
const BOUNDARIES = 54 + 2 * 4;

/** For every 12 bits, how many of their two characters are + (62) or / (63). */
const ESCAPED = Uint8Array.from(
  { length: 4096 },
  (_, bits) => Number(bits >> 6 > 61) + Number((bits & 63) > 61),
);

/** Each +, /, = and line feed becomes three characters. */
function urlEncodedLength(der: Uint8Array): number {
  const length = base64Length(der.length);
  // The padding
  let escaped = (3 - (der.length % 3)) % 3;
  for (let at = 0; at < der.length; at += 3) {
    const bits = ((der[at] ?? 0) << 16) | ((der[at + 1] ?? 0) << 8) | (der[at + 2] ?? 0);
    escaped += (ESCAPED[bits >> 12] ?? 0) + (ESCAPED[bits & 0xfff] ?? 0);
  }
  return BOUNDARIES + length + 2 * escaped + 3 * Math.ceil(length / LINE_LENGTH);
}

/** Of the first certificate. */
export interface Parts {
  /** Length of the TBSCertificate, in octets. */
  readonly signedPart: number;
  /** Of the key that a TLS server signs with: a dotted OID; undefined when it cannot be read. */
  readonly keyAlgorithm: string | undefined;
}

/** `certificate` is DER. */
export function partsOf(certificate: Uint8Array): Parts {
  const tbs = elementAt(elementAt(certificate, 0).contents, 0);
  return { signedPart: tbs.encoding.length, keyAlgorithm: ifReadable(() => keyAlgorithmOf(tbs)) };
}

function keyAlgorithmOf(tbs: DerElement): string | undefined {
  const members = [...membersOf(tbs)];
  // Without a version in version 1
  const key = members[members[0]?.tag === TAG.integer ? V1_KEY : V1_KEY + 1];
  return key && readAlgorithmIdentifier(readSubjectPublicKeyInfo(key.encoding, LENIENT).algorithm).oid;
}

/** The place of subjectPublicKeyInfo in a TBSCertificate of version 1. */
const V1_KEY = 5;

/** `count` is the number of certificates in the chain. */
export function sizeWarnings(
  { signedPart, keyAlgorithm }: Parts,
  { chain: length, urlEncodedPem }: TransportSizes,
  count: number,
): SizeWarning[] {
  const sizes: Readonly<Record<SizeWarningCode, number>> = {
    'kms-raw-message': signedPart,
    'proxy-header-buffer': urlEncodedPem,
    'node-header': urlEncodedPem,
    'tls-record': length + count * ENTRY_OCTETS,
    'tls-flight': length + count * ENTRY_OCTETS + handshakeSignature(keyAlgorithm),
  };
  return (Object.keys(SIZE_LIMITS) as SizeWarningCode[])
    .filter((code) => sizes[code] > SIZE_LIMITS[code].limit)
    .map((code) => ({ code, ...SIZE_LIMITS[code], size: sizes[code] }));
}

/** CertificateEntry (RFC 8446 §4.4.2): the length of the certificate and that of its extensions. */
const ENTRY_OCTETS = 5;

/** The longest signature of a classical key of this service: RSA of 8,192 bits. */
const CLASSICAL_SIGNATURE = 1024;

const POST_QUANTUM = [...Object.values(ML_DSA), ...Object.values(SLH_DSA)];

const handshakeSignature = (keyAlgorithm: string | undefined): number =>
  POST_QUANTUM.find(({ oid }) => oid === keyAlgorithm)?.signatureLength ?? CLASSICAL_SIGNATURE;
