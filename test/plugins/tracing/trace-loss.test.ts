/** The service, and its traces, while the collector does not accept them. */

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { TracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace';
import t, { type Test } from 'tap';
import { SpanQueue } from '../../../plugins/tracing/span-queue.ts';
import { startCollector, type Collector } from '../../support/collector.ts';
import { startTraced } from '../../support/traced.ts';
import { until } from '../../support/until.ts';

/** A port without a listener. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

const none = { bodies: [], requests: [], spans: () => [] };

const COLLECTORS: Readonly<Record<string, (t: Test) => Promise<Collector>>> = {
  'is not there': async () => ({ ...none, url: `http://127.0.0.1:${await deadPort()}` }),
  hangs: (t) => startCollector(t, () => {}),
  refuses: (t) => startCollector(t, (response) => void response.writeHead(403).end('canary')),
  'breaks off': (t) => startCollector(t, (response) => response.destroy()),
};

// Milliseconds; the exporter reads it by itself.
process.env['OTEL_EXPORTER_OTLP_TIMEOUT'] = '500';

for (const [what, start] of Object.entries(COLLECTORS)) {
  t.test(`a collector that ${what} loses only traces`, async (t) => {
    const { app, log } = await startTraced(t, await start(t), {}, { idle: true });
    // Two batches, which are sent at once, and some spans in the queue.
    const replies = await Promise.all(Array.from({ length: 1100 }, () => app.inject('/health')));
    t.ok(replies.every(({ statusCode }) => statusCode === 200));
    const dropped = async (): Promise<number> =>
      Number(/^trace_spans_dropped_total (\d+)$/m.exec((await app.inject('/metrics')).body)?.[1]);
    await until(async () => (await dropped()) >= 1024);
    t.ok((await dropped()) <= 1100, `${await dropped()} spans are lost`);
    t.equal((await app.inject('/readyz')).statusCode, 200);
    await app.close();
    const lines = log.filter(({ msg }) => String(msg).startsWith('the collector'));
    t.match(lines, [{ level: 40, fault: String }]);
    t.equal(lines.length, 1, 'one log line for any number of lost spans');
    t.notMatch(JSON.stringify(lines), 'canary');
    t.comment(`${what}: ${String(lines[0]?.['fault'])}`);
  });
}

t.test('the queue for the collector is bounded, and lost spans are counted', async (t) => {
  const answers: ((result: ExportResult) => void)[] = [];
  let exported = 0;
  const exporter: SpanExporter = {
    export(spans, done) {
      exported += spans.length;
      answers.push(done);
    },
    shutdown: async () => {},
  };
  let lost = 0;
  const queue = new SpanQueue(exporter, (spans) => (lost += spans));
  const tracer = new TracerProvider({ spanProcessors: [queue] }).getTracer('test');
  for (let i = 0; i < 5000; i++) tracer.startSpan('a').end();
  t.equal(exported, 512, 'one batch is being sent');
  t.equal(lost, 5000 - 512 - 2048);
  answers[0]?.({ code: ExportResultCode.FAILED });
  t.equal(lost, 5000 - 2048, 'spans that the collector refuses are lost too');
  const flushed = queue.forceFlush();
  for (const done of answers) done({ code: ExportResultCode.SUCCESS });
  await flushed;
  t.equal(exported, 512 + 2048);
  t.equal(lost, 5000 - 2048);
  tracer.startSpan('a').end();
  t.equal(lost, 5000 - 2048, 'there is room again');
});
