/** TLS in this process. A new certificate is used without closing any connection. */

import { Server } from 'node:https';
import fp from 'fastify-plugin';
import { isWorldReadable } from '../src/config/file-mode.ts';
import type { Config } from '../src/config/schema.ts';
import { readTls } from '../src/config/tls.ts';
import { watchFiles } from './reloading/file-watcher.ts';

export const tls = fp(
  async (app) => {
    const { server } = app;
    if (!(server instanceof Server)) return;
    warnIfWorldReadable(app.config, (warning) => app.log.warn(warning));
    // Open connections keep the certificate of their handshake.
    app.onReload('TLS_CERT_FILE', () => {
      server.setSecureContext({ ...readTls(app.config) });
    });
    app.addHook(
      'onClose',
      watchFiles([app.config.TLS_CERT_FILE, app.config.TLS_KEY_FILE], () => void app.reload()),
    );
  },
  { name: 'tls', dependencies: ['config', 'reloading'] },
);

function warnIfWorldReadable({ TLS_KEY_FILE = '' }: Config, warn: (warning: string) => void): void {
  if (isWorldReadable(TLS_KEY_FILE)) warn('TLS_KEY_FILE can be read by every user of this machine');
}
