/** Certificates that proxies forward: the forms of the field, and real proxies that send it. */

import { writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import t from 'tap';
import { certify, createCa, revocationList } from '../../support/client-authority.ts';
import { openDomain } from '../../support/domain.ts';
import {
  behindProxy,
  byteSequence,
  derOf,
  FORMS,
  forward,
  principalOf,
  PROXY,
  serveClients,
} from '../../support/forwarding.ts';
import { FRONT_ENDS, startFrontEnd } from '../../support/front-ends.ts';
import { opensslMissing } from '../../support/openssl.ts';
import { get } from '../../support/tls.ts';

const NEEDS_OPENSSL = { skip: opensslMissing };

const EC = 'ec -pkeyopt ec_paramgen_curve:P-256';

const { keys } = await openDomain(t);
const ca = await createCa({ algorithm: EC, subject: '/CN=Clients' });
const client = await certify({ algorithm: EC }, ca);
const other = await certify({ algorithm: EC }, ca);
const own = await certify({
  algorithm: EC,
  subject: '/CN=localhost',
  extensions: ['subjectAltName=DNS:localhost'],
});

const derOfKey = (pem: string): Buffer => Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64');

t.test(
  'a field that is not one certificate is refused, and the error shows nothing of the field',
  NEEDS_OPENSSL,
  async (t) => {
    const der = derOf(client.cert);
    const wrong: Readonly<Record<string, readonly (readonly [string, string | string[], RegExp])[]>> = {
      'Client-Cert': [
        [
          'two fields',
          [byteSequence(der), byteSequence(der)],
          /^A request must have at most one Client-Cert header field$/,
        ],
        ['no colons', der.toString('base64'), /must be base64 between two colons/],
        ['parameters', `${byteSequence(der)};a=1`, /must be base64 between two colons/],
        ['a list', `${byteSequence(der)}, ${byteSequence(der)}`, /must be base64 between two colons/],
        ['no base64', ':MIIB*secret*:', /is not base64/],
        ['cut base64', `:${der.toString('base64').slice(0, 101)}:`, /cut off or wrongly padded/],
        ['white space within', `:${der.toString('base64').replace('A', ' A')}:`, /between two colons/],
        ['nothing between the colons', '::', /must be base64 between two colons/],
        [
          'octets after the certificate',
          byteSequence(Buffer.concat([der, Buffer.from('secret')])),
          /6 octets follow/,
        ],
        ['a cut certificate', byteSequence(der.subarray(0, -5)), /not valid DER/],
        ['PEM', FORMS['X-SSL-Client-Cert']?.(client.cert) ?? '', /must be base64 between two colons/],
        ['a private key', byteSequence(derOfKey(client.key)), /Expected CERTIFICATE, got PRIVATE KEY/],
        ['20,000 characters', `:${'A'.repeat(20_000)}:`, /at most 16384 characters/],
      ],
      'X-SSL-Client-Cert': [
        [
          'two fields',
          [client.cert, client.cert].map(encodeURIComponent),
          /at most one X-SSL-Client-Cert header field/,
        ],
        ['two certificates', encodeURIComponent(client.cert + other.cert), /2 PEM blocks/],
        ['a private key', encodeURIComponent(client.key), /Expected CERTIFICATE, got PRIVATE KEY/],
        ['a certificate and its key', encodeURIComponent(client.cert + client.key), /2 PEM blocks/],
        ['no PEM', 'secret', /must have a line/],
        ['wrong percent-encoding', '%E0%A4secret', /must be percent-encoded PEM/],
        ['a byte sequence', byteSequence(der), /must have a line/],
        ['a cut certificate', encodeURIComponent(client.cert.slice(0, 300)), /is missing/],
        ['20,000 characters', 'A'.repeat(20_000), /at most 16384 characters/],
      ],
    };
    for (const [field, faults] of Object.entries(wrong)) {
      const { port, log } = await serveClients(t, keys, { clients: ca.cert }, behindProxy(field));
      for (const [name, value, message] of faults) {
        const { status, body } = await forward(port, { [field]: value });
        t.equal(status, 400, `${field}: ${name}`);
        t.match(JSON.parse(body), { code: 'invalid-message', detail: message }, `${field}: ${name}`);
        const shown = [value].flat().flatMap((text) => text.match(/[A-Za-z0-9+/]{24,}/g) ?? []);
        for (const secret of ['secret', ...shown]) {
          t.notOk(body.includes(secret), `${field}: ${name}: the answer`);
          t.notOk(JSON.stringify(log).includes(secret), `${field}: ${name}: the log`);
        }
      }
      const { status } = await forward(port, { [field]: FORMS[field]?.(client.cert) });
      t.equal(status, 200, 'a valid certificate is accepted');
      t.equal((await forward(port, { [field]: '' })).status, 403, 'an empty field counts as no certificate');
    }
  },
);

t.test('the reply says why a certificate is not trusted', NEEDS_OPENSSL, async (t) => {
  const { port } = await serveClients(t, keys, { clients: ca.cert }, behindProxy('Client-Cert'));
  const reasons: readonly (readonly [Parameters<typeof certify>, RegExp])[] = [
    [[{ algorithm: EC, days: [-9, -1] }, ca], /trusts: The certificate expired at 20/],
    [[{ algorithm: EC, days: [1, 9] }, ca], /trusts: The certificate is not valid before 20/],
    [
      [{ algorithm: EC, extensions: ['extendedKeyUsage=serverAuth'] }, ca],
      /an extendedKeyUsage without clientAuth$/,
    ],
    [[{ algorithm: EC }], /The certificate is not issued by a trusted CA$/],
  ];
  for (const [wish, reason] of reasons) {
    const { cert } = await certify(...wish);
    const { status, body } = await forward(port, { 'Client-Cert': byteSequence(derOf(cert)) });
    t.equal(status, 403);
    t.match(JSON.parse(body), { code: 'forbidden', detail: reason });
  }
});

t.test('a client that is not a proxy is rejected, and its attempts are limited', NEEDS_OPENSSL, async (t) => {
  const limit = { RATE_LIMIT_FAILED_AUTH_PER_MINUTE: '3' };
  const { port } = await serveClients(
    t,
    keys,
    { clients: ca.cert },
    { ...behindProxy('Client-Cert'), ...limit },
  );
  const headers = { 'Client-Cert': byteSequence(derOf(client.cert)) };
  const ask = () => forward(port, { ...headers, 'X-Forwarded-For': PROXY }, '127.0.0.7');
  const first = await ask();
  t.equal(first.status, 403);
  t.match(first.body, /Client-Cert is accepted only from the proxies in TRUST_PROXY/);
  t.same([(await ask()).status, (await ask()).status, (await ask()).status], [403, 403, 429]);
  t.equal((await forward(port, headers)).status, 200, 'other clients are not limited');
});

t.test('the certificate of the proxy does not authenticate its clients', NEEDS_OPENSSL, async (t) => {
  const files = { clients: ca.cert, own };
  const { port } = await serveClients(t, keys, files, behindProxy('Client-Cert'));
  const ask = (localAddress: string, headers = {}) =>
    get({
      port,
      path: '/me',
      ca: own.cert,
      ...other,
      headers,
      localAddress,
      host: '127.0.0.1',
      servername: 'localhost',
    });
  t.equal((await ask(PROXY)).status, 403);
  const forwarded = await ask(PROXY, { 'Client-Cert': byteSequence(derOf(client.cert)) });
  t.equal(forwarded.body, principalOf(client.cert));
  t.equal(
    (await ask('127.0.0.7')).body,
    principalOf(other.cert),
    'a direct client is authenticated by its own certificate',
  );
});

t.test(
  'a revoked client is rejected at the next request, also on open connections',
  NEEDS_OPENSSL,
  async (t) => {
    const files = { clients: ca.cert, crl: await revocationList(ca), own };
    const { app, port, folder, log } = await serveClients(t, keys, files, behindProxy('Client-Cert'));
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: own.cert, ...client });
    t.teardown(() => agent.destroy());
    const ask = async () => (await get({ port, path: '/me', agent })).status;
    t.equal(await ask(), 200);
    writeFileSync(
      join(folder, 'crl'),
      await revocationList(await createCa({ algorithm: EC, subject: '/CN=Clients' })),
    );
    await app.reload();
    t.match(log.at(-1), {
      level: 50,
      err: { message: /^TLS_CLIENT_CRL_FILE .* The CRL is not signed by any of the CAs$/ },
    });
    t.equal(await ask(), 200, 'the CRL of another CA changes nothing');
    writeFileSync(join(folder, 'crl'), await revocationList(ca, { revoked: [client] }));
    await app.reload();
    t.equal(await ask(), 403, 'the connection that was open');
    t.equal(
      (await get({ port, path: '/me', ca: own.cert, agent: false, ...client })).status,
      403,
      'a new one',
    );
    t.equal((await get({ port, path: '/me', ca: own.cert, agent: false, ...other })).status, 200);
    const headers = { 'Client-Cert': byteSequence(derOf(client.cert)) };
    const asProxy = { localAddress: PROXY, host: '127.0.0.1', servername: 'localhost' };
    const forwarded = await get({ port, path: '/me', ca: own.cert, agent: false, headers, ...asProxy });
    t.match(forwarded.body, /trusts: The certificate is revoked/, 'a forwarded one');
  },
);

