/** Traces as a collector receives them. */

import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import t from 'tap';
import manifest from '../../../package.json' with { type: 'json' };
import { startCollector } from '../../support/collector.ts';
import { addressIn, WITHOUT_STORE, run, START_SOURCES } from '../../support/process.ts';
import { poster } from '../../support/service.ts';
import { startTraced } from '../../support/traced.ts';

const SERVER = 2;
const ERROR = 2;

t.test('a request has a span, and each call of the engine has a child span', async (t) => {
  const collector = await startCollector(t);
  const { app, log, collected } = await startTraced(t, collector);
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const path = '/api/v1/certificate/generate';
  const replies = await Promise.all(
    ['ml-dsa-44', 'ml-dsa-87'].map((security_level) =>
      fetch(`${address}${path}?a=canary`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ subject: '/CN=a', security_level, san: ['a.example'] }),
      }),
    ),
  );
  t.same(
    replies.map(({ status }) => status),
    [200, 200],
  );
  await Promise.all(replies.map((reply) => reply.text()));
  const spans = await collected();
  const requests = spans.filter(({ kind }) => kind === SERVER);
  t.equal(requests.length, 2);
  t.equal(new Set(requests.map(({ traceId }) => traceId)).size, 2);
  for (const request of requests) {
    t.equal(request.name, `POST ${path}`);
    t.same(request.attributes, {
      'http.request.method': 'POST',
      'http.route': path,
      'http.response.status_code': 200,
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
    });
    t.same(request.resource, {
      'service.name': 'ml-dsa-certificate-api',
      'service.version': manifest.version,
    });
    const children = spans.filter(({ parentSpanId }) => parentSpanId === request.spanId);
    t.same(
      children.map(({ name }) => name),
      ['ML-DSA generate', 'ML-DSA sign-verified'],
    );
    t.equal(new Set(children.map(({ attributes }) => attributes['mldsa.parameter_set'])).size, 1);
    for (const child of children) {
      t.equal(child.traceId, request.traceId);
      t.ok(
        BigInt(child.startTimeUnixNano) >= BigInt(request.startTimeUnixNano),
        'a child starts after its request',
      );
      t.ok(
        BigInt(child.endTimeUnixNano) <= BigInt(request.endTimeUnixNano),
        'a child ends before its request',
      );
    }
    const identifiers = { trace_id: request.traceId, span_id: request.spanId };
    const lines = log.filter(({ trace_id }) => trace_id === request.traceId);
    t.match(lines, [
      { msg: 'audit', ...identifiers },
      { msg: 'request', ...identifiers },
    ]);
  }
  t.equal(spans.length, 6);
  t.notMatch(collector.bodies.join(''), /canary|a\.example|CN=/);
});

t.test('the span of a 404 has no path, and that of a problem has its code', async (t) => {
  const collector = await startCollector(t);
  const { app, collected } = await startTraced(t, collector, {}, { idle: true });
  for (let i = 0; i < 5; i++) await app.inject(`/canary-${i}?key=canary`);
  await app.inject({ method: 'PROPFIND', url: '/canary' });
  await poster(app)('/api/v1/certificate/generate', {});
  await poster(app)('/api/v1/certificate/generate', { subject: '/CN=a' });
  await app.inject('/health');
  const spans = await collected();
  t.same(
    spans.map(({ name, status, attributes }) => [name, status.code, attributes['error.type']]),
    [
      ...Array.from({ length: 5 }, () => ['GET', 0, 'not-found']),
      ['_OTHER', 0, 'not-found'],
      ['POST /api/v1/certificate/generate', 0, 'invalid-request'],
      ['POST /api/v1/certificate/generate', ERROR, 'internal-error'],
      ['GET /health', 0, undefined],
    ],
  );
  t.notMatch(collector.bodies.join(''), 'canary');
  t.ok(
    spans.every(({ attributes }) => !('url.path' in attributes)),
    'no span has url.path',
  );
});

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

