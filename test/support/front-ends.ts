/** Real proxies that terminate TLS in front of the service, configured with the lines of the operations guide. */

import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { startProgram } from './children.ts';
import { freePort } from './free-port.ts';
import { ROOT } from './process.ts';
import {
  apacheMissing,
  apachePath,
  haproxyMissing,
  haproxyPath,
  nginxMissing,
  nginxPath,
  type Missing,
} from './services.ts';
import type { Identity } from './tls.ts';
import { until } from './until.ts';

export interface FrontEnd {
  readonly name: 'nginx' | 'haproxy' | 'apache';
  readonly missing: Missing;
  /** As the guide says. */
  readonly header: string;
  readonly program: string | undefined;
  readonly args: readonly string[];
  /** Returns a whole configuration with the lines of the guide. */
  readonly configuration: (recipe: string, port: number, service: number) => string;
}

export const FRONT_ENDS: readonly FrontEnd[] = [
  {
    name: 'nginx',
    missing: nginxMissing,
    header: 'X-SSL-Client-Cert',
    program: nginxPath,
    args: ['-p', '.', '-c', 'configuration', '-e', 'stderr', '-g', 'daemon off;'],
    configuration: (recipe, port, service) => `
      worker_processes 1; pid pid; error_log stderr crit; events {}
      http {
        access_log off; client_body_temp_path body; proxy_temp_path proxy;
        fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
        server {
          listen 127.0.0.1:${port} ssl;
          ssl_certificate tls.pem; ssl_certificate_key tls.pem;
          ${recipe}
          location / { proxy_pass http://127.0.0.1:${service}; }
        }
      }`,
  },
  {
    name: 'haproxy',
    missing: haproxyMissing,
    header: 'Client-Cert',
    program: haproxyPath,
    args: ['-f', 'configuration'],
    configuration: (recipe, port, service) => `
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend tls
  ${recipe.replace('bind :443', `bind 127.0.0.1:${port}`).replaceAll('\n', '\n  ')}
  default_backend service
backend service
  server service 127.0.0.1:${service}
`,
  },
  {
    name: 'apache',
    missing: apacheMissing,
    header: 'X-SSL-Client-Cert',
    program: apachePath,
    args: ['-d', '.', '-f', 'configuration', '-DFOREGROUND'],
    configuration: (recipe, port, service) => `
${['mpm_event', 'authz_core', 'ssl', 'headers', 'proxy', 'proxy_http']
  .map((module) => `LoadModule ${module}_module /usr/lib/apache2/modules/mod_${module}.so`)
  .join('\n')}
ServerName localhost
User nobody
PidFile pid
ErrorLog error.log
Listen 127.0.0.1:${port}
SSLEngine on
SSLCertificateFile tls.pem
${recipe}
ProxyPass / http://127.0.0.1:${service}/
`,
  },
];

/**
 * Starts the proxy in front of the service at a port, with its own certificate and the CAs of its clients. Returns its
 * port.
 */
export async function startFrontEnd(
  t: Test,
  { name, program = '', args, configuration }: FrontEnd,
  service: number,
  { own, clients }: { readonly own: Identity; readonly clients: string },
): Promise<number> {
  const cwd = mkdtempSync(join(tmpdir(), `${name}-`));
  const port = await freePort();
  const recipe = recipeOf(name).replaceAll('/etc/mldsa/', `${cwd}/`);
  writeFileSync(join(cwd, 'tls.pem'), own.cert + own.key);
  writeFileSync(join(cwd, 'clients.crt'), clients);
  writeFileSync(join(cwd, 'configuration'), configuration(recipe, port, service));
  t.teardown(() => rmSync(cwd, { recursive: true }));
  startProgram(t, program, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  await until(() => listens(port));
  return port;
}

/** Returns the block of the guide for client certificates, in this language. */
function recipeOf(language: FrontEnd['name']): string {
  const guide = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
  const [, section = ''] = guide.split('### Client certificates behind a proxy');
  return new RegExp(`\`\`\`${language}\n([^\`]*)\`\`\``).exec(section)?.[1] ?? '';
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
