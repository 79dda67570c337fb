/** The certificate that a proxy forwards: as RFC 9440 has it, or as percent-encoded PEM, which nginx and Apache write. */

import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { PkiError } from '../../src/base/errors.ts';
import { decodePublicBase64 } from '../../src/formats/base64.ts';
import { decodePem } from '../../src/formats/pem.ts';
import { expectKind } from '../../src/formats/identify.ts';
import { readCertificate, type Certificate } from '../../src/x509/certificate.ts';
import { ProblemError } from '../errors/problem.ts';

/** Characters: half more than an ML-DSA-87 certificate of an ML-DSA-87 CA needs in either form. */
const LONGEST = 16_384;

/** The same certificate twice: as it is judged, and as it is shown to others. */
export interface Forwarded {
  readonly certificate: Certificate;
  readonly x509: X509Certificate;
}

/** Undefined without the field. Throws ProblemError, which shows nothing of it, for a field that is not right. */
export function forwardedCertificate(message: IncomingMessage, field: string): Forwarded | undefined {
  const [value = '', ...others] = valuesOf(message, field);
  if (others.length > 0) throw malformed(`A request has one ${field} header field only`);
  // What a proxy makes of the certificate of a client without one.
  if (value === '') return undefined;
  if (value.length > LONGEST) throw malformed(`${field} must have at most ${LONGEST} characters`);
  try {
    const octets = field.toLowerCase() === 'client-cert' ? byteSequence(value) : escapedPem(value);
    const der = expectKind(octets, 'CERTIFICATE');
    return { certificate: readCertificate(der), x509: x509Of(der) };
  } catch (error) {
    if (error instanceof PkiError) throw malformed(`${field} holds no certificate: ${error.message}`);
    throw error;
  }
}

/** Node.js would join several to one. */
function valuesOf({ rawHeaders }: IncomingMessage, field: string): readonly string[] {
  const isValue = (_: string, i: number): boolean =>
    i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === field.toLowerCase();
  return rawHeaders.filter(isValue);
}

/** RFC 9440 §2.2: an Item of structured fields that is a Byte Sequence (RFC 9651 §4.2.7), without parameters. */
function byteSequence(value: string): Uint8Array {
  const [, base64] = /^:([^:\s]+):$/.exec(value) ?? [];
  if (base64 === undefined)
    throw new PkiError('invalid-encoding', 'it must be base64 between two colons (RFC 9440)');
  return decodePublicBase64(Buffer.from(base64), 'the text between the colons');
}

function escapedPem(value: string): Uint8Array {
  try {
    return decodePem(decodeURIComponent(value), 'CERTIFICATE');
  } catch (error) {
    if (error instanceof URIError) throw new PkiError('invalid-encoding', 'it must be percent-encoded PEM');
    throw error;
  }
}

function x509Of(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch {
    throw new PkiError('invalid-certificate', 'OpenSSL does not read it');
  }
}

const malformed = (detail: string): ProblemError => new ProblemError({ code: 'invalid-message', detail });