t.test('the header may contain an ML-DSA-87 certificate and more', NEEDS_OPENSSL, async (t) => {
  const root = await createCa({ algorithm: 'ml-dsa-87' });
  const services = await Promise.all(
    Object.keys(FORMS).map(async (field) => {
      const { port } = await serveClients(t, keys, { clients: root.cert }, behindProxy(field));
      return { field, port };
    }),
  );
  const plain = await serveClients(t, keys, { clients: root.cert, own });
  // The length of an access token with an ML-DSA-87 signature.
  const Authorization = `Bearer ${'x'.repeat(6500)}`;
  for (const algorithm of ['rsa:4096', 'ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87']) {
    const { cert } = await certify({ algorithm }, root);
    for (const { field, port } of services) {
      const value = FORMS[field]?.(cert) ?? '';
      const { status } = await forward(port, { [field]: value, Authorization });
      t.equal(status, 200, `${algorithm} in ${field}`);
      t.comment(
        `T08: ${algorithm} of an ML-DSA-87 CA: ${derOf(cert).length} octets, ${field} of ${value.length} characters, with a token of 6,500: ${status}`,
      );
    }
  }
  for (const [length, status] of [
    [15_000, 403],
    [17_000, 431],
  ] as const) {
    const reply = await get({
      port: plain.port,
      path: '/me',
      ca: own.cert,
      headers: { Authorization: 'x'.repeat(length) },
    });
    t.equal(reply.status, status, `${length} octets without CLIENT_CERT_HEADER`);
  }
  const [service] = services;
  const tooLong = await forward(service?.port ?? 0, { Authorization: 'x'.repeat(33_000) });
  t.equal(tooLong.status, 431, 'and not more than 32 KiB with it');
});

