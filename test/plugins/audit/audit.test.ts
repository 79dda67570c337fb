/** The audit lines: what was issued to whom, and what a line never contains. */

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { buildApp } from '../../../service/app.ts';
import { ROOT } from '../../../src/base/root.ts';
import { configFrom, type Environment } from '../../../src/config/load.ts';
import { createDomain } from '../../../src/domain.ts';
import { buildEdge } from '../../support/edge.ts';
import { pemOf, poster } from '../../support/service.ts';

/** The whole service, and every line that it logs. */
async function startLogged(t: Test, environment: Environment = {}) {
  const lines: string[] = [];
  const app = await buildApp({
    domain: await createDomain({ engine: 'auto' }),
    config: configFrom({ RATE_LIMIT_PER_HOUR: '0', RATE_LIMIT_GENERATE_PER_MINUTE: '0', ...environment }),
    log: { write: (line) => lines.push(line) },
  });
  t.teardown(() => app.close());
  const parsed = (): Record<string, unknown>[] => lines.map((line) => JSON.parse(line));
  return { app, lines, parsed, records: () => parsed().filter(({ log }) => log === 'audit') };
}

/** From the certificate itself, as node:crypto reads it. */
const serialOf = (certificate: string): string => new X509Certificate(pemOf(certificate)).serialNumber;

t.test(
  'each certificate, key and CSR has one audit line with its principal, its content and its outcome',
  async (t) => {
    const { app, records } = await startLogged(t);
    const post = poster(app);
    const subject = '/CN=audited.example';

    const leaf = (await post('/api/v1/certificate/generate', { subject, san: ['a.example'], days: 7 }))
      .answer;
    const ca = (await post('/api/v1/certificate/generate', { subject: '/CN=CA', is_ca: true })).answer;
    const pair = (await post('/api/v1/certificate/hybrid', { subject, classical_algorithm: 'ecdsa' })).answer;
    const request = (await post('/api/v1/csr/generate', { subject, san: ['a.example', 'b.example'] })).answer;
    await post('/api/v1/keys/generate', { security_level: 'ml-dsa-44' });
    const authority = { ca_certificate: ca.certificate, ca_private_key: ca.private_key };
    const signed = (await post('/api/v1/csr/sign', { csr: request.csr, ...authority, san: ['c.example'] }))
      .answer;
    const inspection = (await post('/api/v1/csr/inspect', { csr: request.csr })).answer;
    t.match(inspection, { subject });

    const expected = [
      {
        operation: 'certificate/generate',
        profile: 'end-entity',
        algorithm: 'ml-dsa-65',
        subject,
        names: 1,
        days: 7,
        serial: serialOf(leaf.certificate),
      },
      { operation: 'certificate/generate', profile: 'ca', serial: serialOf(ca.certificate) },
      { operation: 'certificate/hybrid', algorithm: 'ml-dsa-65', serial: serialOf(pair.ml_dsa_certificate) },
      {
        operation: 'certificate/hybrid',
        algorithm: 'ecdsa-p256',
        serial: serialOf(pair.classical_certificate),
      },
      { operation: 'csr/generate', algorithm: 'ml-dsa-65', subject, names: 2 },
      { operation: 'keys/generate', algorithm: 'ml-dsa-44' },
      {
        operation: 'csr/sign',
        profile: 'end-entity',
        algorithm: 'ml-dsa-65',
        subject,
        issuer: '/CN=CA',
        names: 3,
        serial: signed.serial_number,
      },
    ];
    t.equal(records().length, expected.length);
    for (const [i, record] of records().entries()) {
      t.match(record, {
        ...expected[i],
        outcome: 'success',
        client: '127.0.0.1',
        key: /^(?:[\dA-F]{2}:){19}[\dA-F]{2}$/,
      });
    }
    const { answer } = await post('/api/v1/certificate/inspect', { certificate: signed.certificate });
    t.equal(records().at(-1)?.['key'], answer.subject_key_identifier);
    t.equal(records()[4]?.['key'], answer.subject_key_identifier, 'the certificate has the key of the CSR');
  },
);

t.test('the audit line has the codes of what was read although a standard forbids it', async (t) => {
  const { app, records } = await startLogged(t);
  const post = poster(app);
  const ca = (await post('/api/v1/certificate/generate', { subject: '/CN=CA', is_ca: true })).answer;
  const authority = { ca_certificate: ca.certificate, ca_private_key: ca.private_key };
  const odd = readFileSync(join(ROOT, 'test/vectors/programs/08-serialnumber-c-dc-utf8string.csr'), 'latin1');
  const right = (await post('/api/v1/csr/generate', { subject: '/CN=a.example' })).answer;
  await post('/api/v1/csr/sign', { csr: odd, ...authority });
  await post('/api/v1/csr/sign', { csr: right.csr, ...authority });
  const [first, second] = records().filter(({ operation }) => operation === 'csr/sign');
  t.same(first?.['notes'], ['string-type'], 'each code once');
  t.notHas(second, 'notes');
});

