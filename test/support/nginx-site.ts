/** A real nginx with the lines of a test. It terminates TLS in front of a port of this machine. */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { startProgram } from './children.ts';
import { freePort } from './free-port.ts';
import { nginxPath } from './services.ts';
import { get, type Identity } from './tls.ts';
import { succeeding } from './until.ts';

/** The address of nginx. No client has it, so that `TRUST_PROXY` can name it. */
export const PROXY_ADDRESS = '127.0.0.9';

const FORWARDED = `
  proxy_set_header Host $host;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Forwarded-Host $host;`;

export interface Site {
  /** Lines of `server`, in place of the default ones. */
  readonly listen?: string;
  readonly lines?: string;
  readonly protocols?: string;
  /** Lines of `location /`, in place of the lines of the guide. */
  readonly location?: string;
}

const configuration = (port: number, service: number, { listen, lines, location, protocols }: Site) => `
  worker_processes 1; pid pid; error_log stderr crit; events {}
  http {
    access_log off; client_body_temp_path body; proxy_temp_path proxy;
    fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    server {
      listen 127.0.0.1:${port} ${listen ?? 'ssl http2'};
      ssl_certificate tls.pem; ssl_certificate_key tls.pem;
      ssl_protocols ${protocols ?? 'TLSv1.2 TLSv1.3'};
      ${lines ?? 'server_tokens off;'}
      location / {
        proxy_bind ${PROXY_ADDRESS};
        ${location ?? FORWARDED}
        proxy_pass http://127.0.0.1:${service};
      }
    }
  }`;

/** Returns its port when it forwards requests. */
export async function startNginxSite(
  t: Test,
  { cert, key }: Identity,
  service: number,
  site: Site = {},
): Promise<number> {
  const cwd = mkdtempSync(join(tmpdir(), 'nginx-'));
  // The worker of nginx, which is another user, stores long bodies there.
  chmodSync(cwd, 0o711);
  const port = await freePort();
  writeFileSync(join(cwd, 'tls.pem'), cert + key);
  writeFileSync(join(cwd, 'nginx.conf'), configuration(port, service, site));
  const args = ['-p', cwd, '-c', 'nginx.conf', '-e', 'stderr', '-g', 'daemon off;'];
  t.teardown(() => rmSync(cwd, { recursive: true }));
  startProgram(t, nginxPath ?? '', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const old = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  await succeeding(() => get({ port, path: '/livez', rejectUnauthorized: false, agent: false, ...old }));
  return port;
}
