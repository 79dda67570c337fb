/** AUDIT_REQUIRED: nothing is issued without its audit line, and no request waits for a log that hangs. */

import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { LogDestination } from '../../../plugins/log/options.ts';
import { buildApp } from '../../../service/app.ts';
import { createIssuer } from '../../../src/ca/issuer.ts';
import { configFrom } from '../../../src/config/load.ts';
import type { Keys, KeyPair } from '../../../src/keys/key.ts';
import { openDomain } from '../../support/domain.ts';
import { IDLE } from '../../support/edge.ts';
import { addressIn, COMPILE_CACHE, WITHOUT_STORE, run, START } from '../../support/process.ts';
import { poster } from '../../support/service.ts';
import { mountMissing, mountSmallDisk } from '../../support/small-disk.ts';
import { startProgram } from '../../support/children.ts';
import { until } from '../../support/until.ts';

const domain = await openDomain(t);

const REQUIRED = {
  AUDIT_REQUIRED: 'true',
  RATE_LIMIT_PER_HOUR: '0',
  RATE_LIMIT_GENERATE_PER_MINUTE: '0',
} as const;

/** The service with a log whose writes the test controls, and all keys that it generates. */
async function startWith(t: Test, fate: () => Promise<void>, environment = {}) {
  const lines: Record<string, unknown>[] = [];
  const made: KeyPair[] = [];
  const recorded = async <Key extends KeyPair>(making: Promise<Key>): Promise<Key> => {
    const key = await making;
    made.push(key);
    return key;
  };
  const keys: Keys = {
    ...domain.keys,
    generate: (name) => recorded(domain.keys.generate(name)),
    generatePair: (algorithm) => recorded(domain.keys.generatePair(algorithm)),
    close: async () => {},
  };
  const log: LogDestination = { write: (line) => void lines.push(JSON.parse(line)), written: () => fate() };
  const config = configFrom(REQUIRED, environment);
  const tested = { ...domain.domain, keys, issuer: createIssuer({ keys }), close: async () => {} };
  const app = await buildApp({ domain: tested, config, log });
  t.teardown(() => app.close());
  await app.ready();
  return { app, made, records: () => lines.filter(({ msg }) => msg === 'audit') };
}

const ACTS: readonly [string, object][] = [
  ['/api/v1/keys/generate', {}],
  ['/api/v1/certificate/generate', { subject: '/CN=a' }],
  ['/api/v1/certificate/hybrid', { subject: '/CN=a', classical_algorithm: 'ecdsa' }],
  ['/api/v1/csr/generate', { subject: '/CN=a' }],
  ['/api/v1/csr/hybrid', { subject: '/CN=a', classical_algorithm: 'ecdsa' }],
];

const lost = async (): Promise<never> => {
  throw new Error('ENOSPC');
};

t.test('the audit line is written before the reply is sent', async (t) => {
  let kept = Promise.withResolvers<void>();
  kept.resolve();
  const { app, records } = await startWith(t, () => kept.promise);
  for (const [i, [path, body]] of ACTS.entries()) {
    kept = Promise.withResolvers();
    let isAnswered = false;
    const reply = poster(app)(path, body).finally(() => (isAnswered = true));
    await until(() => records().at(-1)?.['operation'] === path.slice('/api/v1/'.length));
    await sleep(20);
    t.notOk(isAnswered, `${path} waits`);
    kept.resolve();
    t.equal((await reply).statusCode, 200);
    t.equal(records().length, [1, 2, 4, 5, 7][i], 'one audit line for each thing that was issued');
  }
});

t.test('without an audit line the reply is 503, the keys are destroyed, and nothing is issued', async (t) => {
  for (const [path, body] of ACTS) {
    let fate = async (): Promise<void> => {};
    const { app, made, records } = await startWith(t, () => fate());
    fate = lost;
    const { statusCode, headers, answer } = await poster(app)(path, body);
    t.equal(statusCode, 503, path);
    t.match(answer, { code: 'audit-unavailable', error: /audit log cannot be written now/ });
    t.equal(headers['retry-after'], '10');
    t.match(
      records().at(-1),
      { outcome: 'failed', problem: 'audit-unavailable' },
      'an audit line corrects the record',
    );
    const count = made.length;
    t.ok(count > 0, 'some requests were served');
    for (const key of made) await t.rejects(key.exportPkcs8(), /destroyed/);

    t.equal((await poster(app)(path, body)).statusCode, 503);
    t.equal(made.length, count, 'nothing is computed while the service refuses requests');

    const ready = await app.inject('/readyz');
    t.equal(ready.statusCode, 503);
    t.match(ready.json().checks, { audit: 'the audit log cannot be written', engine: 'ok' });
    t.equal((await app.inject('/livez')).statusCode, 200);
    t.match((await app.inject('/metrics')).body, /^audit_failing 1$/m);

    fate = async () => {};
    await until(async () => (await app.inject('/readyz')).statusCode === 200);
    t.equal((await poster(app)(path, body)).statusCode, 200, 'it issues again');
    t.match((await app.inject('/metrics')).body, /^audit_failing 0$/m);
  }
});

t.test('a log that does not confirm a write is not waited for', async (t) => {
  let fate = async (): Promise<void> => {};
  const { app } = await startWith(t, () => fate());
  fate = () => new Promise(() => {});
  const replies = await Promise.all(ACTS.map(([path, body]) => poster(app)(path, body)));
  t.same(
    replies.map(({ answer }) => answer.code),
    ACTS.map(() => 'audit-unavailable'),
  );
});

