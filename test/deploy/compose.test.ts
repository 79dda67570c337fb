/** deploy/compose: each of its programs is started with the settings of the file, without a container engine. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t, { type Test } from 'tap';
import { startProgram } from '../support/children.ts';
import { FOLDER, makeSecrets, makingSecretsMissing, namesIn, readCompose } from '../support/compose.ts';
import { freePort } from '../support/free-port.ts';
import { ask, COMPOSE_FRONT, startFront } from '../support/fronts.ts';
import { addressIn, run, START } from '../support/process.ts';
import { redisMissing, redisPath } from '../support/services.ts';

const compose = readCompose();
const { services } = compose;

/** The file alone, and with each file of a store. */
const STACKS = [compose, readCompose('sqlite.yaml'), readCompose('postgresql.yaml')];

t.test('every container is confined, and its image is pinned by its digest', async (t) => {
  t.same(Object.keys(services), ['api-1', 'api-2', 'redis', 'nginx']);
  for (const [name, service] of STACKS.flatMap(({ services }) => Object.entries(services))) {
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

/** Whether a volume has this name, or a file this path. The operator makes the secrets. */
const isSource = ({ volumes = {} }: typeof compose, source: string): boolean =>
  source in volumes || source.startsWith('./secrets/') || existsSync(join(FOLDER, source));

t.test('every file, secret, network and service that a container names exists', async (t) => {
  for (const stack of STACKS)
    for (const [name, { secrets = [], volumes = [], networks, depends_on }] of Object.entries(
      stack.services,
    )) {
      for (const secret of secrets) t.match(stack.secrets[secret]?.file, `./secrets/${secret}`, name);
      for (const network of namesIn(networks)) t.ok(network in stack.networks, `${name}: ${network}`);
      for (const other of namesIn(depends_on)) t.ok(other in stack.services, `${name}: ${other}`);
      for (const [source = ''] of volumes.map((volume) => volume.split(':')))
        t.ok(isSource(stack, source), `${name}: ${source}`);
    }
});

t.test('the services trust the address of nginx, and no other', async (t) => {
  const { networks } = services.nginx ?? {};
  const address = Reflect.get(Reflect.get(networks ?? {}, 'inner'), 'ipv4_address');
  for (const name of ['api-1', 'api-2'])
    t.equal(services[name]?.environment?.TRUST_PROXY, address, `${name} trusts nginx`);
  t.equal(compose.networks.inner?.internal, true, 'the inner network reaches no other');
});

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
  { skip: redisMissing || makingSecretsMissing || COMPOSE_FRONT.missing },
  async (t) => {
    const secrets = await makeSecrets(t, ['secrets']);
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
