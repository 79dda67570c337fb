/** What a certificate and its chain need where they are transported, and the limits of programs that they exceed. */

import { ML_DSA, ML_DSA_PARAMETER_SETS } from '../algorithms/ml-dsa/parameter-sets.ts';
import { base64Length, LINE_LENGTH } from '../formats/base64.ts';

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

/** Lengths of parts of the first certificate, in octets. */
export interface PartSizes {
  /** TBSCertificate. */
  readonly signedPart: number;
  /** The key without its SubjectPublicKeyInfo: a TLS server signs with it. */
  readonly publicKey: number;
}

/** `count` is the number of certificates in the chain. */
export function sizeWarnings(
  { signedPart, publicKey }: PartSizes,
  { chain: length, urlEncodedPem }: TransportSizes,
  count: number,
): SizeWarning[] {
  const sizes: Readonly<Record<SizeWarningCode, number>> = {
    'kms-raw-message': signedPart,
    'proxy-header-buffer': urlEncodedPem,
    'node-header': urlEncodedPem,
    'tls-record': length + count * ENTRY_OCTETS,
    'tls-flight': length + count * ENTRY_OCTETS + handshakeSignature(publicKey),
  };
  return (Object.keys(SIZE_LIMITS) as SizeWarningCode[])
    .filter((code) => sizes[code] > SIZE_LIMITS[code].limit)
    .map((code) => ({ code, ...SIZE_LIMITS[code], size: sizes[code] }));
}

/** CertificateEntry (RFC 8446 §4.4.2): the length of the certificate and that of its extensions. */
const ENTRY_OCTETS = 5;

/** The longest signature of a classical key of this service: RSA of 8,192 bits. */
const CLASSICAL_SIGNATURE = 1024;

function handshakeSignature(publicKey: number): number {
  const parameterSet = ML_DSA_PARAMETER_SETS.find((name) => ML_DSA[name].publicKeyLength === publicKey);
  return parameterSet === undefined ? CLASSICAL_SIGNATURE : ML_DSA[parameterSet].signatureLength;
}