t.test("a caller's trace is continued; a malformed traceparent starts a new one", async (t) => {
  const collector = await startCollector(t);
  const { app, collected } = await startTraced(t, collector);
  const ask = (traceparent: string) => app.inject({ url: '/health', headers: { traceparent } });
  await ask(`00-${TRACE}-${PARENT}-01`);
  await ask(`cc-${TRACE}-${PARENT}-01-what-the-future-will-be`);
  const malformed = [
    '',
    'nonsense',
    `00-${TRACE}-${PARENT}`,
    `00-${TRACE}-${PARENT}-01-more`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`,
    'a'.repeat(10_000),
  ];
  for (const traceparent of malformed) t.equal((await ask(traceparent)).statusCode, 200);
  const [first, second, ...others] = await collected();
  for (const span of [first, second]) t.match(span, { traceId: TRACE, parentSpanId: PARENT });
  t.equal(others.length, malformed.length);
  for (const { traceId, parentSpanId } of others) {
    t.match(traceId, /^(?!4bf92f)[\da-f]{32}$/);
    t.notOk(parentSpanId, 'the span has no parent');
  }
});

t.test('a caller can keep its trace unsampled, and cannot raise the ratio', async (t) => {
  const asked = async (ratio: string, flags?: string) => {
    const collector = await startCollector(t);
    const { app, log, collected } = await startTraced(t, collector, { OTEL_TRACES_SAMPLER_ARG: ratio });
    const traceparent = flags && { traceparent: `00-${TRACE}-${PARENT}-${flags}` };
    await app.inject({ method: 'POST', url: '/api/v1/keys/generate', headers: { ...traceparent } });
    t.match(
      log.at(-1),
      { msg: 'request', trace_id: flags ? TRACE : String },
      'the log line has the trace id in any case',
    );
    return (await collected()).length;
  };
  t.equal(await asked('1'), 2);
  t.equal(await asked('1', '01'), 2);
  t.equal(await asked('1', '00'), 0);
  t.equal(await asked('0'), 0);
  t.equal(await asked('0', '01'), 0);
});

t.test('a client that leaves before its reply has a span', async (t) => {
  const collector = await startCollector(t);
  const { app, collected } = await startTraced(t, collector, {}, { idle: true });
  const { promise, resolve } = Promise.withResolvers<void>();
  app.get('/slow', { config: { scope: 'public' } }, async (_request, reply) => {
    await once(reply.raw, 'close');
    resolve();
    return '';
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(app.server, 'request');
  socket.destroy();
  await promise;
  const [span] = await collected();
  t.match(span, { name: 'GET /slow' });
  t.notHas(span?.attributes, 'http.response.status_code', 'the request has no reply');
});

t.test('spans are sent to the address and with the header fields of the variables', async (t) => {
  const collector = await startCollector(t);
  for (const path of ['', '/', '/otlp', '/otlp/']) {
    const { app, collected } = await startTraced(t, collector, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url + path,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b,x-other=c',
      OTEL_SERVICE_NAME: 'issuing',
    });
    await app.inject('/health');
    t.match((await collected()).at(-1), { resource: { 'service.name': 'issuing' } });
  }
  t.same(
    collector.requests.map(({ url }) => url),
    ['/v1/traces', '/v1/traces', '/otlp/v1/traces', '/otlp/v1/traces'],
  );
  for (const { headers } of collector.requests) t.match(headers, { 'x-key': 'a b', 'x-other': 'c' });
});

/** Reports each loaded module of OpenTelemetry's SDK, if they are not in a bundle. Its API does nothing by itself, and other packages use it too. */
const WATCH = `data:text/javascript,import { registerHooks } from 'node:module';
  registerHooks({ resolve(name, context, next) {
    if (name.startsWith('@opentelemetry/') && name !== '@opentelemetry/api') process.stderr.write('loads ' + name + '\\n');
    return next(name, context);
  } });`;

t.test('nothing of OpenTelemetry is loaded without a collector', async (t) => {
  const collector = await startCollector(t);
  const loaded = async (environment: Record<string, string>): Promise<boolean> => {
    const service = run(t, ['--import', WATCH, START_SOURCES], { ...WITHOUT_STORE, ...environment });
    t.equal((await fetch(`${addressIn(await service.listening)}/health`)).status, 200);
    service.kill('SIGTERM');
    const { code, stderr } = await service.end;
    t.equal(code, 0);
    return stderr.includes('loads @opentelemetry/');
  };
  const without: Record<string, string>[] = [
    {},
    { OTEL_SERVICE_NAME: 'a' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SDK_DISABLED: 'true' },
  ];
  for (const environment of without)
    t.notOk(await loaded(environment), `OpenTelemetry is not loaded with ${Object.keys(environment).join()}`);
  t.same(collector.spans(), []);
  t.ok(await loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }), 'OpenTelemetry is loaded');
  t.match(collector.spans(), [{ name: 'GET /health' }], 'waiting spans are sent at shutdown');
});
