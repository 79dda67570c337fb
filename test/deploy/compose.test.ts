/** deploy/compose: each of its programs is started with the settings of the file, without a container engine. */

import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { paste, startProgram } from '../support/children.ts';
import { freePort } from '../support/free-port.ts';
import { ask, COMPOSE_FRONT, startFront } from '../support/fronts.ts';
import { addressIn, ROOT, run, START } from '../support/process.ts';
import { redisMissing, redisPath } from '../support/services.ts';

interface Service {
  readonly build?: string;
  readonly image: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks: readonly string[] | Readonly<Record<string, { readonly ipv4_address?: string }>>;
  readonly depends_on?: readonly string[];
}

const FOLDER = join(ROOT, 'deploy/compose');
const compose = parse(readFileSync(join(FOLDER, 'compose.yaml'), 'utf8'), { merge: true });
const services: Readonly<Record<string, Service>> = compose.services;
const each = Object.entries(services);

t.test('every container is confined, and its image is pinned by its digest', async (t) => {
  t.same(Object.keys(services), ['api-1', 'api-2', 'redis', 'nginx']);
  for (const [name, service] of each) {
    const confined = {
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: 'always',
    };
    t.match(service, confined, name);
    // The Dockerfile names the user of the image that is built here.
    if (service.build === undefined)
      t.match(service, { image: /@sha256:[\da-f]{64}$/, user: /^[1-9]\d*:[1-9]\d*$/ }, name);
    else t.ok(existsSync(join(FOLDER, service.build, 'Dockerfile')), name);
  }
});

t.test('every file, secret, network and service that a container names exists', async (t) => {
  for (const [name, { secrets = [], volumes = [], networks, depends_on = [] }] of each) {
    for (const secret of secrets) t.match(compose.secrets[secret]?.file, `./secrets/${secret}`, name);
    for (const network of Array.isArray(networks) ? networks : Object.keys(networks))
      t.ok(network in compose.networks, `${name}: ${network}`);
    for (const other of depends_on) t.ok(other in services, `${name}: ${other}`);
    for (const [source = ''] of volumes.map((volume) => volume.split(':')))
      t.ok(source.startsWith('./secrets/') || existsSync(join(FOLDER, source)), `${name}: ${source}`);
  }
});

t.test('the services trust the address of nginx, and no other', async (t) => {
  const { networks } = services.nginx ?? {};
  const address = Reflect.get(Reflect.get(networks ?? {}, 'inner'), 'ipv4_address');
  for (const name of ['api-1', 'api-2'])
    t.equal(services[name]?.environment?.TRUST_PROXY, address, `${name} trusts nginx`);
  t.equal(compose.networks.inner.internal, true, 'the inner network reaches no other');
});

/** Runs the commands of docs/deployment.md for the secrets in a copy. Returns the folder of the secrets. */
async function makeSecrets(t: Test): Promise<string> {
  const tree = t.testdir({});
  const folder = join(tree, 'deploy/compose');
  mkdirSync(join(tree, 'deploy'));
  cpSync(FOLDER, folder, { recursive: true, filter: (path) => !path.includes('/secrets') });
  for (const name of ['package.json', 'bin', 'scripts', 'src', 'node_modules'])
    symlinkSync(join(ROOT, name), join(tree, name));
  const [, commands = ''] =
    /<!-- compose: secrets -->\n+```bash\n([\s\S]*?)^```$/m.exec(
      readFileSync(join(ROOT, 'docs/deployment.md'), 'utf8'),
    ) ?? [];
  const { NODE_OPTIONS: _, ...env } = process.env;
  await paste(t, commands, { cwd: tree, env });
  return join(folder, 'secrets');
}

/** Starts Redis with the command of the file, on another port. Returns the port. */
async function startRedis(t: Test, secrets: string): Promise<number> {
  const port = await freePort();
  const [, file = ''] = services.redis?.command ?? [];
  const args = [file.replace('/run/secrets', secrets), '--port', String(port), '--bind', '127.0.0.1'];
  const child = startProgram(t, redisPath ?? '', args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: secrets,
  });
  for await (const line of createInterface(child.stdout)) if (line.includes('Ready to accept')) break;
  child.stdout.resume();
  return port;
}

t.test(
  'its programs work together with the secrets that the guide makes',
  { skip: redisMissing || COMPOSE_FRONT.missing },
  async (t) => {
    const secrets = await makeSecrets(t);
    const redisPort = await startRedis(t, secrets);
    const url = join(secrets, 'redis-url');
    writeFileSync(url, readFileSync(url, 'utf8').replace('@redis:6379', `@127.0.0.1:${redisPort}`));

    const started = ['api-1', 'api-2'].map((name) => {
      const given = Object.entries(services[name]?.environment ?? {}).map(([variable, value]) => [
        variable,
        value.replace('/run/secrets', secrets),
      ]);
      const image = { NODE_ENV: 'production', HOST: '127.0.0.1', PORT: '0' };
      return run(t, [START], { ...image, ...Object.fromEntries(given), TRUST_PROXY: '127.0.0.1' });
    });
    const lines = await Promise.all(started.map(({ listening }) => listening));
    const ports = lines.map((line) => new URL(addressIn(line)).port);
    const front = await startFront(t, COMPOSE_FRONT, ports);

    const key = /^mld_\S+$/m.exec(readFileSync(join(secrets, 'web-team'), 'utf8'))?.[0] ?? '';
    const generate = (headers: Record<string, string>) =>
      ask(front, { method: 'POST', path: '/api/v1/keys/generate', headers });
    t.equal((await generate({})).status, 401, 'a request without a key is refused');
    const statuses: unknown[] = [];
    for (let i = 0; i < 12; i++) statuses.push((await generate({ 'X-API-Key': key })).status);
    t.equal(statuses.filter((status) => status === 200).length, 10, 'both processes count together');
    t.equal(statuses.filter((status) => status === 429).length, 2, 'the limit of ten a minute is shared');
  },
);
