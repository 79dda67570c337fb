import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import t, { type Test } from 'tap';
import manifest from '../../../package.json' with { type: 'json' };
import { ProblemError } from '../../../plugins/errors/problem.ts';
import { createMetrics } from '../../../plugins/metrics/metrics.ts';
import { unavailableReason, ENGINE_NAMES } from '../../../src/algorithms/ml-dsa/engines.ts';
import type { Environment } from '../../../src/config/load.ts';
import { buildEdge } from '../../support/edge.ts';
import { readExposition, type Sample } from '../../support/exposition.ts';
import { poster, startApp } from '../../support/service.ts';

async function scrape(app: FastifyInstance) {
  const reply = await app.inject('/metrics');
  const families = readExposition(reply.body);
  const samples = [...families.values()].flatMap(({ samples }) => samples);
  return { reply, families, samples };
}

/** Returns the value of the only sample with this name and these labels. It may have other labels. */
function valueOf(samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}) {
  const fitting = samples.filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  return fitting.length === 1 ? fitting[0]?.value : `${fitting.length} samples`;
}

t.test('the metrics are in the text format of Prometheus', async (t) => {
  const app = await startApp(t);
  const { reply, samples, families } = await scrape(app);
  t.equal(reply.statusCode, 200);
  t.equal(reply.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  t.equal(
    valueOf(samples, 'build_info', {
      version: manifest.version,
      engine: app.keys.engineName,
      node: process.version,
    }),
    1,
  );
  for (const name of [
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'process_start_time_seconds',
    'nodejs_heap_used_bytes',
  ]) {
    t.ok(Number(valueOf(samples, name)) > 0, name);
  }
  t.ok(Number(valueOf(samples, 'nodejs_eventloop_delay_p99_seconds')) >= 0);
  for (const [name, { type }] of families) t.equal(name.endsWith('_total'), type === 'counter', name);
});

t.test('certificates are counted by parameter set and outcome, starting at zero', async (t) => {
  const app = await startApp(t);
  const post = poster(app);
  const counts = async () => {
    const { samples } = await scrape(app);
    return Object.fromEntries(
      samples
        .filter(({ name }) => name === 'certificate_generation_total')
        .map(({ labels, value }) => [`${labels['security_level']} ${labels['outcome']}`, value]),
    );
  };
  const zeros = Object.fromEntries(
    ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'].flatMap((level) =>
      ['success', 'refused', 'failed'].map((outcome) => [`${level} ${outcome}`, 0]),
    ),
  );
  t.same(await counts(), zeros);

  const subject = '/CN=counted.example';
  await post('/api/v1/certificate/generate', { subject });
  await post('/api/v1/certificate/generate', { subject, security_level: 'ml-dsa-87' });
  await post('/api/v1/certificate/generate', { subject: 'nonsense', security_level: 'ml-dsa-44' });
  const hybrid = { subject, classical_algorithm: 'ecdsa' };
  await post('/api/v1/certificate/hybrid', hybrid);
  await post('/api/v1/certificate/generate', { subject, security_level: 'ml-dsa-1024' });
  t.same(await counts(), {
    ...zeros,
    'ml-dsa-65 success': 2,
    'ml-dsa-87 success': 1,
    'ml-dsa-44 refused': 1,
  });
});

t.test('an internal error is counted as failed, with the calls of the engine and the reply', async (t) => {
  const { app } = await buildEdge(t);
  await poster(app)('/api/v1/certificate/generate', { subject: '/CN=a' });
  await poster(app)('/api/v1/csr/sign', { csr: 'A', ca_certificate: 'A', ca_private_key: 'A' });
  const { samples } = await scrape(app);
  const failed = { security_level: 'ml-dsa-65', outcome: 'failed' };
  t.equal(valueOf(samples, 'certificate_generation_total', failed), 1);
  t.equal(valueOf(samples, 'csr_signed_total', { key_algorithm: 'unknown', outcome: 'refused' }), 1);
  const route = '/api/v1/certificate/generate';
  t.equal(
    valueOf(samples, 'http_request_duration_seconds_count', { method: 'POST', route, status_class: '5xx' }),
    1,
  );
});

