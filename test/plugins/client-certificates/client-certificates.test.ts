/** Which clients are accepted by their certificates, from the TLS connection or forwarded by a proxy. */

import { once } from 'node:events';
import { connect, type SecureContextOptions } from 'node:tls';
import t, { type Test } from 'tap';
import { certify, createCa, revocationList, type Wish } from '../../support/client-authority.ts';
import { openDomain } from '../../support/domain.ts';
import {
  behindProxy,
  FORMS,
  forward,
  principalOf,
  PROXY,
  serveClients,
  STRANGER,
  type Answer,
} from '../../support/forwarding.ts';
import { opensslMissing } from '../../support/openssl.ts';
import { get, type Identity } from '../../support/tls.ts';

const NEEDS_OPENSSL = { skip: opensslMissing };

const EC = 'ec -pkeyopt ec_paramgen_curve:P-256';

const { keys } = await openDomain(t);

interface Client {
  readonly name: string;
  readonly identity: Partial<Identity>;
  readonly isGood: boolean;
  /** ML-DSA signatures need TLS 1.3. */
  readonly isMlDsa?: boolean;
}

const mlDsa = await createCa({ algorithm: 'ml-dsa-87', subject: '/CN=ML-DSA CA' });
const classical = await createCa({ algorithm: EC, subject: '/CN=Classical CA' });
const between = await createCa({ algorithm: 'ml-dsa-44', subject: '/CN=Between' }, mlDsa);
const namesake = await createCa({ subject: '/CN=ML-DSA CA' });
const stranger = await createCa({ algorithm: EC, subject: '/CN=Other' });
const noCa = await certify({}, mlDsa);
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

const certified = await Promise.all([
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
  bad('of another CA', { algorithm: EC }, stranger),
  bad('of another CA of the same name', {}, namesake),
  bad('of itself', { algorithm: EC }),
  bad('of a client', { algorithm: EC }, noCa),
]);

const CLIENTS: readonly Client[] = [
  ...certified,
  { name: 'revoked', identity: revoked.classical, isGood: false },
  { name: 'revoked, ML-DSA', identity: revoked.mlDsa, isGood: false },
];

/** Sends the certificate in the handshake. A client whose key TLS does not support gets no reply. */
async function show(port: number, options: Partial<Identity> & SecureContextOptions): Promise<Answer> {
  const ask = get({ port, path: '/me', ca: server.cert, agent: false, ...options });
  return ask.catch(({ message }: Error) => ({ status: 0, body: message }));
}

/** A way to send a certificate, its clients, and the expected replies. */
interface Way {
  readonly name: string;
  readonly ask: (client: Client) => Promise<Answer>;
  readonly admits: (client: Client) => boolean;
}

async function waysIn(t: Test, crl: string, admits: Way['admits']): Promise<readonly Way[]> {
  const files = { clients: authorities, crl };
  const direct = await serveClients(t, keys, { ...files, own: server });
  const forms = Object.entries(FORMS).map(async ([field, form]): Promise<readonly Way[]> => {
    const { port } = await serveClients(t, keys, files, behindProxy(field));
    const fields = ({ identity: { cert } }: Client) => ({
      ...(cert !== undefined && { [field]: form(cert) }),
    });
    return [
      { name: `${field} of a proxy`, ask: (client) => forward(port, fields(client)), admits },
      {
        name: `${field} of a stranger`,
        // Other addresses must not forward certificates.
        ask: (client) => forward(port, { ...fields(client), 'X-Forwarded-For': PROXY }, STRANGER),
        admits: () => false,
      },
    ];
  });
  return [
    { name: 'TLS 1.3', ask: ({ identity }) => show(direct.port, identity), admits },
    {
      name: 'TLS 1.2',
      ask: ({ identity }) => show(direct.port, { ...identity, maxVersion: 'TLSv1.2' }),
      admits: (client) => admits(client) && client.isMlDsa !== true,
    },
    ...(await Promise.all(forms)).flat(),
  ];
}

/** Returns how many replies were as expected. */
async function judge(t: Test, ways: readonly Way[], clients = CLIENTS): Promise<number> {
  let right = 0;
  for (const { name, ask, admits } of ways) {
    for (const client of clients) {
      const { status, body } = await ask(client);
      const expected = admits(client)
        ? body === principalOf(client.identity.cert ?? '')
        : [0, 403].includes(status);
      if (expected) right++;
      else t.fail(`${name}: ${client.name}: ${status} ${body}`);
    }
  }
  return right;
}

t.test('the clients of a CA are accepted in every way, and no others', NEEDS_OPENSSL, async (t) => {
  const ways = await waysIn(t, await lists(), ({ isGood }) => isGood);
  const right = await judge(t, ways);
  t.equal(right, ways.length * CLIENTS.length);
  t.comment(
    `T80: client certificates: ${right}/${ways.length * CLIENTS.length} (${ways.map(({ name }) => name).join(', ')})`,
  );
});

t.test('no client of a CA with an expired CRL is accepted', NEEDS_OPENSSL, async (t) => {
  const ways = await waysIn(t, await lists([-9, -1]), () => false);
  const clients = CLIENTS.filter(({ isGood }) => isGood);
  const right = await judge(t, ways, clients);
  t.equal(right, ways.length * clients.length);
  t.comment(`T80: expired revocation lists: ${right}/${ways.length * clients.length} are refused`);
});

t.test('no connection is renegotiated', NEEDS_OPENSSL, async (t) => {
  const { port } = await serveClients(t, keys, { clients: authorities, crl: await lists(), own: server });
  const socket = connect({ port, host: '127.0.0.1', maxVersion: 'TLSv1.2', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const fault = await new Promise<Error | null>((resolve) => {
    socket.on('error', resolve);
    socket.renegotiate({}, resolve);
  });
  t.match(fault, { message: /no renegotiation/i });
  socket.destroy();
});
