/** docs/security.md: everything that it names exists, and it lists every fault that is tested. */

import { readFileSync } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import manifest from '../../package.json' with { type: 'json' };
import { ROWS } from '../faults/rows.ts';
import { ROOT } from '../support/process.ts';

const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');
const figures = page.slice(page.indexOf('<!-- faults -->'), page.indexOf('<!-- /faults -->'));

const range = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, i) => `T${String(first + i).padStart(2, '0')}`);

t.test('every plugin, test and page of a link exists', async (t) => {
  const links = [...page.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path);
  t.ok(links.length > 50);
  for (const link of links) await t.resolves(access(join(ROOT, 'docs', link)), link);
});

t.test('every plugin that protects the service is in the threat model', async (t) => {
  const composition = await readFile(join(ROOT, 'service/app.ts'), 'utf8');
  const imported = [...composition.matchAll(/'\.\.\/plugins\/([\w-]+)(?:\/index)?\.ts'/g)].map(
    ([, name = '']) => name,
  );
  t.ok(imported.length > 15);
  for (const name of imported) {
    if (NO_GUARDS.has(name)) continue;
    t.match(page, `](../plugins/${name}`, name);
  }
});

/** Plugins that protect nothing themselves. */
const NO_GUARDS = new Set(['accept', 'domain', 'readiness', 'reloading', 'request-id', 'openapi']);

t.test('every fault and attack has a section in the format that `npm run faults` prints', async (t) => {
  const ids = [
    ...range(1, 38),
    ...range(58, 68),
    'T70',
    'T72',
    'T75',
    'T76',
    ...range(80, 84),
    ...range(91, 95),
  ];
  t.same(
    ROWS.map(({ id }) => id),
    ids,
  );
  const sections = [...figures.matchAll(/^### (T\d\d): (.*)\n\n- Expected: (.*)$/gm)];
  t.same(
    sections.map(([, id, fault, expected]) => ({ id, fault, expected })),
    ROWS.map(({ id, fault, expected }) => ({ id, fault, expected })),
  );
  const texts = figures.split(/^### /m).slice(1);
  for (const [i, { id, tests }] of ROWS.entries()) {
    const text = texts[i] ?? '';
    t.same(
      [...text.matchAll(/\]\(\.\.\/test\/([^)]+)\.ts\)/g)].map(([, file]) => file),
      tests,
      id,
    );
    if (tests.length > 0) t.match(text, /^- Holds: \S.*\n- Figures:\n {2}- \S/m, `${id} has a figure`);
  }
});

t.test('the commands that it names exist', async (t) => {
  t.match(page, 'npm run faults');
  t.equal(manifest.scripts.faults, 'node bin/dev-node.js scripts/faults.ts');
});
