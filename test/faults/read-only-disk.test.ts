/** T84: the file system of the store becomes read-only while certificates are issued. */

import { X509Certificate } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { verifyAuditChain } from '../../src/storage/audit-chain.ts';
import { databaseIn } from '../../src/storage/sqlite/files.ts';
import { openStore } from '../support/authorities.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { addressIn, WITHOUT_STORE, run, START } from '../support/process.ts';
import { readOnlyFolder } from '../support/read-only-folder.ts';
import { pemOf } from '../support/service.ts';
import { compilerOfCMissing } from '../support/services.ts';
import { PAUSE } from '../support/steady-load.ts';
import { until } from '../support/until.ts';
import { auditOf } from '../storage/samples.ts';

const ROOT = '/api/v1/authorities';
const AUTHORITY = { name: 'root-1', subject: '/CN=Root/O=Example', key_algorithm: 'ml-dsa-44' };
const LEAF = { subject: '/CN=www.example.com', san: ['DNS:www.example.com'], key_algorithm: 'ml-dsa-44' };
const CLIENTS = 4;

interface Issued {
  readonly id: string;
  readonly serial_number: string;
  readonly certificate: string;
}

interface Refused {
  readonly status: number;
  readonly code: string;
  readonly retryAfter: string | null;
  readonly milliseconds: number;
}

interface Load {
  readonly issued: Issued[];
  readonly refused: Refused[];
  readonly stop: () => Promise<void>;
}

/** Clients that issue all the time. */
function issueAlways(url: string): Load {
  const [issued, refused]: [Issued[], Refused[]] = [[], []];
  const stopping = new AbortController();
  const client = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const begun = performance.now();
      const reply = await post(`${url}${ROOT}/root-1/certificates`, LEAF);
      const body = (await reply.json()) as Issued & { readonly code: string };
      if (reply.status === 201) issued.push(body);
      else {
        const retryAfter = reply.headers.get('retry-after');
        const milliseconds = performance.now() - begun;
        refused.push({ status: reply.status, code: body.code, retryAfter, milliseconds });
      }
      await sleep(PAUSE);
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, client));
  const stop = async (): Promise<void> => {
    stopping.abort();
    await clients;
  };
  return { issued, refused, stop };
}

const post = (url: string, payload: object): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(payload),
  });

const pem = async (url: string): Promise<string> =>
  (await fetch(url, { headers: { Accept: 'application/x-pem-file' } })).text();

/** What the files have after the service has ended. */
async function expectStored(t: Test, folder: string, issued: readonly Issued[]): Promise<void> {
  const file = new DatabaseSync(databaseIn(folder));
  t.same(file.prepare('PRAGMA integrity_check').all(), [{ integrity_check: 'ok' }]);
  const serials = file.prepare(
    'SELECT count(*) AS all_of_them, count(DISTINCT serial) AS each FROM certificates',
  );
  const { all_of_them: all, each } = serials.get() ?? {};
  t.equal(all, each, 'no serial number twice');
  file.close();
  const store = await openStore(folder);
  t.teardown(() => store.close());
  for (const { id, certificate } of issued) {
    const { der = new Uint8Array() } = (await store.getCertificate(id)) ?? {};
    if (!new X509Certificate(pemOf(certificate)).raw.equals(der)) t.fail(`${id} is not stored`);
  }
  const verdict = await verifyAuditChain(auditOf(store), { head: await store.auditHead() });
  t.match(verdict, { valid: true }, 'the audit chain is valid');
}

t.test(
  'a file system that becomes read-only: 503 until it can be written, and nothing is lost',
  { skip: compilerOfCMissing || opensslMissing },
  async (t) => {
    const disk = readOnlyFolder(t);
    const env = {
      ...WITHOUT_STORE,
      DATA_DIR: disk.path,
      RATE_LIMIT_GENERATE_PER_MINUTE: '0',
      RATE_LIMIT_PER_HOUR: '0',
    };
    const service = run(t, [START], { ...env, ...disk.env });
    const url = addressIn(await service.listening);
    t.equal((await post(`${url}${ROOT}`, AUTHORITY)).status, 201);
    const root = await pem(`${url}${ROOT}/root-1/certificate`);
    const statusOf = async (path: string): Promise<number> => (await fetch(url + path)).status;
    const load = issueAlways(url);
    t.teardown(load.stop);
    await until(() => load.issued.length >= 10);

    disk.set('ro');
    await until(() => load.refused.length >= 10);
    const before = load.issued.length;
    await until(async () => (await statusOf('/readyz')) === 503);
    t.match(await (await fetch(`${url}/readyz`)).json(), {
      checks: { engine: 'ok', store: 'the store cannot be written' },
    });
    t.equal(load.issued.length, before, 'nothing is issued');
    for (const { id } of load.issued.slice(0, 10)) t.equal(await statusOf(`/api/v1/certificates/${id}`), 200);
    t.equal(await statusOf('/api/v1/certificates'), 200, 'reading works');

    disk.set('rw');
    await until(() => load.issued.length >= before + 10);
    await until(async () => (await statusOf('/readyz')) === 200);
    await load.stop();
    service.kill('SIGTERM');
    t.equal((await service.end).code, 0);

    const others = load.refused.filter(({ status, code, retryAfter }) => {
      return status !== 503 || code !== 'store-unavailable' || !/^\d+$/.test(retryAfter ?? '');
    });
    t.same(others, [], 'each refusal has the code and Retry-After');
    await expectStored(t, disk.path, load.issued);
    const { code } = await openssl(['verify', '-CAfile', 'root.pem', 'leaf.pem'], {
      files: { 'root.pem': root, 'leaf.pem': pemOf(load.issued.at(-1)?.certificate ?? '') },
    });
    t.equal(code, 0, 'OpenSSL verifies what was issued afterwards');
    const longest = Math.round(Math.max(...load.refused.map(({ milliseconds }) => milliseconds)));
    t.comment(
      `T84: read-only while ${CLIENTS} clients issue: ${load.refused.length} refused, each within ${longest} ms, ` +
        `${load.issued.length} acknowledged, 0 lost`,
    );
  },
);
