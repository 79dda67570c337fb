/** docs/runbooks.md and docs/migration.md: everything that they name exists, and their commands run. */

import { readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import manifest from '../../package.json' with { type: 'json' };
import { readBlocks } from '../../scripts/readme-blocks.ts';
import { PROBLEM_CODES } from '../../plugins/errors/problem-codes.ts';
import { createMetrics } from '../../plugins/metrics/metrics.ts';
import { ConfigSchema } from '../../src/config/schema.ts';
import { paste } from '../support/children.ts';
import { ROOT } from '../support/process.ts';
import { startService } from '../support/service.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const PAGES = ['docs/runbooks.md', 'docs/migration.md'].map((path) => ({ path, text: read(path) }));

const headingsOf = (path: string): string[] =>
  [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(' ', '-')
      .replaceAll(/[^\w-]/g, ''),
  );

t.test('every file and section of a link exists', async (t) => {
  for (const { path, text } of PAGES) {
    const links = [...text.matchAll(/\]\(([^)#]+)(?:#([^)]*))?\)/g)];
    t.ok(links.length > 1, path);
    for (const [link, file = '', section] of links) {
      await t.resolves(access(join(ROOT, 'docs', file)), link);
      if (section !== undefined) t.ok(headingsOf(join('docs', file)).includes(section), link);
    }
  }
});

const [{ text: runbooks } = { text: '' }] = PAGES;
const codes = [...runbooks.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

t.test('every metric that they name exists', async (t) => {
  const names = createMetrics()
    .registry.getMetricsAsArray()
    .flatMap(({ name }) => [name, `${name}_count`]);
  const gauges = readGauges();
  const named = codes.filter((code) => /^[a-z]+(_[a-z]+)+$/.test(code) && code !== 'status_class');
  t.ok(named.length > 8);
  for (const name of named) t.ok(names.includes(name) || gauges.includes(name), name);
});

/** The metrics that operations.md documents. That page has its own tests. */
const readGauges = (): string[] =>
  [...read('docs/operations.md').matchAll(/`([a-z_]+)(?:\{[^`]*)?`/g)].map(([, name = '']) => name);

t.test('every alert and every variable that they name exists', async (t) => {
  const alerts = [...read('deploy/prometheus/alerts.yaml').matchAll(/- alert: (\w+)/g)].map(
    ([, name]) => name,
  );
  const named = codes.filter((code) => /^([A-Z][a-z]+){2,}$/.test(code));
  t.ok(named.length > 7);
  for (const name of named) t.ok(alerts.includes(name), name);
  const variables = codes.filter((code) => /^[A-Z]+(_[A-Z]+)+$/.test(code) && code !== 'API_KEY');
  t.ok(variables.length > 5);
  for (const name of variables) t.ok(name in ConfigSchema.properties, name);
});

t.test('every problem code and every log message that they quote exists', async (t) => {
  for (const code of ['unavailable', 'overloaded', 'audit-unavailable'] as const) {
    t.ok(codes.includes(code), code);
    t.ok(PROBLEM_CODES.includes(code), code);
  }
  const lines: [file: string, words: string][] = [
    ['plugins/limits/fallback-store.ts', 'cannot be reached: each process limits its clients alone'],
    ['plugins/reloading/index.ts', 'is read again'],
    ['plugins/reloading/index.ts', 'cannot be read again: what was read before stays in force'],
    ['plugins/log/open.ts', 'LOG_FILE cannot be written'],
    ['scripts/doctor/tls.ts', 'The certificate expires in'],
  ];
  for (const [file, words] of lines) {
    t.ok(read(file).includes(words), words);
    t.match(runbooks, words.slice(0, 20));
  }
});

t.test('the commands run unchanged', async (t) => {
  const { port } = await startService(t, {
    API_KEYS: 'a-key-of-the-reader-of-36-characters',
    RATE_LIMIT_PER_HOUR: '1000',
  });
  for (const { path, text } of PAGES) {
    for (const name of text.matchAll(/npm run ([\w]+)/g)) t.ok(String(name[1]) in manifest.scripts, name[0]);
    for (const { commands } of readBlocks(text)) {
      const here = commands.replaceAll('localhost:8000', `127.0.0.1:${port}`);
      const env = { ...process.env, API_KEY: 'a-key-of-the-reader-of-36-characters', NODE_OPTIONS: '' };
      await t.resolves(paste(t, here, { cwd: ROOT, env }), `${path}: ${commands}`);
    }
  }
});
