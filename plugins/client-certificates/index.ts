/** Client certificates: from the TLS connection, or forwarded by a trusted proxy. */

import type { X509Certificate } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { checkDer } from '../../src/formats/der/strict.ts';
import type { Keys } from '../../src/keys/key.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { watchFiles } from '../reloading/file-watcher.ts';
import { createFinder, forbidUntrusted } from './finder.ts';
import { openClientTrust } from './trust.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The certificate of the client, if it is valid for this use under a CA in TLS_CLIENT_CA_FILE; absent otherwise. */
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
        const found = await find(request.raw);
        if (config.TLS_CLIENT_OWN_CRLS) await refuseRevoked(app, found);
        request.clientCertificate = found;
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

/** Rejects with ProblemError for a certificate that a stored authority revoked. */
async function refuseRevoked({ publication }: FastifyInstance, { raw }: X509Certificate): Promise<void> {
  if (publication !== undefined)
    await forbidUntrusted(() => publication.refuseRevoked(readCertificate(checkDer(raw))));
}

/** Probes have no certificate, so clients without one are rejected here and not in the handshake. */
const isOpen = ({ is404, method, routeOptions }: FastifyRequest): boolean =>
  is404 || method === 'OPTIONS' || routeOptions.config.scope === 'public';