t.test('signed CSRs are counted by the family of their key, refused CSRs without it', async (t) => {
  const app = await startApp(t);
  const post = poster(app);
  const ca = (await post('/api/v1/certificate/generate', { subject: '/CN=CA', is_ca: true })).answer;
  const { csr } = (await post('/api/v1/csr/generate', { subject: '/CN=leaf' })).answer;
  const members = { ca_certificate: ca.certificate, ca_private_key: ca.private_key };
  await post('/api/v1/csr/sign', { csr, ...members });
  await post('/api/v1/csr/sign', { csr: 'AAAA', ...members });
  const { samples } = await scrape(app);
  t.equal(valueOf(samples, 'csr_signed_total', { key_algorithm: 'ml-dsa', outcome: 'success' }), 1);
  t.equal(valueOf(samples, 'csr_signed_total', { key_algorithm: 'rsa', outcome: 'success' }), 0);
  t.equal(valueOf(samples, 'csr_signed_total', { key_algorithm: 'unknown', outcome: 'refused' }), 1);
});

for (const engine of ENGINE_NAMES) {
  t.test(`the calls of the engine ${engine} are timed`, { skip: unavailableReason(engine) }, async (t) => {
    const app = await startApp(t, { CRYPTO_ENGINE: engine });
    await poster(app)('/api/v1/csr/generate', { subject: '/CN=a', security_level: 'ml-dsa-44' });
    const { samples } = await scrape(app);
    for (const operation of ['generate', 'sign-verified']) {
      const labels = { engine, operation, algorithm: 'ml-dsa-44' };
      t.equal(valueOf(samples, 'engine_operation_duration_seconds_count', labels), 1, operation);
      const seconds = Number(valueOf(samples, 'engine_operation_duration_seconds_sum', labels));
      t.ok(seconds > 0 && seconds < 60, `${seconds} s`);
    }
  });
}

t.test('refused requests are counted by the reason', async (t) => {
  const limited = await buildEdge(t, { RATE_LIMIT_PER_HOUR: '2' });
  for (let i = 0; i < 5; i++) await limited.app.inject('/api/v1/info');
  t.equal(valueOf((await scrape(limited.app)).samples, 'rate_limited_total', { policy: 'hour' }), 3);

  const { app } = await buildEdge(t, {}, (app) => {
    app.get('/guarded', (_request, reply) => {
      reply.problemCode = 'not-found';
      return reply.code(403).send();
    });
    app.get('/policy', (_request, reply) => {
      reply.problemCode = 'policy-violation';
      return reply.code(403).send();
    });
    app.get('/full', () => {
      throw new ProblemError({ code: 'rate-limited', detail: 'full' });
    });
  });
  await app.inject('/guarded');
  await app.inject('/policy');
  await app.inject('/full');
  const { samples } = await scrape(app);
  t.equal(valueOf(samples, 'auth_failures_total', { reason: 'not-found' }), 1);
  t.equal(
    valueOf(samples, 'auth_failures_total'),
    1,
    'a refusal of a policy is no failure of authentication',
  );
  t.equal(valueOf(samples, 'rate_limited_total'), '0 samples', 'without a policy');
});

t.test('with API keys, metrics need the scope metrics:read, but not on METRICS_PORT', async (t) => {
  const key = 'mld-metrics-0123456789abcdef0123456789abcdef';
  const { app } = await buildEdge(t, { API_KEYS: key });
  const ask = (headers: Record<string, string>) => app.inject({ url: '/metrics', headers });
  t.equal((await ask({})).statusCode, 401);
  t.equal((await ask({ 'x-api-key': 'wrong' })).statusCode, 401);
  const reply = await ask({ 'x-api-key': key });
  t.equal(reply.statusCode, 200);
  const samples = readExposition(reply.body).get('auth_failures_total')?.samples ?? [];
  t.match(samples, [{ labels: { reason: 'unauthorized' }, value: 2 }]);
  const { address } = await watched(t, { API_KEYS: key });
  t.equal((await fetch(`${address}/metrics`)).status, 200);
});

