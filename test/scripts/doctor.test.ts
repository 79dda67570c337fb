/** `npm run doctor` against deployments that are right, and against one with each fault that it is there to find. */

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Environment } from '../../src/config/load.ts';
import { certificatePem, keyPem, openDomain } from '../support/domain.ts';
import { startNginxSite, PROXY_ADDRESS, type Site } from '../support/nginx-site.ts';
import { plainNode } from '../support/plain-node.ts';
import { ROOT } from '../support/process.ts';
import { nginxMissing, nginxPath } from '../support/services.ts';
import { startApp } from '../support/service.ts';
import { identityOf, tlsVariables, type Identity } from '../support/tls.ts';
import { DEPLOYMENT_FAULTS } from './deployment-faults.ts';

const DOCTOR = join(ROOT, 'scripts/doctor.ts');
const KEY = 'a-key-of-the-doctor-of-36-characters';

const domain = await openDomain(t);
const own = await identityOf(domain.issuer);

/** One that every TLS library knows. */
async function classicalIdentity(issuer = domain.issuer, san = ['localhost', 'IP:127.0.0.1'], days = 30) {
  const { classical } = await issuer.hybridPair({
    parameterSet: 'ml-dsa-65',
    classical: 'ecdsa-p256',
    subject: '/CN=localhost',
    san,
    days,
    isCa: false,
  });
  return { cert: certificatePem(classical.certificate), key: await keyPem(classical.key) };
}

const classical = await classicalIdentity();

const GUARDED: Environment = {
  API_KEYS: KEY,
  DOCS_ENABLED: 'true',
  RATE_LIMIT_PER_HOUR: '1000',
  RATE_LIMIT_GENERATE_PER_MINUTE: '100',
  TRUST_PROXY: PROXY_ADDRESS,
};

