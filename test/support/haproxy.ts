/** A real HAProxy in front of the service. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { startProgram } from './children.ts';
import { freePort } from './free-port.ts';
import { haproxyPath } from './services.ts';
import { until } from './until.ts';

/** HAProxy keeps connections to the service open, and sends requests of several clients over one. */
const configuration = (port: number, service: string): string => `
global
  log stdout format raw local0
defaults
  mode http
  log global
  log-format "%HM %HU %s"
  http-reuse always
  timeout connect 5s
  timeout client 20s
  timeout server 20s
frontend front
  bind 127.0.0.1:${port}
  default_backend service
backend service
  server service 127.0.0.1:${service}
`;

export interface Haproxy {
  readonly url: string;
  /** Method, URL and server of each request; `<NOSRV>` for a request that it did not forward. */
  readonly log: () => readonly string[];
}

/** Resolves when it listens. It ends when `t` ends. */
export async function startHaproxy(t: Test, service: string): Promise<Haproxy> {
  const folder = mkdtempSync(join(tmpdir(), 'haproxy-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(join(folder, 'haproxy.cfg'), configuration(port, service));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const haproxy = startProgram(t, haproxyPath ?? '', ['-db', '-f', join(folder, 'haproxy.cfg')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  haproxy.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')));
  await until(async () =>
    fetch(`${url}/livez`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return { url, log: () => output.split('\n').slice(0, -1) };
}
