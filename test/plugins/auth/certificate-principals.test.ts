/** The principal and the scopes of a client certificate. */

import { X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { V1_SCOPES } from '../../../src/access/scopes.ts';
import { openDomain } from '../../support/domain.ts';
import { buildEdge } from '../../support/edge.ts';
import { get, identityOf, tlsVariables } from '../../support/tls.ts';

const { issuer } = await openDomain(t);
const server = await identityOf(issuer);
// Its own authority, which will do for a client that is trusted alone.
const client = await identityOf(issuer, { subject: '/CN=web team/O=Example' });

/** Returns a function that sends a request to a service that trusts the client. */
async function serve(t: Test, environment = {}) {
  const folder = t.testdir({ ...server, clients: client.cert });
  const { app } = await buildEdge(t, { ...tlsVariables(folder, true), ...environment }, (app) => {
    app.get('/me', { config: { scope: 'inspect' } }, ({ principal }) => ({
      ...principal,
      scopes: [...(principal?.scopes ?? [])],
    }));
    app.get('/admin', { config: { scope: 'admin' } }, () => 'admin');
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return (path: string, options: object) => get({ port, path, ca: server.cert, agent: false, ...options });
}

t.test('a certificate alone authenticates, without keys in the configuration', async (t) => {
  const ask = await serve(t);
  const known = await ask('/me', client);
  t.equal(known.status, 200);
  const { fingerprint256 } = new X509Certificate(client.cert);
  t.same(JSON.parse(known.body), {
    id: `certificate:${fingerprint256.replaceAll(':', '').toLowerCase()}`,
    name: 'CN=web team, O=Example',
    scopes: V1_SCOPES,
  });
  t.equal((await ask('/admin', client)).status, 403, 'not all of it');
  t.equal((await ask('/me', server)).status, 403, 'one of nobody');
  t.equal((await ask('/me', {})).status, 403);
  t.equal((await ask('/me', { headers: { 'X-API-Key': 'a-key' } })).status, 403);
});

t.test('with keys in the configuration, a certificate alone is not enough', async (t) => {
  const ask = await serve(t, { API_KEYS: 'a-key' });
  const headers = { 'X-API-Key': 'a-key' };
  t.equal((await ask('/me', client)).status, 401);
  t.equal((await ask('/me', { headers })).status, 403);
  const known = await ask('/me', { ...client, headers });
  t.equal(known.status, 200);
  t.match(JSON.parse(known.body), { name: 'API_KEYS' });
});

t.test('no header field replaces a certificate', async (t) => {
  const ask = await serve(t);
  const pem = encodeURIComponent(client.cert);
  const der = new X509Certificate(client.cert).raw.toString('base64');
  const fields = {
    'X-SSL-Client-Cert': pem,
    'X-Forwarded-Client-Cert': `Cert="${pem}"`,
    'Client-Cert': `:${der}:`,
  };
  for (const [name, value] of Object.entries(fields)) {
    t.equal((await ask('/me', { headers: { [name]: value } })).status, 403, name);
  }
});
