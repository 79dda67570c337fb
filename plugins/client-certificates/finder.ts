/** Finds the certificate of a client: in its TLS connection, or in a header field of a trusted proxy. */

import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Config } from '../../src/config/schema.ts';
import { proxyCheck } from '../../src/config/trusted-proxies.ts';
import { PkiError } from '../../src/base/errors.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { ProblemError } from '../errors/problem.ts';
import { forwardedCertificate } from './forwarded.ts';
import type { ClientTrust } from './trust.ts';

/** Rejects with ProblemError if there is no trusted certificate. */
type Finder = (message: IncomingMessage) => Promise<X509Certificate>;

export function createFinder(
  { CLIENT_CERT_HEADER: field, TRUST_PROXY }: Config,
  trust: ClientTrust | undefined,
): Finder {
  const isProxy = proxyCheck(TRUST_PROXY);
  return async (message) => {
    const { socket, headers } = message;
    if (field === undefined || trust === undefined) return fromConnection(message, trust);
    // The certificate of the proxy itself does not count for its clients.
    if (isProxy(socket.remoteAddress)) return fromProxy(message, field, trust);
    if (headers[field.toLowerCase()] === undefined) return fromConnection(message, trust);
    throw forbidden(`${field} is accepted only from the proxies in TRUST_PROXY`);
  };
}

const NEEDED = 'This needs a client certificate of an authority that the service trusts';

const forbidden = (detail: string): ProblemError => new ProblemError({ code: 'forbidden', detail });

async function fromProxy(
  message: IncomingMessage,
  field: string,
  trust: ClientTrust,
): Promise<X509Certificate> {
  const found = forwardedCertificate(message, field);
  if (found === undefined) throw forbidden(NEEDED);
  await forbidUntrusted(() => trust.validate(found.certificate));
  return found.x509;
}

/** OpenSSL verified it in the handshake. It may have been revoked since. */
async function fromConnection(
  { socket }: IncomingMessage,
  trust: ClientTrust | undefined,
): Promise<X509Certificate> {
  const isVerified = socket instanceof TLSSocket && socket.authorized;
  const shown = isVerified ? socket.getPeerX509Certificate() : undefined;
  if (shown === undefined) throw forbidden(NEEDED);
  if (trust !== undefined)
    await forbidUntrusted(() => trust.refuseRevoked(readCertificate(checkDer(shown.raw))));
  return shown;
}

export async function forbidUntrusted(validate: () => void | Promise<void>): Promise<void> {
  try {
    await validate();
  } catch (error) {
    throw error instanceof PkiError ? forbidden(`${NEEDED}: ${error.message}`) : error;
  }
}
