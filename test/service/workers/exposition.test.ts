/** The metrics of several processes are merged. */

import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import t from 'tap';
import { createExposition, type Measured } from '../../../service/workers/exposition.ts';
import { readExposition } from '../../support/exposition.ts';

/** A process with metrics, which it sends as JSON. */
function measuredProcess() {
  const registry = new Registry();
  const registers = [registry];
  const served = new Counter({ name: 'served_total', help: 'Served.', labelNames: ['route'], registers });
  const held = new Gauge({ name: 'held_bytes', help: 'Held.', registers });
  const worst = new Gauge({ name: 'worst_seconds', help: 'Worst.', aggregator: 'max', registers });
  const took = new Histogram({ name: 'took_seconds', help: 'Took.', buckets: [1, 2], registers });
  const process: Measured = {
    snapshot: async () => JSON.parse(JSON.stringify(await registry.getMetricsAsJSON())),
  };
  return { served, held, worst, took, process };
}

function twoProcesses() {
  const [a, b] = [measuredProcess(), measuredProcess()];
  const running = new Set([a.process, b.process]);
  const exposition = createExposition(new Registry(), () => running);
  const read = async (name: string): Promise<unknown> =>
    Object.fromEntries(
      (readExposition(await exposition.text()).get(name)?.samples ?? []).map(({ name, labels, value }) => [
        [name, ...Object.values(labels)].join(' '),
        value,
      ]),
    );
  const end = (process: Measured): void => {
    running.delete(process);
    exposition.end(process);
  };
  return { a, b, exposition, read, end };
}

t.test('counters and histograms are summed, and gauges follow their aggregator', async (t) => {
  const { a, b, read } = twoProcesses();
  for (const { served, held, took } of [a, b]) {
    served.inc({ route: '/' }, 2);
    held.set(10);
    took.observe(1.5);
  }
  a.served.inc({ route: '/other' });
  a.worst.set(3);
  b.worst.set(7);
  t.same(await read('served_total'), { 'served_total /': 4, 'served_total /other': 1 });
  t.same(await read('held_bytes'), { held_bytes: 20 });
  t.same(await read('worst_seconds'), { worst_seconds: 7 });
  t.same(await read('took_seconds'), {
    'took_seconds_bucket 1': 0,
    'took_seconds_bucket 2': 2,
    'took_seconds_bucket +Inf': 2,
    took_seconds_sum: 3,
    took_seconds_count: 2,
  });
});

t.test('the counters of an ended process stay, and its gauges are removed', async (t) => {
  const { a, b, read, exposition, end } = twoProcesses();
  for (const { served, held, took } of [a, b]) {
    served.inc({ route: '/' }, 2);
    held.set(10);
    took.observe(1.5);
  }
  await exposition.text();
  a.served.inc({ route: '/' });
  end(a.process);
  t.same(await read('served_total'), { 'served_total /': 4 }, 'the values of the last snapshot');
  t.same(await read('held_bytes'), { held_bytes: 10 });
  t.match(await read('took_seconds'), { took_seconds_count: 2 });

  b.served.inc({ route: '/' });
  exposition.remember(b.process, await b.process.snapshot());
  end(b.process);
  t.same(await read('served_total'), { 'served_total /': 5 }, 'the values of its final report');
  t.same(await read('held_bytes'), {});
});

t.test('a process that does not respond counts with its last snapshot', async (t) => {
  const { a, b, read } = twoProcesses();
  a.served.inc({ route: '/' });
  b.served.inc({ route: '/' });
  t.same(await read('served_total'), { 'served_total /': 2 });
  Reflect.set(b.process, 'snapshot', () => Promise.reject(new Error('hung')));
  a.served.inc({ route: '/' });
  t.same(await read('served_total'), { 'served_total /': 3 });
});
