/**
 * A real nginx with a short configuration in front of the service. fronts.ts starts nginx with the files of
 * deploy/nginx.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { startProgram } from './children.ts';
import { freePort } from './free-port.ts';
import { nginxPath } from './services.ts';
import { until } from './until.ts';

const configuration = (port: number, services: readonly string[], log: string): string => `
  worker_processes 1;
  pid nginx.pid;
  error_log stderr crit;
  events {}
  http {
    log_format forwarded '$request_method $request_uri $upstream_addr';
    access_log ${log};
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    upstream service {
      ${services.map((service) => `server 127.0.0.1:${service} fail_timeout=1s;`).join('\n')}
      keepalive 16;
    }
    server {
      listen 127.0.0.1:${port};
      location / {
        proxy_pass http://service;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-Host $host;
        proxy_next_upstream error timeout http_503 non_idempotent;
      }
    }
  }`;

/** Returns its address when it listens. `log`: a file for the forwarded requests and their servers. */
export async function startNginx(t: Test, services: readonly string[], log?: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  writeFileSync(
    join(folder, 'nginx.conf'),
    configuration(port, services, log === undefined ? 'off' : `${log} forwarded`),
  );
  const args = ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr', '-g', 'daemon off;'];
  t.teardown(() => rmSync(folder, { recursive: true }));
  startProgram(t, nginxPath ?? '', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  await until(async () => (await fetch(`${address}/livez`).catch(() => undefined))?.status === 200);
  return address;
}
