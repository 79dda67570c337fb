/** The whole service with a store in a folder of the test, over HTTP, for callers with API keys. */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type { Test } from 'tap';
import type { Scope } from '../../src/access/scopes.ts';
import type { Store } from '../../src/storage/ports.ts';
import { databaseIn } from '../../src/storage/sqlite/files.ts';
import { keyFile, makeKey } from './api-keys.ts';
import { startApp } from './service.ts';
import { succeeding } from './until.ts';

export interface Client {
  /** `Principal.id`. */
  readonly principal: string;
  readonly headers: Readonly<Record<string, string>>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<LightMyRequestResponse>;
  post(
    path: string,
    payload?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<LightMyRequestResponse>;
}

export interface AuthorityService<Name extends string> {
  readonly app: FastifyInstance;
  /** The value of DATA_DIR. */
  readonly folder: string;
  /** The file of the database. */
  readonly database: string;
  readonly clients: Readonly<Record<Name, Client>>;
}

export async function startAuthorityService<Name extends string>(
  t: Test,
  callers: Readonly<Record<Name, readonly Scope[]>>,
  variables: Readonly<Record<string, string>> = {},
): Promise<AuthorityService<Name>> {
  const entries = Object.entries<readonly Scope[]>(callers) as [Name, readonly Scope[]][];
  const keys = entries.map(([name, scopes]) => ({ name, ...makeKey(scopes, { name }) }));
  const file = keyFile(t, ...keys.map(({ key }) => key));
  const folder = join(t.testdirName, 'data');
  mkdirSync(folder);
  const app = await startApp(t, { DATA_DIR: folder, API_KEYS_FILE: file.path, ...variables });
  await warmUp(app);
  const clients = keys.map(({ name, key, text }) => [
    name,
    clientOf(app, `key:${key.id}`, { 'X-API-Key': text }),
  ]);
  return {
    app,
    folder,
    database: databaseIn(folder),
    clients: Object.fromEntries(clients) as Record<Name, Client>,
  };
}

/** Replaces methods of the store until `t` ends. */
export function changeStore(t: Test, store: Store, change: (original: Store) => Partial<Store>): void {
  const original = { ...store };
  Object.assign(store, change(original));
  t.teardown(() => Object.assign(store, original));
}

/** Without authentication. */
export async function startAnonymousService(
  t: Test,
): Promise<{ readonly app: FastifyInstance; readonly client: Client }> {
  const app = await startApp(t, { DATA_DIR: join(t.testdir({}), 'data') });
  await warmUp(app);
  return { app, client: clientOf(app, 'anonymous', {}) };
}

/** The first use of each thread of the store can take longer than a request may. */
async function warmUp({ authorityDomain }: FastifyInstance): Promise<void> {
  const read = async () => authorityDomain?.store.listAuthorities({ limit: 1 });
  await Promise.all(Array.from({ length: 4 }, () => succeeding(read)));
}

const clientOf = (
  app: FastifyInstance,
  principal: string,
  own: Readonly<Record<string, string>>,
): Client => ({
  principal,
  headers: own,
  get: (url, headers = {}) => app.inject({ method: 'GET', url, headers: { ...own, ...headers } }),
  post: (url, payload = {}, headers = {}) =>
    app.inject({ method: 'POST', url, payload, headers: { ...own, ...headers } }),
});

/** On a busy machine a call of the store can take longer than it may. */
function create(client: Client, path: string, body: object): Promise<LightMyRequestResponse> {
  const key = { 'Idempotency-Key': `"${randomUUID()}"` };
  return succeeding(async () => {
    const reply = await client.post(path, body, key);
    if (reply.statusCode === 503) throw new Error(reply.body);
    return reply;
  });
}

/** Makes a root and an intermediate. Returns the id of the intermediate. */
export async function makeAuthorities(client: Client): Promise<string> {
  const made = [
    { name: 'root-1', subject: '/CN=Root/O=Example', key_algorithm: 'ml-dsa-44' },
    {
      name: 'issuing-1',
      subject: '/CN=Issuing/O=Example',
      parent: 'root-1',
      path_length: 0,
      key_algorithm: 'ml-dsa-44',
    },
  ];
  let id = '';
  for (const body of made) {
    const reply = await create(client, '/api/v1/authorities', body);
    if (reply.statusCode !== 201) throw new Error(reply.body);
    ({ id } = reply.json());
  }
  return id;
}

/** Issues, and returns the reply. */
export async function issueFor(client: Client, members: object, authority = 'issuing-1') {
  const body = { key_algorithm: 'ml-dsa-44', ...members };
  const reply = await create(client, `/api/v1/authorities/${authority}/certificates`, body);
  if (reply.statusCode !== 201) throw new Error(reply.body);
  return reply.json();
}