t.test('a request that issues nothing needs no audit line', async (t) => {
  const { app, records } = await startWith(t, lost);
  t.equal((await app.inject('/readyz')).statusCode, 503, 'the failure is known from the start');
  t.equal((await app.inject('/api/v1/info')).statusCode, 200);
  const { statusCode } = await poster(app)('/api/v1/certificate/inspect', { certificate: 'AAAA' });
  t.equal(statusCode, 400);
  t.equal((await poster(app)('/api/v1/keys/generate', {})).statusCode, 503);
  t.equal(records().length, 1);
});

t.test('without AUDIT_REQUIRED the write of an audit line is not checked', async (t) => {
  const { app } = await startWith(t, lost, { AUDIT_REQUIRED: 'false' });
  for (const [path, body] of ACTS) t.equal((await poster(app)(path, body)).statusCode, 200);
  t.notHas((await app.inject('/readyz')).json().checks, 'audit');
});

t.test('a log that cannot confirm a write is refused', async (t) => {
  const config = configFrom(REQUIRED);
  await t.rejects(buildApp({ domain: IDLE, config }), /needs a log that reports/);
  await t.rejects(buildApp({ domain: IDLE, config, log: { write() {} } }), /needs a log that reports/);
});

/** Sends requests until a reply has this status. Returns what the replies with 200 issued. */
async function issueUntil(address: string, status: number): Promise<string[]> {
  const serials: string[] = [];
  for (;;) {
    const reply = await fetch(`${address}/api/v1/certificate/generate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ subject: '/CN=a', security_level: 'ml-dsa-44' }),
    });
    const answer = JSON.parse(await reply.text());
    if (reply.status === 200) serials.push(await serialOf(address, answer.certificate));
    if (reply.status === status) return serials;
  }
}

async function serialOf(address: string, certificate: string): Promise<string> {
  const reply = await fetch(`${address}/api/v1/certificate/inspect`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ certificate }),
  });
  return JSON.parse(await reply.text()).serial_number;
}

const isReady = async (address: string): Promise<boolean> => (await fetch(`${address}/readyz`)).ok;

/** Returns the serial numbers in the audit lines of a folder. */
const serialsIn = (folder: string): Set<string> =>
  new Set(
    readdirSync(folder)
      .filter((name) => /^api\b.*log$/.test(name))
      // The last line on a full disk is truncated until there is room for its rest.
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
      .filter((line) => line.includes('"log":"audit"'))
      .map((line) => JSON.parse(line).serial),
  );

t.test(
  'LOG_FILE on a full disk stops issuing until there is room again',
  { skip: mountMissing },
  async (t) => {
    const { folder, fill, clear } = mountSmallDisk(t);
    const service = run(t, [START], {
      ...WITHOUT_STORE,
      ...REQUIRED,
      LOG_FILE: join(folder, 'api.log'),
    });
    const current = join(folder, 'current.log');
    const said = (): string => (existsSync(current) ? readFileSync(current, 'utf8') : '');
    await until(() => said().includes('listens on'));
    const address = addressIn(said());

    const before = await issueUntil(address, 200);
    fill();
    const begun = await issueUntil(address, 503);
    t.notOk(await isReady(address), 'the service is not ready');
    t.equal((await fetch(`${address}/health`)).status, 200);
    const [given] = [[...before, ...begun]];
    t.same(
      given.filter((serial) => !serialsIn(folder).has(serial)),
      [],
      'each issued certificate has an audit line, in the last pages of the files',
    );
    clear();
    const start = performance.now();
    await until(() => isReady(address));
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const after = await issueUntil(address, 200);
    t.ok(serialsIn(folder).has(after[0] ?? ''), 'the log has the line of the certificate');
    t.comment(`T69: audit on a full disk: 503 while full, ready ${seconds} s after there was room`);
    service.kill('SIGTERM');
    t.equal((await service.end).code, 0);
  },
);

t.test(
  'standard output to a file on a full disk stops issuing until there is room again',
  { skip: mountMissing },
  async (t) => {
    const { folder, fill, clear } = mountSmallDisk(t);
    const path = join(folder, 'api.log');
    const descriptor = openSync(path, 'a');
    const env = { ...COMPILE_CACHE, ...WITHOUT_STORE, ...REQUIRED };
    const child = startProgram(t, process.execPath, [START], {
      stdio: ['ignore', descriptor, 'ignore'],
      env,
      cwd: folder,
    });
    closeSync(descriptor);
    await until(() => readFileSync(path, 'utf8').includes('listens on'));
    const address = addressIn(readFileSync(path, 'utf8'));
    fill();
    const given = await issueUntil(address, 503);
    t.notOk(await isReady(address), 'the service is not ready');
    clear();
    await until(() => isReady(address));
    given.push(...(await issueUntil(address, 200)));
    const kept = serialsIn(folder);
    t.same(
      given.filter((serial) => !kept.has(serial)),
      [],
    );
    child.kill('SIGTERM');
    await once(child, 'exit');
  },
);

t.test('standard output without a reader stops issuing', async (t) => {
  const child = startProgram(t, process.execPath, [START], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...COMPILE_CACHE, ...WITHOUT_STORE, ...REQUIRED },
    cwd: t.testdir(),
  });
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.includes('listens on')) break;
  }
  const address = addressIn(said);
  child.stdout.destroy();
  await issueUntil(address, 503);
  t.notOk(await isReady(address), 'the service is not ready');
  t.equal((await fetch(`${address}/livez`)).status, 200, 'the process continues');
});