t.test('junk requests add no series', async (t) => {
  const { app } = await buildEdge(t);
  const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'MKCOL'] as const;
  const junk = async (i: number) => {
    const text = `junk"\n\\${i}`;
    await app.inject({ method: methods[i % methods.length] ?? 'GET', url: `/${encodeURIComponent(text)}` });
    const payload = { subject: '/CN=a', security_level: text };
    await poster(app)('/api/v1/certificate/generate', payload);
    await poster(app)('/api/v1/certificate/hybrid', { ...payload, classical_algorithm: text });
    await app.inject({
      method: 'POST',
      url: '/api/v1/keys/generate',
      headers: { 'content-type': `a/${i}` },
      body: 'a',
    });
  };
  for (let i = 0; i < methods.length; i++) await junk(i);
  await scrape(app);
  const before = (await scrape(app)).samples;
  for (let i = 0; i < 500; i++) await junk(i);
  const after = (await scrape(app)).samples;
  t.equal(after.length, before.length);
  t.notMatch(JSON.stringify(after), 'junk');
  t.comment(`T65: 2,000 junk requests: ${before.length} series before, ${after.length} after`);
});

t.test('the value of a label is escaped', async (t) => {
  const { registry, buildInfo } = createMetrics();
  const version = '"\n\\n}';
  buildInfo.set({ version, engine: 'a,b="c"', node: '\u2028' }, 1);
  const [sample] = readExposition(await registry.metrics()).get('build_info')?.samples ?? [];
  t.same(sample?.labels, { version, engine: 'a,b="c"', node: '\u2028' });
});

t.test('two applications share no series', async (t) => {
  const [one, other] = [await buildEdge(t), await buildEdge(t)];
  await one.app.inject('/health');
  const name = 'http_request_duration_seconds_count';
  t.equal(valueOf((await scrape(one.app)).samples, name, { route: '/health' }), 1);
  t.equal(valueOf((await scrape(other.app)).samples, name, { route: '/health' }), '0 samples');
});

/** Returns the address of the second listener from the log. */
async function watched(t: Test, environment: Environment = {}) {
  const edge = await buildEdge(t, { METRICS_PORT: '0', ...environment });
  const line = edge.log.find(({ msg }) => String(msg).startsWith('metrics and health'));
  return { ...edge, address: /http:\S+/.exec(String(line?.['msg']))?.[0] ?? '' };
}

for (const base of ['', '/pki']) {
  t.test(`METRICS_PORT serves only metrics and health, with BASE_PATH "${base}"`, async (t) => {
    const { app, address } = await watched(t, { BASE_PATH: base });
    const read = async (path: string) => {
      const reply = await fetch(address + path);
      return { status: reply.status, type: reply.headers.get('content-type'), text: await reply.text() };
    };
    t.equal((await app.inject(`${base}/metrics`)).statusCode, 404, 'the main port does not serve metrics');
    const { status, type, text } = await read('/metrics');
    t.equal(status, 200);
    t.equal(type, 'text/plain; version=0.0.4; charset=utf-8');
    t.ok(readExposition(text).has('build_info'));
    for (const path of ['/health', '/livez', '/readyz', '/startupz']) {
      const { status, text } = await read(path);
      t.equal(status, 200, path);
      t.equal(text, (await app.inject(base + path)).body);
    }
    for (const path of ['/api/v1/info', '/docs', '/', '/metrics/']) t.equal((await read(path)).status, 404);
    await app.close();
    await t.rejects(fetch(`${address}/health`), 'the second listener closes with the service');
  });
}

t.test('the second listener closes a connection without HTTP, and continues to serve', async (t) => {
  const { address } = await watched(t);
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  socket.end('nonsense\r\n\r\n');
  t.equal(await text(socket), '');
  t.equal((await fetch(`${address}/livez`)).status, 200);
});

t.test('a METRICS_PORT that is in use stops the start, and the error names it', async (t) => {
  const { address } = await watched(t);
  const port = new URL(address).port;
  await t.rejects(buildEdge(t, { METRICS_PORT: port }), {
    message: `Port ${port} cannot be opened (EADDRINUSE); set METRICS_PORT to another port`,
  });
});
