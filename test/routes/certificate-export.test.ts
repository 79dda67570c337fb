/** The export of certificates, over a real connection. */

import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { X509Certificate } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t, { type Test } from 'tap';
import type { Certificate } from '../../src/storage/ports.ts';
import { storeUnavailable } from '../../src/storage/unavailable.ts';
import { fillStore } from '../../bench/fill-store.ts';
import { certificateOf, createAuthority, reservationOf } from '../storage/samples.ts';
import {
  changeStore,
  issueFor,
  makeAuthorities,
  startAuthorityService,
} from '../support/authority-service.ts';

const EXPORT = '/api/v1/certificates/export';

const { app, clients, database } = await startAuthorityService(t, {
  admin: ['admin', 'certs:read', 'authorities:manage', 'certs:issue', 'certs:issue:ca'],
  web: ['certs:issue', 'certs:read'],
});
const { admin, web } = clients;
await makeAuthorities(admin);
await app.listen({ host: '127.0.0.1', port: 0 });
const { port } = app.server.address() as AddressInfo;
const { store } = app.checkpointPorts();

async function open(path: string, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> {
  const sent = httpRequest({ host: '127.0.0.1', port, path, headers });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

async function linesOf(response: IncomingMessage): Promise<Record<string, unknown>[]> {
  const lines: Record<string, unknown>[] = [];
  for await (const line of createInterface({ input: response })) lines.push(JSON.parse(line));
  return lines;
}

t.test('each line is a certificate, the oldest first, and only those that the caller may see', async (t) => {
  const issued = [];
  for (const name of ['a', 'b', 'c']) issued.push(await issueFor(web, { subject: `/CN=${name}` }));
  await issueFor(admin, { subject: '/CN=admin' });
  const response = await open(EXPORT, web.headers);
  t.equal(response.statusCode, 200);
  t.equal(response.headers['content-type'], 'application/x-ndjson');
  const lines = await linesOf(response);
  t.strictSame(
    lines.map(({ id }) => id),
    issued.map(({ id }) => id),
  );
  const [first] = lines;
  const pem = Buffer.from(String(first?.certificate), 'base64');
  t.equal(new X509Certificate(pem).fingerprint256, first?.sha256_fingerprint);
  t.equal(first?.chain, undefined);
  const filtered = await linesOf(await open(`${EXPORT}?subject=b`, web.headers));
  t.strictSame(
    filtered.map(({ id }) => id),
    [issued[1]?.id],
  );
  t.strictSame(await linesOf(await open(`${EXPORT}?principal=nobody`, web.headers)), []);
  for (const query of ['unknown=1', 'limit=5', 'serial=z'])
    t.equal((await web.get(`${EXPORT}?${query}`)).statusCode, 400, query);
});

t.test('HEAD exports nothing', async (t) => {
  changeStore(t, store, () => ({
    exportCertificates() {
      throw new Error('the store is read');
    },
  }));
  const reply = await app.inject({ method: 'HEAD', url: EXPORT, headers: web.headers });
  t.equal(reply.statusCode, 404);
});

t.test('a store that fails before the first line is a problem, and later ends the connection', async (t) => {
  const certificate = certificateOf(reservationOf(await createAuthority(store)));
  for (const pages of [0, 1]) {
    changeStore(t, store, () => ({ exportCertificates: () => failingAfter(pages, certificate) }));
    const response = await open(EXPORT, admin.headers);
    if (pages === 0) {
      t.equal(response.statusCode, 503);
      t.match(await linesOf(response), [{ code: 'store-unavailable' }]);
    } else {
      t.equal(response.statusCode, 200);
      await t.rejects(linesOf(response), { code: 'ECONNRESET' });
    }
  }
});

async function* failingAfter(pages: number, certificate: Certificate): AsyncGenerator<Certificate[]> {
  for (let page = 0; page < pages; page += 1) yield [certificate];
  throw storeUnavailable('cannot be read');
}

const CERTIFICATES = 20_000;

/** Starts the collector of garbage, so that only memory in use is measured. */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const MEGABYTE = 2 ** 20;

/** Collects twice: the memory of the buffers that a collection finds free is returned at the next one. */
function usedMemory(): number {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return Math.round((heapUsed + external) / MEGABYTE);
}

t.test('20,000 certificates are never in memory, and no page is read before it can be sent', async (t) => {
  fillStore({
    path: database,
    count: CERTIFICATES,
    length: 5500,
    now: new Date(),
    members: { principal: 'key:bulk' },
  });
  const pages = countPages(t);
  const response = await open(`${EXPORT}?principal=key:bulk`, admin.headers);
  let [octets, lines] = [0, 0];
  const memory: number[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (octets === 0) {
      // While nothing is read here, only what fits into the buffers of the connection is read from the store.
      for (let call = 0; call < 100; call += 1) await store.auditHead();
      t.ok(pages.read < 80, `${pages.read} of 400 pages`);
    }
    octets += chunk.length;
    lines += chunk.toString('latin1').split('\n').length - 1;
    if (lines > memory.length * 2500) memory.push(usedMemory());
  }
  t.equal(lines, CERTIFICATES);
  t.equal(pages.read, 400);
  t.ok(octets > 150 * MEGABYTE, 'the reply is much larger than the memory that it needs');
  const [early, late] = [memory.slice(0, 4), memory.slice(4)].map((part) => Math.min(...part));
  t.ok((late ?? 0) - (early ?? 0) < 32, `MiB in use: ${memory.join(', ')}`);
});

function countPages(t: Test): { readonly read: number } {
  const pages = { read: 0 };
  changeStore(t, store, (original) => ({
    async *exportCertificates(query) {
      for await (const page of original.exportCertificates(query)) {
        pages.read += 1;
        yield page;
      }
    },
  }));
  return pages;
}
