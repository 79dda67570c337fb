/** Clients known by their certificates: shown to this process, or to a trusted proxy, which forwards them. */

import type { X509Certificate } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Keys } from '../../src/keys/key.ts';
import { watchFiles } from '../reloading/file-watcher.ts';
import { createFinder } from './finder.ts';
import { openClientTrust } from './trust.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the client, where a CA in TLS_CLIENT_CA_FILE certified it for this use and it is in force; else absent. */
    clientCertificate?: X509Certificate;
  }
}

export const clientCertificates = fp<{ keys: Keys }>(
  async (app, { keys }) => {
    const { config } = app;
    app.decorateRequest('clientCertificate');
    if (config.TLS_CLIENT_CA_FILE === undefined) return;
    const trust = await openClientTrust(config, keys);
    const find = createFinder(config, trust);
    app.onReload('TLS_CLIENT_CA_FILE', () => trust?.reload());
    const files = [config.TLS_CLIENT_CA_FILE, config.TLS_CLIENT_CRL_FILE];
    app.addHook(
      'onClose',
      watchFiles(files, () => void app.reload()),
    );
    app.addHook('onRequest', async (request, reply) => {
      if (isOpen(request)) return;
      try {
        request.clientCertificate = await find(request.raw);
      } catch (error) {
        await app.failedAuthentication.count(request, reply);
        throw error;
      }
    });
  },
  {
    name: 'client-certificates',
    dependencies: ['config', 'errors', 'failed-authentication', 'reloading', 'tls'],
  },
);

/** Probes have no certificate, so it is not the handshake that refuses those who show none. */
const isOpen = ({ is404, method, routeOptions }: FastifyRequest): boolean =>
  is404 || method === 'OPTIONS' || routeOptions.config.scope === 'public';
