/** TLS in this process: certificates are renewed, and clients known by theirs, without a connection lost. */

import type { X509Certificate } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { Server } from 'node:https';
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { everybodyReads } from '../src/config/file-mode.ts';
import type { Config } from '../src/config/schema.ts';
import { readTls } from '../src/config/tls.ts';
import { ProblemError } from './errors/problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the client, where a CA in TLS_CLIENT_CA_FILE certified it for this use and it is in force; else undefined. */
    readonly clientCertificate: X509Certificate | undefined;
  }
}

export const tls = fp(
  async (app) => {
    app.decorateRequest('clientCertificate', { getter: clientCertificate });
    const { server } = app;
    if (!(server instanceof Server)) return;
    warnOfOpenKey(app.config, (warning) => app.log.warn(warning));
    // Connections that are open keep what they began with.
    app.onReload('TLS_CERT_FILE', () => {
      server.setSecureContext({ ...readTls(app.config) });
    });
    app.addHook(
      'onClose',
      watch(filesOf(app.config), () => void app.reload()),
    );
    if (app.config.TLS_CLIENT_CA_FILE !== undefined) app.addHook('onRequest', requireCertificate);
  },
  { name: 'tls', dependencies: ['config', 'errors', 'reloading'] },
);

function clientCertificate(this: FastifyRequest): X509Certificate | undefined {
  const { socket } = this.raw;
  return socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate() : undefined;
}

/** Probes have no certificate, so it is not the handshake that refuses those who show none. */
async function requireCertificate(request: FastifyRequest): Promise<void> {
  const { scope } = request.routeOptions.config;
  if (request.is404 || request.method === 'OPTIONS' || scope === 'public') return;
  if (request.clientCertificate !== undefined) return;
  throw new ProblemError({
    code: 'forbidden',
    detail: 'This needs a client certificate of an authority that the service trusts',
  });
}

function warnOfOpenKey({ TLS_KEY_FILE = '' }: Config, warn: (warning: string) => void): void {
  if (everybodyReads(TLS_KEY_FILE)) warn('TLS_KEY_FILE can be read by every user of this machine');
}

const filesOf = ({ TLS_CERT_FILE, TLS_KEY_FILE, TLS_CLIENT_CA_FILE }: Config): readonly string[] =>
  [TLS_CERT_FILE, TLS_KEY_FILE, TLS_CLIENT_CA_FILE].filter((path) => path !== undefined);

/** In milliseconds. Asking works on every file system, and through the links that orchestrators and ACME clients change. */
const LOOK_EVERY = 2000;

/** Answers how to end it. */
function watch(paths: readonly string[], changed: () => void): () => Promise<void> {
  for (const path of paths) watchFile(path, { interval: LOOK_EVERY, persistent: false }, changed);
  return async () => {
    for (const path of paths) unwatchFile(path, changed);
  };
}
