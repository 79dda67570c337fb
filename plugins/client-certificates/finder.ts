/** Where the certificate of a client is: in its connection, or in what a trusted proxy says of it. */

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

/** Rejects with ProblemError where there is no certificate that is believed. */
type Finder = (message: IncomingMessage) => Promise<X509Certificate>;

export function createFinder(
  { CLIENT_CERT_HEADER: field, TRUST_PROXY }: Config,
  trust: ClientTrust | undefined,
): Finder {
  const isProxy = proxyCheck(TRUST_PROXY);
  return async (message) => {
    const { socket, headers } = message;
    if (field === undefined || trust === undefined) return shownHere(message, trust);
    // A proxy that has a certificate of its own does not lend it to its clients.
    if (isProxy(socket.remoteAddress)) return forwarded(message, field, trust);
    if (headers[field.toLowerCase()] === undefined) return shownHere(message, trust);
    throw forbidden(`${field} is believed of the proxies in TRUST_PROXY alone`);
  };
}

const NEEDED = 'This needs a client certificate of an authority that the service trusts';

const forbidden = (detail: string): ProblemError => new ProblemError({ code: 'forbidden', detail });

async function forwarded(
  message: IncomingMessage,
  field: string,
  trust: ClientTrust,
): Promise<X509Certificate> {
  const found = forwardedCertificate(message, field);
  if (found === undefined) throw forbidden(NEEDED);
  await believed(() => trust.validate(found.certificate));
  return found.x509;
}

/** What OpenSSL found good in the handshake; a connection may outlive what it was good for. */
async function shownHere(
  { socket }: IncomingMessage,
  trust: ClientTrust | undefined,
): Promise<X509Certificate> {
  const isGood = socket instanceof TLSSocket && socket.authorized;
  const shown = isGood ? socket.getPeerX509Certificate() : undefined;
  if (shown === undefined) throw forbidden(NEEDED);
  if (trust !== undefined) await believed(() => trust.refuseRevoked(readCertificate(checkDer(shown.raw))));
  return shown;
}

async function believed(judge: () => void | Promise<void>): Promise<void> {
  try {
    await judge();
  } catch (error) {
    throw error instanceof PkiError ? forbidden(`${NEEDED}: ${error.message}`) : error;
  }
}