for (const frontEnd of FRONT_ENDS) {
  const { name, header, missing } = frontEnd;
  t.test(`${name} forwards as the guide describes`, { skip: missing || opensslMissing }, async (t) => {
    const environment = { CLIENT_CERT_HEADER: header, TRUST_PROXY: '127.0.0.1' };
    const service = await serveClients(t, keys, { clients: ca.cert }, environment);
    const port = await startFrontEnd(t, frontEnd, service.port, { own, clients: ca.cert });
    const ask = (options: object) =>
      get({ port, path: '/me', ca: own.cert, agent: false, ...options }).catch(() => ({
        status: 0,
        body: '',
      }));
    t.equal((await ask(client)).body, principalOf(client.cert));
    t.equal((await ask({})).status, 403, 'a client without a certificate is rejected');
    const headers = { [header]: FORMS[header]?.(other.cert) };
    t.equal((await ask({ headers })).status, 403, 'a field that the client sends is not forwarded');
    t.equal((await ask({ ...client, headers })).body, principalOf(client.cert));
    const rsa = await certify({ algorithm: 'rsa:3072' }, ca);
    t.equal((await ask(rsa)).body, principalOf(rsa.cert));
    const expired = await certify({ algorithm: EC, days: [-9, -1] }, ca);
    t.notMatch(await ask(expired), { status: 200 });
  });
}