t.test('a refused request has an audit line with the problem code', async (t) => {
  const { app, records } = await startLogged(t);
  const post = poster(app);
  await post('/api/v1/certificate/generate', { subject: 'nonsense' });
  await post('/api/v1/csr/sign', { csr: 'AAAA', ca_certificate: 'AAAA', ca_private_key: 'AAAA' });
  const edge = await buildEdge(t);
  await poster(edge.app)('/api/v1/keys/generate', {});
  t.match(records(), [
    {
      operation: 'certificate/generate',
      outcome: 'refused',
      problem: 'invalid-subject',
    },
    { operation: 'csr/sign', outcome: 'refused', problem: String },
  ]);
  t.notHas(records()[0], 'serial');
  t.notMatch(JSON.stringify(records()), 'nonsense', 'the value might be a key in the wrong member');
  t.match(
    edge.log.filter(({ log }) => log === 'audit'),
    [{ operation: 'keys/generate', outcome: 'failed', problem: 'internal-error' }],
  );
});

t.test('the audit line and the request line name the principal', async (t) => {
  const key = 'canary-0123456789abcdef0123456789abcdef';
  const { app, parsed, lines } = await startLogged(t, { API_KEYS: key });
  await app.inject({ method: 'POST', url: '/api/v1/keys/generate', headers: { 'x-api-key': key } });
  const [audited, request] = parsed();
  t.match(audited, { log: 'audit', principal: /^key:/ });
  t.match(request, { msg: 'request', principal: audited?.['principal'], request: audited?.['request'] });
  t.notMatch(lines.join(''), key);
});

t.test('LOG_LEVEL reduces the log, not the audit lines, unless it is silent', async (t) => {
  for (const [level, count] of [
    ['error', 1],
    ['silent', 0],
  ] as const) {
    const { app, lines } = await startLogged(t, { LOG_LEVEL: level });
    await poster(app)('/api/v1/keys/generate', {});
    t.equal(lines.length, count, level);
  }
});

t.test('each event is one line of JSON, for any content of the request', async (t) => {
  const { app, lines, parsed } = await startLogged(t);
  const evil = [
    '\r\n',
    '\n{"level":60,"log":"audit"}',
    '\u001b[2J',
    '\u2028',
    '\u2029',
    '\u0085',
    '"}',
    '\u0000',
  ];
  for (const text of evil) {
    const subject = `/CN=a${text}b`;
    await poster(app)('/api/v1/certificate/generate', { subject });
    await app.inject({
      url: `/${encodeURI(text)}`,
      headers: { 'user-agent': 'a', 'x-request-id': `12345678${text}` },
    });
    app.log.info({ text });
    await app.inject(`/${text.replaceAll(/[\r\n\0]/g, '')}`);
  }
  t.equal(
    lines.length,
    evil.length * 5,
    'an audit line for each request, three request lines, and one line of the test',
  );
  for (const line of lines) {
    t.equal(line.split(/[\p{Cc}\u2028\u2029]/u).length, 2, 'only the end of a line is a line break');
    t.equal(line.at(-1), '\n');
  }
  t.notOk(parsed().some(({ level }) => level === 60));
  t.same(
    parsed().flatMap(({ text = [] }) => text),
    evil,
    'the parsed line has the values that were sent',
  );
});

t.test('an X-Request-Id that is an identifier is used, any other is replaced', async (t) => {
  const { app, parsed } = await startLogged(t);
  const ask = (id: string) => app.inject({ url: '/nowhere', headers: { 'x-request-id': id } });
  for (const id of ['abcdefgh', 'a_-Z0123', 'x'.repeat(64)]) {
    const reply = await ask(id);
    t.equal(reply.headers['x-request-id'], id);
    t.equal(reply.json().instance, `#request-${id}`);
    t.equal(parsed().at(-1)?.['request'], id);
  }
  const uuid = '0b9f3c1e-8a47-4d6f-9f0b-2f6f6f0a7c11';
  t.equal((await ask(uuid)).json().instance, `urn:uuid:${uuid}`);
  for (const id of ['', 'short', 'x'.repeat(65), 'with space', 'semi;colon', '<script>', 'ünïcödé-']) {
    t.match((await ask(id)).headers['x-request-id'], /^[\da-f-]{36}$/, id);
  }
});

t.test('a dry run issues nothing, so it leaves no line', async (t) => {
  const { app, records } = await startLogged(t);
  const post = poster(app);
  const url = '/api/v1/certificate/generate';
  t.equal((await post(url, { subject: '/CN=a', dry_run: true })).statusCode, 200);
  t.equal((await post(url, { subject: '', dry_run: true })).statusCode, 400);
  t.same(records(), []);
  await post(url, { subject: '/CN=a', profile: 'code-signing' });
  await post(url, { subject: '/CN=a', key_usage: ['digitalSignature'] });
  t.match(records(), [{ profile: 'code-signing' }, { profile: 'custom' }]);
});
