/** The certificate that a proxy forwards: as in RFC 9440, or as percent-encoded PEM, as nginx and Apache send it. */

import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { PkiError } from '../../src/base/errors.ts';
import { decodePublicBase64 } from '../../src/formats/base64.ts';
import { decodePem } from '../../src/formats/pem.ts';
import { expectKind } from '../../src/formats/identify.ts';
import { readCertificate, type Certificate } from '../../src/x509/certificate.ts';
import { ProblemError } from '../errors/problem.ts';

/** In characters: 1.5 times what an ML-DSA-87 certificate of an ML-DSA-87 CA needs in either form. */
const MAX_LENGTH = 16_384;

/** The same certificate twice: for validation here, and for handlers. */
export interface Forwarded {
  readonly certificate: Certificate;
  readonly x509: X509Certificate;
}

/** Returns undefined without the field. Throws ProblemError, which shows nothing of the field, if it is invalid. */
export function forwardedCertificate(message: IncomingMessage, field: string): Forwarded | undefined {
  const [value = '', ...others] = valuesOf(message, field);
  if (others.length > 0) throw malformed(`A request must have at most one ${field} header field`);
  // Proxies send an empty field for a client without a certificate.
  if (value === '') return undefined;
  if (value.length > MAX_LENGTH) throw malformed(`${field} must have at most ${MAX_LENGTH} characters`);
  try {
    const octets = field.toLowerCase() === 'client-cert' ? byteSequence(value) : escapedPem(value);
    const der = expectKind(octets, 'CERTIFICATE');
    return { certificate: readCertificate(der), x509: x509Of(der) };
  } catch (error) {
    if (error instanceof PkiError) throw malformed(`${field} is not a certificate: ${error.message}`);
    throw error;
  }
}

/** Node joins several fields with one name into one value. */
function valuesOf({ rawHeaders }: IncomingMessage, field: string): readonly string[] {
  const isValue = (_: string, i: number): boolean =>
    i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === field.toLowerCase();
  return rawHeaders.filter(isValue);
}

/** An Item that is a Byte Sequence (RFC 9651 §4.2.7) without parameters (RFC 9440 §2.2). */
function byteSequence(value: string): Uint8Array {
  const [, base64] = /^:([^:\s]+):$/.exec(value) ?? [];
  if (base64 === undefined)
    throw new PkiError('invalid-encoding', 'The value must be base64 between two colons (RFC 9440)');
  return decodePublicBase64(Buffer.from(base64), 'The text between the colons');
}

function escapedPem(value: string): Uint8Array {
  try {
    return decodePem(decodeURIComponent(value), 'CERTIFICATE');
  } catch (error) {
    if (error instanceof URIError)
      throw new PkiError('invalid-encoding', 'The value must be percent-encoded PEM');
    throw error;
  }
}

function x509Of(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch {
    throw new PkiError('invalid-certificate', 'OpenSSL cannot parse the certificate');
  }
}

const malformed = (detail: string): ProblemError => new ProblemError({ code: 'invalid-message', detail });
