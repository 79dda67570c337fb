/** deploy/compose/sqlite.yaml and postgresql.yaml: the services with the store of each file, without a container engine. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { makeSecrets, makingSecretsMissing, readCompose } from '../support/compose.ts';
import { freePort } from '../support/free-port.ts';
import { issueFrom, makeAuthorities } from '../support/made-authorities.ts';
import { postgresMissing, startPostgres } from '../support/postgres.ts';
import { addressIn, run, START } from '../support/process.ts';
import { rewrite } from '../support/rewrite.ts';

const API = ['api-1', 'api-2'];
const stateless = readCompose();
const sqlite = readCompose('sqlite.yaml');
const postgresql = readCompose('postgresql.yaml');

t.test('only the volume of the data can be written', async (t) => {
  for (const name of API) {
    t.same(stateless.services[name]?.volumes, undefined, 'compose.yaml alone stores nothing');
    t.same(sqlite.services[name]?.volumes, ['data:/var/lib/mldsa-api']);
    t.equal(sqlite.services[name]?.environment?.DATA_DIR, '/var/lib/mldsa-api');
    t.same(postgresql.services[name]?.volumes, []);
  }
  t.same(postgresql.services.postgresql?.volumes, ['database:/var/lib/postgresql']);
});

t.test('the services wait for PostgreSQL, and nothing else reaches it', async (t) => {
  const { networks, healthcheck, secrets, ports } = postgresql.services.postgresql ?? {};
  t.same(networks, ['inner']);
  t.equal(ports, undefined);
  t.equal(postgresql.networks.inner?.internal, true);
  // The first start of the image runs a server without TCP, which must not count as ready.
  t.match(healthcheck?.test, ['CMD', 'pg_isready']);
  t.ok(healthcheck?.test.includes('--host=127.0.0.1'));
  t.same(secrets, ['database-password'], 'it gets neither the URL nor the sealing key');
  for (const name of API)
    t.same(postgresql.services[name]?.depends_on, ['redis', 'postgresql'], 'both are waited for');
});

/** Starts both services with the environment of the file. Returns their ports and one environment. */
async function startServices(t: Test, secrets: string, { services }: typeof sqlite, data: string) {
  const environmentOf = (name: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(services[name]?.environment ?? {}).map(([variable, value]) => [
        variable,
        value.replace('/run/secrets', secrets).replace('/var/lib/mldsa-api', data),
      ]),
    );
  const image = { NODE_ENV: 'production', HOST: '127.0.0.1', PORT: '0' };
  const lines = await Promise.all(
    API.map((name) => run(t, [START], { ...image, ...environmentOf(name) }).listening),
  );
  return { ports: lines.map((line) => new URL(addressIn(line)).port), environment: environmentOf('api-1') };
}

/** Both services issue from the authorities that an operator makes in one of them. */
async function issueFromBoth(t: Test, secrets: string, compose: typeof sqlite): Promise<void> {
  // The rate limits are not the subject. A port where nothing listens is a Redis that is down.
  rewrite(join(secrets, 'redis-url'), '@redis:6379', `@127.0.0.1:${await freePort()}`);
  const { ports, environment } = await startServices(t, secrets, compose, join(secrets, '../data'));
  const key = /^mld_\S+$/m.exec(readFileSync(join(secrets, 'web-team'), 'utf8'))?.[0] ?? '';
  const [first = ''] = ports;
  t.equal(await issueFrom(first, key), 404, 'there is no authority yet');
  await makeAuthorities(t, environment);
  for (const port of ports) t.equal(await issueFrom(port, key), 201);
  t.equal(await issueFrom(first, 'another'), 401);
}

t.test('both services share the volume', { skip: makingSecretsMissing }, async (t) => {
  await issueFromBoth(t, await makeSecrets(t, ['secrets', 'sealing key']), sqlite);
});

t.test('both services share PostgreSQL', { skip: postgresMissing || makingSecretsMissing }, async (t) => {
  const secrets = await makeSecrets(t, ['secrets', 'sealing key', 'postgresql']);
  const { POSTGRES_USER = '', POSTGRES_DB = '' } = postgresql.services.postgresql?.environment ?? {};
  const postgres = await startPostgres(t, ['password_encryption=scram-sha-256']);
  const password = readFileSync(join(secrets, 'database-password'), 'utf8').trim();
  postgres.sql(`CREATE ROLE ${POSTGRES_USER} LOGIN PASSWORD '${password}'`);
  postgres.sql(`CREATE DATABASE ${POSTGRES_DB} OWNER ${POSTGRES_USER}`);
  const url = new URL(readFileSync(join(secrets, 'database-url'), 'utf8'));
  t.match(url, { username: POSTGRES_USER, password, pathname: `/${POSTGRES_DB}`, port: '5432' });
  t.ok(url.hostname in postgresql.services, 'the host is a service');
  rewrite(join(secrets, 'database-url'), `@${url.host}`, `@${new URL(postgres.url).host}`);
  await issueFromBoth(t, secrets, postgresql);
});
