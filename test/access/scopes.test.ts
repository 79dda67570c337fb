/** Scopes that a key can have, and the routes that need them. */

import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { SCOPES } from '../../src/access/scopes.ts';
import { ROOT } from '../support/process.ts';

const sources = globSync('{routes,plugins}/**/*.ts', { cwd: ROOT })
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))
  .join('\n');
const isUsed = (scope: string): boolean => sources.includes(`'${scope}'`);

t.test('a route needs each scope', async (t) => {
  for (const scope of SCOPES) t.ok(isUsed(scope), `a route needs ${scope}`);
});

t.test('npm run apikey offers the scopes that a route uses, and no others', async (t) => {
  const program = join(ROOT, 'scripts/make-api-key.ts');
  const { stdout } = spawnSync(process.execPath, [program, '--help'], { encoding: 'utf8' });
  const [, offered = ''] = /permissions from ([^;]*);/.exec(stdout) ?? [];
  t.same(offered.split(/,\s*/), SCOPES);
});
