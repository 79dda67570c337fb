/** The service with client certificates, and requests as a proxy sends them. */

import { hash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { request, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Test } from 'tap';
import type { Environment } from '../../src/config/load.ts';
import type { Keys } from '../../src/keys/key.ts';
import { buildEdge, type Edge } from './edge.ts';
import { tlsVariables, type Identity } from './tls.ts';

/** Addresses of a trusted proxy and of an untrusted client, both on this machine. */
export const PROXY = '127.0.0.9';
export const STRANGER = '127.0.0.8';

/** Shared by several services: none of them may close it. */
export const shared = (keys: Keys): Keys => ({ ...keys, close: async () => {} });

/** PEM texts that the service reads from files. */
export interface Files {
  readonly clients: string;
  readonly crl?: string;
  /** The TLS of the service, if it has TLS. */
  readonly own?: Identity;
}

export interface KnowingService extends Edge {
  readonly port: number;
  readonly folder: string;
}

/** `/me` returns the principal of the caller. */
export async function serveClients(
  t: Test,
  keys: Keys,
  { clients, crl, own }: Files,
  environment: Environment = {},
): Promise<KnowingService> {
  const folder = t.testdir({ clients, crl: crl ?? '', ...own });
  const { TLS_CLIENT_CA_FILE, ...files } = tlsVariables(folder, true);
  const lists = crl === undefined ? {} : { TLS_CLIENT_CRL_FILE: join(folder, 'crl') };
  const edge = await buildEdge(
    t,
    { ...(own && files), TLS_CLIENT_CA_FILE, ...lists, ...environment },
    (app) => app.get('/me', { config: { scope: 'inspect' } }, ({ principal }) => principal?.id),
    { keys: shared(keys) },
  );
  await edge.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = edge.app.server.address() as AddressInfo;
  return { ...edge, port, folder };
}

/** The service behind a trusted proxy that forwards certificates in this field. */
export const behindProxy = (field: string): Environment => ({
  CLIENT_CERT_HEADER: field,
  TRUST_PROXY: `${PROXY},10.0.0.0/8`,
});

export const derOf = (cert: string): Buffer => new X509Certificate(cert).raw;

export const byteSequence = (octets: Uint8Array | string): string =>
  `:${Buffer.from(octets).toString('base64')}:`;

/** The value that a proxy sends for a certificate, for each field. */
export const FORMS: Readonly<Record<string, (cert: string) => string>> = {
  'Client-Cert': (cert) => byteSequence(derOf(cert)),
  'X-SSL-Client-Cert': encodeURIComponent,
};

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Requests `/me` as a proxy does. */
export async function forward(
  port: number,
  headers: OutgoingHttpHeaders,
  localAddress = PROXY,
): Promise<Answer> {
  const call = request({ host: '127.0.0.1', port, path: '/me', headers, localAddress, agent: false });
  call.end();
  const [reply] = await once(call, 'response');
  return { status: reply.statusCode, body: await text(reply) };
}

export const principalOf = (cert: string): string => `certificate:${hash('sha256', derOf(cert), 'hex')}`;
