/** The service with TLS, and certificates for both ends. */

import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Test } from 'tap';
import type { Environment } from '../../src/config/load.ts';
import { certificatePem, keyPem } from './domain.ts';
import { buildEdge, type Edge } from './edge.ts';
import type { SelfSignedText, TextIssuer } from './texts.ts';

/** PEM texts. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** For a server on this machine, unless `wish` has other values. */
export async function identityOf(issuer: TextIssuer, wish: Partial<SelfSignedText> = {}): Promise<Identity> {
  const { certificate, key } = await issuer.selfSigned({
    algorithm: 'ml-dsa-65',
    subject: '/CN=localhost',
    san: ['localhost', 'IP:127.0.0.1'],
    days: 30,
    isCa: false,
    ...wish,
  });
  return { cert: certificatePem(certificate), key: await keyPem(key) };
}

export interface Served extends Edge {
  readonly port: number;
  readonly folder: string;
}

/**
 * Starts the service on a free port, with these texts in files. `clients` are certificates of the CAs of its clients.
 */
export async function serve(t: Test, { cert, key }: Identity, clients?: string): Promise<Served> {
  const folder = t.testdir({ cert, key, clients: clients ?? '' });
  chmodSync(join(folder, 'key'), 0o600);
  const edge = await buildEdge(t, tlsVariables(folder, clients !== undefined), (app) =>
    app.get('/me', { config: { scope: 'inspect' } }, ({ clientCertificate }) => ({
      subject: clientCertificate?.subject ?? null,
    })),
  );
  await edge.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = edge.app.server.address() as AddressInfo;
  return { ...edge, port, folder };
}

/** Returns the variables for a folder with `cert`, `key` and perhaps `clients`. */
export const tlsVariables = (folder: string, clients = false): Environment => ({
  LOG_LEVEL: 'info',
  TLS_CERT_FILE: join(folder, 'cert'),
  TLS_KEY_FILE: join(folder, 'key'),
  ...(clients && { TLS_CLIENT_CA_FILE: join(folder, 'clients') }),
});

/** Sends a request to the service on this machine. `ca`: the trusted certificates. */
export async function get(options: RequestOptions) {
  const call = request({ host: 'localhost', ...options });
  call.end();
  const [reply] = await once(call, 'response');
  return { status: reply.statusCode, headers: reply.headers, body: await text(reply) };
}
