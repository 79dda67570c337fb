/** Which clients are let in by their certificates, shown to the service or forwarded to it (T80). */

import { once } from 'node:events';
import { hash, X509Certificate } from 'node:crypto';
import { request, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, type SecureContextOptions } from 'node:tls';
import t, { type Test } from 'tap';
import type { Environment } from '../../src/config/load.ts';
import { openDomain } from '../support/domain.ts';
import { buildEdge } from '../support/edge.ts';
import { certify, createCa, revocationList, type Wish } from '../support/client-authority.ts';
import { opensslMissing } from '../support/openssl.ts';
import { get, tlsVariables, type Identity } from '../support/tls.ts';

const NEEDS_OPENSSL = { skip: opensslMissing };

const EC = 'ec -pkeyopt ec_paramgen_curve:P-256';

/** A proxy that is trusted, and somebody who is not, both on this machine. */
const PROXY = '127.0.0.9';
const STRANGER = '127.0.0.8';

// For several services, none of which may close it.
const keys = { ...(await openDomain(t)).keys, close: async () => {} };

interface Client {
  readonly name: string;
  readonly identity: Partial<Identity>;
  readonly isGood: boolean;
  /** No TLS before 1.3 knows how an ML-DSA key signs. */
  readonly isMlDsa?: boolean;
}

const mlDsa = await createCa({ algorithm: 'ml-dsa-87', subject: '/CN=ML-DSA CA' });
const classical = await createCa({ algorithm: EC, subject: '/CN=Classical CA' });
const between = await createCa({ algorithm: 'ml-dsa-44', subject: '/CN=Between' }, mlDsa);
const other = await createCa({ subject: '/CN=ML-DSA CA' });
const authorities = [mlDsa, between, classical].map(({ cert }) => cert).join('');
const revoked = { mlDsa: await certify({}, mlDsa), classical: await certify({ algorithm: EC }, classical) };
const server = await certify({
  algorithm: EC,
  subject: '/CN=localhost',
  extensions: ['subjectAltName=DNS:localhost'],
});

const lists = async (days?: readonly [number, number]): Promise<string> => {
  const made = [
    revocationList(mlDsa, { revoked: [revoked.mlDsa], days }),
    revocationList(classical, { revoked: [revoked.classical], days }),
    revocationList(between, { extensions: ['authorityKeyIdentifier=keyid'] }),
  ];
  return (await Promise.all(made)).join('');
};

const good = async (name: string, algorithm: string, ca: Identity): Promise<Client> => ({
  name,
  identity: await certify({ algorithm }, ca),
  isGood: true,
  isMlDsa: algorithm.startsWith('ml-dsa'),
});

const bad = async (name: string, wish?: Wish, ca?: Identity): Promise<Client> => ({
  name,
  identity: wish ? await certify(wish, ca) : {},
  isGood: false,
});

const CLIENTS: readonly Client[] = await Promise.all([
  good('ML-DSA-44', 'ml-dsa-44', mlDsa),
  good('ML-DSA-65', 'ml-dsa-65', mlDsa),
  good('ML-DSA-87', 'ml-dsa-87', mlDsa),
  good('of a CA below', 'ml-dsa-65', between),
  good('RSA 2048', 'rsa:2048', classical),
  good('RSA 3072', 'rsa:3072', classical),
  good('ECDSA P-256', EC, classical),
  good('ECDSA P-384', 'ec -pkeyopt ec_paramgen_curve:P-384', classical),
  good('Ed25519', 'ed25519', classical),
  bad('no certificate'),
  bad('expired', { algorithm: EC, days: [-30, -1] }, classical),
  bad('not yet valid', { algorithm: EC, days: [1, 30] }, classical),
  bad('expired, ML-DSA', { days: [-30, -1] }, mlDsa),
  bad('not yet valid, ML-DSA', { days: [1, 30] }, mlDsa),
  bad('for servers', { algorithm: EC, extensions: ['extendedKeyUsage=serverAuth'] }, classical),
  bad('for no signatures', { algorithm: EC, extensions: ['keyUsage=keyEncipherment'] }, classical),
  bad('critical and unknown', { extensions: ['1.2.3.4=critical,DER:0500'] }, mlDsa),
  bad('of another CA', { algorithm: EC }, await createCa({ algorithm: EC, subject: '/CN=Other' })),
  bad('of another CA of the same name', {}, other),
  bad('of itself', { algorithm: EC }),
  bad('of a client', { algorithm: EC }, await certify({}, mlDsa)),
  { name: 'revoked', identity: revoked.classical, isGood: false },
  { name: 'revoked, ML-DSA', identity: revoked.mlDsa, isGood: false },
]);

/** The service, with TLS of its own if `isSecure`, told by a route whom it takes a caller for. */
async function serve(t: Test, crl: string, isSecure: boolean, environment: Environment = {}) {
  const folder = t.testdir({ ...server, clients: authorities, crl });
  const { TLS_CLIENT_CA_FILE, ...files } = tlsVariables(folder, true);
  const variables = { TLS_CLIENT_CA_FILE, TLS_CLIENT_CRL_FILE: join(folder, 'crl'), ...environment };
  const edge = await buildEdge(
    t,
    { ...(isSecure && files), ...variables },
    (app) => app.get('/me', { config: { scope: 'inspect' } }, ({ principal }) => principal?.id),
    { keys },
  );
  await edge.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = edge.app.server.address() as AddressInfo;
  return { ...edge, port, folder };
}

