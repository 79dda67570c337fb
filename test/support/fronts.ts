/** Real proxies in front of the service, with the files of deploy/. */

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Test } from 'tap';
import { startProgram } from './children.ts';
import { freePort } from './free-port.ts';
import { openssl, opensslMissing } from './openssl.ts';
import { ROOT } from './process.ts';
import { until } from './until.ts';
import {
  apacheMissing,
  apachePath,
  caddyMissing,
  caddyPath,
  haproxyMissing,
  haproxyPath,
  nginxMissing,
  nginxPath,
  type Missing,
} from './services.ts';

interface Ports {
  readonly port: number;
  /** The port for requests without TLS. */
  readonly plainPort: number;
}

export interface Front extends Ports {
  /** The file with its certificate. */
  readonly ca: string;
  /** Its standard error so far. */
  log(): string;
}

/** Texts of its configuration, and their replacements in a test. */
export type Changes = Readonly<Record<string, string>>;

export interface FrontKind {
  readonly name: string;
  readonly missing: Missing;
  /** The changes that its file describes for BASE_PATH=/pki. */
  readonly prefixed: Changes;
  /**
   * Whether it stops using a service that is not ready. Otherwise the socket of the service must stay open across a
   * restart.
   */
  readonly asksReadiness: boolean;
  /** Its reply if no service listens, and if a service does not reply in time. */
  readonly unreachable: number;
  readonly overdue: number;
  /** What clients get if a connection to the service breaks. */
  readonly broken: readonly unknown[];
  /** Its timeout of 120 seconds as it is written in the file, and one of a second. */
  readonly hasty: Changes;
  /** Writes its configuration to a folder. Returns its program and arguments. */
  readonly prepare: (folder: string, place: (text: string) => string) => [program: string, ...args: string[]];
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Whether the installed nginx has the directive `http2`, since 1.25.1. */
export function hasHttp2Directive(): boolean {
  if (nginxPath === undefined) return false;
  const { stderr } = spawnSync(nginxPath, ['-v'], { encoding: 'utf8' });
  const [, minor = 0, patch = 0] = /nginx\/1\.(\d+)\.(\d+)/.exec(stderr)?.map(Number) ?? [];
  return minor > 25 || (minor === 25 && patch > 0);
}

const NGINX = `
  worker_processes 2;
  pid nginx.pid;
  error_log stderr warn;
  events {}
  http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include conf.d/*.conf;
  }`;

/** The modules of the line `a2enmod` in the file, and those that Debian enables itself. */
const apacheModules = (): string[] => {
  const [, names = ''] = /a2enmod (.*)$/m.exec(read('deploy/apache/mldsa-api.conf')) ?? [];
  return ['mpm_event', 'authz_core', ...names.split(' ')];
};

const apacheConf = (folder: string, listen: string): string => `
  ServerRoot ${folder}
  DefaultRuntimeDir ${folder}
  PidFile ${folder}/pid
  Mutex file:${folder} default
  ErrorLog ${folder}/log
  ServerName localhost
  User nobody
  Group nogroup
  ${apacheModules()
    .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
    .join('\n')}
  ${listen}
  Include ${folder}/mldsa-api.conf`;

/** `upstream`: the file with the addresses of the service. */
const nginxWith = (upstream: string): FrontKind => ({
  name: 'nginx',
  missing: nginxMissing || opensslMissing,
  asksReadiness: false,
  unreachable: 502,
  overdue: 504,
  broken: [502],
  prefixed: { 'location / {': 'location /pki/ {' },
  hasty: { 'proxy_read_timeout 120s': 'proxy_read_timeout 1s' },
  prepare: (folder, place) => {
    mkdirSync(join(folder, 'snippets'));
    writeFileSync(join(folder, 'nginx.conf'), NGINX);
    mkdirSync(join(folder, 'conf.d'));
    writeFileSync(join(folder, 'conf.d/upstream.conf'), place(read(upstream)));
    writeFileSync(join(folder, 'conf.d/mldsa-api.conf'), place(read('deploy/nginx/mldsa-api.conf')));
    for (const name of ['mldsa-api-proxy.conf', 'mldsa-api-problems.conf'])
      writeFileSync(join(folder, 'snippets', name), place(read(`deploy/nginx/${name}`)));
    const listen = hasHttp2Directive() ? 'mldsa-api-listen.conf' : 'mldsa-api-listen-1.22.conf';
    writeFileSync(join(folder, 'snippets/mldsa-api-listen.conf'), place(read(`deploy/nginx/${listen}`)));
    return [nginxPath ?? '', '-p', folder, '-c', 'nginx.conf', '-e', 'stderr', '-g', 'daemon off;'];
  },
});

export const NGINX_FRONT = nginxWith('deploy/nginx/mldsa-api-upstream.conf');
export const COMPOSE_FRONT = nginxWith('deploy/compose/upstream.conf');

/** Some proxies also close the connection of the client, if that or the connection to the service was used before. */
const MAYBE_CLOSED = [502, 'ECONNRESET', 'EPIPE'];

export const APACHE_FRONT: FrontKind = {
  name: 'Apache',
  missing: apacheMissing || opensslMissing,
  asksReadiness: true,
  unreachable: 503,
  overdue: 502,
  broken: MAYBE_CLOSED,
  prefixed: {
    'ProxyPass "/" "balancer://mldsa-api/" maxattempts=1':
      'ProxyPass "/pki/" "balancer://mldsa-api/pki/" maxattempts=1',
    'hcuri=/readyz': 'hcuri=/pki/readyz',
  },
  hasty: { 'timeout=120': 'timeout=1' },
  prepare: (folder, place) => {
    writeFileSync(join(folder, 'mldsa-api.conf'), place(read('deploy/apache/mldsa-api.conf')));
    const file = join(folder, 'apache.conf');
    writeFileSync(file, apacheConf(folder, place('Listen *:443\nListen *:80')));
    return [apachePath ?? '', '-f', file, '-D', 'FOREGROUND'];
  },
};

export const HAPROXY_FRONT: FrontKind = {
  name: 'HAProxy',
  missing: haproxyMissing || opensslMissing,
  asksReadiness: true,
  unreachable: 503,
  overdue: 504,
  broken: MAYBE_CLOSED,
  prefixed: { 'GET /readyz': 'GET /pki/readyz' },
  hasty: { 'timeout server 120s': 'timeout server 1s' },
  prepare: (folder, place) => {
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(file, place(read('deploy/haproxy/mldsa-api.cfg')));
    return [haproxyPath ?? '', '-f', file, '-db'];
  },
};

export const CADDY_FRONT: FrontKind = {
  name: 'Caddy',
  missing: caddyMissing || opensslMissing,
  asksReadiness: true,
  unreachable: 503,
  overdue: 504,
  broken: MAYBE_CLOSED,
  prefixed: { 'health_uri /readyz': 'health_uri /pki/readyz' },
  hasty: { 'response_header_timeout 120s': 'response_header_timeout 1s' },
  prepare: (folder, place) => {
    const file = join(folder, 'Caddyfile');
    writeFileSync(file, place(read('deploy/caddy/Caddyfile')));
    return [
      '/usr/bin/env',
      `HOME=${folder}`,
      caddyPath ?? '',
      'run',
      '--config',
      file,
      '--adapter',
      'caddyfile',
    ];
  },
};

/** The replacements in every file: its ports, its certificate, and the addresses of the service. */
const places = (folder: string, front: Ports, [first = '', second = '']: readonly string[]): Changes => ({
  'listen 443': `listen 127.0.0.1:${front.port}`,
  '*:443': `127.0.0.1:${front.port}`,
  'bind :443': `bind 127.0.0.1:${front.port}`,
  'listen 80': `listen 127.0.0.1:${front.plainPort}`,
  '*:80': `127.0.0.1:${front.plainPort}`,
  'bind :80': `bind 127.0.0.1:${front.plainPort}`,
  'admin localhost:2019': 'admin off',
  'https://pki.example.com': `https://localhost:${front.port}`,
  'http://pki.example.com': `http://localhost:${front.plainPort}`,
  '/etc/mldsa-api/': `${folder}/`,
  '/etc/caddy/': `${folder}/`,
  'api-1:8000': `127.0.0.1:${first}`,
  'api-2:8000': `127.0.0.1:${second}`,
  '127.0.0.1:8001': `127.0.0.1:${first}`,
  '127.0.0.1:8002': `127.0.0.1:${second}`,
});

const replaced = (text: string, changes: Changes): string =>
  Object.entries(changes).reduce(
    (changed, [before, after]) => changed.replaceAll(before, after),
    text.replaceAll(/^ *listen \[::\].*$/gm, ''),
  );

/** Starts it in front of the services at two ports, and waits until it listens. */
export async function startFront(
  t: Test,
  kind: FrontKind,
  services: readonly string[],
  changes: Changes = {},
): Promise<Front> {
  const folder = mkdtempSync(join(tmpdir(), 'front-'));
  // Some proxies run as an unprivileged user.
  chmodSync(folder, 0o755);
  const ports = { port: await freePort(), plainPort: await freePort() };
  const identity = await makeIdentity();
  for (const name of ['tls.crt', 'tls.key', 'tls.pem']) writeFileSync(join(folder, name), identity);
  const place = (text: string): string => replaced(replaced(text, changes), places(folder, ports, services));
  const [program, ...args] = kind.prepare(folder, place);
  const log = join(folder, 'log');
  t.teardown(() => rmSync(folder, { recursive: true }));
  const child = startProgram(t, program, args, { stdio: ['ignore', 'ignore', openSync(log, 'a')] });
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`${kind.name} has ended: ${readFileSync(log, 'utf8')}`);
    const answered = fetch(`http://127.0.0.1:${ports.plainPort}/`, { method: 'POST' });
    return answered.then(
      () => true,
      () => false,
    );
  });
  return { ...ports, ca: join(folder, 'tls.crt'), log: () => readFileSync(log, 'utf8') };
}

/** A certificate that every program here supports, and its key, in one text. */
export async function makeIdentity(host = 'localhost'): Promise<string> {
  const key = await openssl(['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']);
  const names = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host},IP:127.0.0.1`];
  const leaf = ['-addext', 'basicConstraints=critical,CA:FALSE', '-days', '2'];
  const certificate = await openssl(['req', '-x509', '-key', 'key', ...names, ...leaf], {
    files: { key: key.stdout },
  });
  return certificate.stdout.toString() + key.stdout.toString();
}

/** Sends a request to a proxy, on a new connection. Returns the header fields with names in lower case. */
export async function ask({ port, ca }: Front, options: RequestOptions, body?: string | Buffer) {
  const call = request({ host: 'localhost', port, ca: readFileSync(ca), agent: false, ...options });
  call.end(body);
  const [reply] = await once(call, 'response');
  const fields = (reply.rawHeaders as string[])
    .filter((_, i) => i % 2 === 0)
    .map((name) => name.toLowerCase());
  return { status: reply.statusCode, headers: reply.headers, fields, body: await text(reply) };
}
