/** The dashboard and the alert rules ask for series that the service has. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { createMetrics } from '../../plugins/metrics/metrics.ts';
import { buildEdge } from '../support/edge.ts';
import { readExposition } from '../support/exposition.ts';
import dashboard from '../../deploy/grafana/dashboard.json' with { type: 'json' };

const { app } = await buildEdge(t);
const families = readExposition((await app.inject('/metrics')).body);
const series = new Set(
  [...families].flatMap(([name, { type }]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  ),
);
/** Labels by name of family, as they are declared. */
const labels = new Set(
  createMetrics()
    .registry.getMetricsAsArray()
    .flatMap((metric) => Object.values({ ...Reflect.get(metric, 'labelNames') }).map(String)),
);

const FUNCTIONS = new Set([
  'sum',
  'rate',
  'max',
  'min',
  'increase',
  'histogram_quantile',
  'by',
  'le',
  'instance',
  'time',
]);

/** The words of an expression that are neither functions nor series nor labels. */
const strangersIn = (expression: string): string[] =>
  expression
    .replaceAll(/"[^"]*"|\[\d+[smh]\]/g, '')
    .match(/[a-z_][a-z0-9_]*/gi)
    ?.filter((word) => !FUNCTIONS.has(word) && !series.has(word) && !labels.has(word)) ?? [];

t.test('the dashboard', async (t) => {
  const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  t.ok(expressions.length > 10);
  for (const expression of expressions) t.same(strangersIn(expression), [], expression);
  t.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
});

t.test('the alert rules', async (t) => {
  const text = await readFile(join(import.meta.dirname, '../../deploy/prometheus/alerts.yaml'), 'utf8');
  const expressions = [...text.matchAll(/^ +expr: (.+)$/gm)].map(([, expression = '']) => expression);
  t.equal(expressions.length, text.match(/- alert: /g)?.length);
  for (const expression of expressions) t.same(strangersIn(expression), [], expression);
  t.same(strangersIn('rate(certificates_total[5m])'), ['certificates_total'], 'another series is found out');
});