/** Listens on a free port, and answers which. */
async function serve(t: Test, environment: Environment): Promise<number> {
  const app = await startApp(t, { ...GUARDED, ...environment });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

const ports = new Map<string, number>();

/** A service for several tests. It generates its document once, and ends with the last of them. */
async function serveAll(environment: Environment): Promise<number> {
  const name = JSON.stringify(environment);
  const port = ports.get(name) ?? (await serve(t, environment));
  ports.set(name, port);
  return port;
}

interface Examined {
  readonly code: number | null;
  readonly lines: readonly string[];
  /** Those of what is wrong. */
  readonly wrong: readonly string[];
}

async function examine(t: Test, url: string, { cert = '', apiKey = KEY } = {}): Promise<Examined> {
  const folder = t.testdir({ ca: cert });
  const args = [DOCTOR, url, ...(cert === '' ? [] : ['--ca', join(folder, 'ca')])];
  const { code, stdout } = await plainNode(t, args, { env: { ...process.env, API_KEY: apiKey } });
  const lines = stdout.trimEnd().split('\n');
  t.notMatch(lines.join('\n'), KEY, 'it never prints the key');
  return { code, lines, wrong: lines.filter((line) => line.startsWith('wrong')) };
}

const behind = (t: Test, service: number, site?: Site, identity: Identity = classical) =>
  startNginxSite(t, identity, service, site);

t.test('a service that terminates TLS itself is in order', async (t) => {
  const folder = t.testdir({ ...own });
  const port = await serve(t, tlsVariables(folder));
  const { code, lines, wrong } = await examine(t, `https://localhost:${port}`, own);
  t.same(wrong, []);
  t.equal(code, 0);
  t.match(lines.at(-1), /^\d+ ok, 0 wrong, 0 skipped$/);
  for (const words of ['X25519MLKEM768', 'HTTP/2', 'counts once', 'key is accepted', 'signature is valid']) {
    t.match(lines.join('\n'), words);
  }
});

/** Debian 12's nginx has an OpenSSL that cannot agree on keys in the new way, and the doctor says so. */
const OLD_OPENSSL =
  nginxPath !== undefined &&
  /OpenSSL 3\.[0-4]\./.test(spawnSync(nginxPath, ['-V'], { encoding: 'utf8' }).stderr);
const isKeyAgreement = (line: string): boolean =>
  OLD_OPENSSL && line.includes('X25519MLKEM768 is not supported');

t.test('so is one behind nginx', { skip: nginxMissing }, async (t) => {
  const port = await behind(t, await serve(t, { BASE_PATH: '' }));
  const { code, wrong } = await examine(t, `https://localhost:${port}/`, classical);
  t.same(
    wrong.filter((line) => !isKeyAgreement(line)),
    [],
  );
  t.equal(code, OLD_OPENSSL ? 1 : 0);
});

t.test('without a key it says what it could not check, and finds nothing wrong', async (t) => {
  const port = await serveAll({});
  const { code, lines } = await examine(t, `http://127.0.0.1:${port}`, { apiKey: '' });
  t.equal(code, 0, lines.join('\n'));
  t.equal(lines.filter((line) => line.startsWith('skipped')).length, 4);
});

t.test('an untouched service in development is right, and it says what production needs', async (t) => {
  const port = await serve(t, { API_KEYS: '' });
  const { code, lines } = await examine(t, `http://127.0.0.1:${port}`, { apiKey: '' });
  t.equal(code, 0, lines.join('\n'));
  t.match(lines.at(-1), / 0 wrong, \d skipped, 2 for development only$/);
  const notes = lines.filter((line) => line.startsWith('note'));
  t.match(notes, [
    /metrics: .* in production set METRICS_PORT/,
    /authentication: .* in production set API_KEYS_FILE/,
  ]);

  const withKey = await examine(t, `http://127.0.0.1:${port}`);
  t.equal(withKey.code, 1, 'with a key, the service must need one');
  t.equal(withKey.wrong.length, 2, withKey.wrong.join('\n'));
});

t.test('a key is not sent if the certificate is invalid', async (t) => {
  const port = await serve(t, tlsVariables(t.testdir({ ...own })));
  const { code, lines, wrong } = await examine(t, `https://localhost:${port}`);
  t.equal(code, 1);
  t.equal(wrong.length, 1, wrong.join('\n'));
  t.match(wrong[0], /is not valid for localhost/);
  t.match(lines.join('\n'), /key: it is not sent/);
});

t.test('a service that does not run is the only finding', async (t) => {
  const { code, wrong } = await examine(t, 'http://127.0.0.1:1');
  t.equal(code, 1);
  t.match(wrong, [/health: No reply \(ECONNREFUSED\)/]);
});

t.test('invalid arguments are refused before anything is sent', async (t) => {
  const asked: [args: string[], apiKey?: string][] = [
    [[]],
    [['pki.example.com']],
    [['ftp://pki.example.com']],
    [['https://one.example', 'https://two.example']],
    [['https://one.example', '--ca', '/nowhere']],
    [['https://one.example'], 'a key\nof two lines'],
  ];
  for (const [args, API_KEY = ''] of asked) {
    const { code, stdout } = await plainNode(t, [DOCTOR, ...args], { env: { ...process.env, API_KEY } });
    t.equal(stdout, '');
    t.equal(code, 2, args.join(' '));
  }
});

const YEAR_MS = 365 * 86_400_000;
const earlier = domain.issuerWith({ clock: () => new Date(Date.now() - YEAR_MS) });
const IDENTITIES = {
  ended: () => classicalIdentity(earlier),
  ending: () => classicalIdentity(domain.issuer, undefined, 10),
  misnamed: () => classicalIdentity(domain.issuer, ['other.example']),
};

t.test('each fault is found', { skip: nginxMissing }, async (t) => {
  for (const { fault, found, environment = {}, site = {}, certificate } of DEPLOYMENT_FAULTS) {
    await t.test(fault, async (t) => {
      const service = await serveAll(environment);
      const lines = site.lines?.replace('SERVICE', String(service));
      const shown = certificate && (await IDENTITIES[certificate]());
      const port = await behind(t, service, { ...site, ...(lines && { lines }) }, shown);
      const { code, wrong } = await examine(t, `https://localhost:${port}`, shown ?? classical);
      t.equal(code, 1);
      t.ok(
        wrong.some((line) => found.test(line)),
        wrong.join('\n'),
      );
      for (const line of wrong) t.match(line, /: .+: .+/, 'it says what to do');
    });
  }
});

t.test('a wrong clock is found', async (t) => {
  const service = await serveAll({});
  const proxy = createServer((asked, reply) => {
    const { method, url = '/', headers } = asked;
    const passed = request({ port: service, method, path: url, headers }, (answer) => {
      const date = new Date(Date.now() - 90_000).toUTCString();
      reply.writeHead(answer.statusCode ?? 502, { ...answer.headers, date });
      answer.pipe(reply);
    });
    passed.on('error', () => reply.destroy());
    asked.pipe(passed);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.teardown(() => proxy.close());
  const { port } = proxy.address() as AddressInfo;
  const { code, wrong } = await examine(t, `http://127.0.0.1:${port}`);
  t.equal(code, 1);
  t.match(wrong, [
    /clock: The clock of the service and the clock of this machine differ by \d+ s: synchronize both/,
  ]);
});