type Served = Awaited<ReturnType<typeof serve>>;

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Shown in the handshake. A client that cannot speak TLS with its key gets no answer. */
async function show({ port }: Served, options: Partial<Identity> & SecureContextOptions): Promise<Answer> {
  const ask = get({ port, path: '/me', ca: server.cert, agent: false, ...options });
  return ask.catch(({ message }: Error) => ({ status: 0, body: message }));
}

const derOf = (cert: string): Buffer => new X509Certificate(cert).raw;

/** What a proxy makes of a certificate, for each field. */
const FORMS: Readonly<Record<string, (cert: string) => string>> = {
  'Client-Cert': (cert) => `:${derOf(cert).toString('base64')}:`,
  'X-SSL-Client-Cert': encodeURIComponent,
};

/** Asks as a proxy does, from `localAddress`. */
async function forward(
  { port }: Served,
  headers: OutgoingHttpHeaders,
  localAddress = PROXY,
): Promise<Answer> {
  const call = request({ host: '127.0.0.1', port, path: '/me', headers, localAddress, agent: false });
  call.end();
  const [reply] = await once(call, 'response');
  return { status: reply.statusCode, body: await text(reply) };
}

const principalOf = ({ cert = '' }: Partial<Identity>): string =>
  `certificate:${hash('sha256', derOf(cert), 'hex')}`;

/** One way in: who comes by it, and what is to be answered. */
interface Way {
  readonly name: string;
  readonly ask: (client: Client) => Promise<Answer>;
  readonly admits: (client: Client) => boolean;
}

async function waysIn(t: Test, crl: string, admits: Way['admits']): Promise<readonly Way[]> {
  const direct = await serve(t, crl, true);
  const forms = Object.entries(FORMS).map(async ([field, form]): Promise<readonly Way[]> => {
    const behind = await serve(t, crl, false, {
      CLIENT_CERT_HEADER: field,
      TRUST_PROXY: `${PROXY},10.0.0.0/8`,
    });
    const fields = ({ identity: { cert } }: Client) => ({
      ...(cert !== undefined && { [field]: form(cert) }),
    });
    return [
      { name: `${field} of a proxy`, ask: (client) => forward(behind, fields(client)), admits },
      {
        name: `${field} of a stranger`,
        // Who says that the proxy stands behind is still a stranger.
        ask: (client) => forward(behind, { ...fields(client), 'X-Forwarded-For': PROXY }, STRANGER),
        admits: () => false,
      },
    ];
  });
  return [
    { name: 'TLS 1.3', ask: ({ identity }) => show(direct, identity), admits },
    {
      name: 'TLS 1.2',
      ask: ({ identity }) => show(direct, { ...identity, maxVersion: 'TLSv1.2' }),
      admits: (client) => admits(client) && client.isMlDsa !== true,
    },
    ...(await Promise.all(forms)).flat(),
  ];
}

/** Answers how many were answered as they should be. */
async function judge(t: Test, ways: readonly Way[], clients = CLIENTS): Promise<number> {
  let right = 0;
  for (const { name, ask, admits } of ways) {
    for (const client of clients) {
      const { status, body } = await ask(client);
      const expected = admits(client) ? body === principalOf(client.identity) : [0, 403].includes(status);
      if (expected) right++;
      else t.fail(`${name}: ${client.name}: ${status} ${body}`);
    }
  }
  return right;
}

t.test('by every way the clients of a CA come in, and nobody else', NEEDS_OPENSSL, async (t) => {
  const ways = await waysIn(t, await lists(), ({ isGood }) => isGood);
  const right = await judge(t, ways);
  t.equal(right, ways.length * CLIENTS.length);
  t.comment(
    `T80 client certificates: ${right}/${ways.length * CLIENTS.length} (${ways.map(({ name }) => name).join(', ')})`,
  );
});

t.test('of a CA whose revocation list has expired nobody comes in', NEEDS_OPENSSL, async (t) => {
  const ways = await waysIn(t, await lists([-9, -1]), () => false);
  const clients = CLIENTS.filter(({ isGood }) => isGood);
  const right = await judge(t, ways, clients);
  t.equal(right, ways.length * clients.length);
  t.comment(`T80 expired revocation lists: ${right}/${ways.length * clients.length} are refused`);
});

t.test('no connection is renegotiated', NEEDS_OPENSSL, async (t) => {
  const { port } = await serve(t, await lists(), true);
  const socket = connect({ port, host: '127.0.0.1', maxVersion: 'TLSv1.2', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const fault = await new Promise<Error | null>((resolve) => {
    socket.on('error', resolve);
    socket.renegotiate({}, resolve);
  });
  t.match(fault, { message: /no renegotiation/i });
  socket.destroy();
});
