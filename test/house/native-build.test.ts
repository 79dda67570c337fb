/**
 * `npm run build:native` on a machine where it cannot build. The tests of the native engine cover a successful build.
 */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { programPath } from '../../scripts/find-program.ts';
import { runProgram } from '../support/children.ts';
import { ROOT } from '../support/process.ts';
import { compilerMissing } from '../support/services.ts';

const NO_SOURCES = 'Dir::Etc::sourcelist "/dev/null"; Dir::Etc::sourceparts "/dev/null";';

/** Runs a copy of the script with an empty cache. Returns the exit code and the output. */
async function build(t: Test, env: Record<string, string>): Promise<readonly [unknown, string]> {
  const script = await readFile(join(ROOT, 'native/build.sh'), 'utf8');
  const folder = t.testdir({ 'build.sh': script, 'apt.conf': NO_SOURCES, cache: {} });
  const environment = { PATH: process.env.PATH, XDG_CACHE_HOME: join(folder, 'cache'), ...env };
  const place = { cwd: folder, env: environment };
  const { code, stderr } = await runProgram(t, programPath('bash'), [join(folder, 'build.sh')], place);
  t.notOk(existsSync(join(folder, 'build')), 'nothing is built');
  return [code, stderr];
}

t.test(
  'a source package that is not available is reported, with its own exit code',
  { skip: compilerMissing },
  async (t) => {
    const [code, said] = await build(t, { APT_CONFIG: 'apt.conf' });
    t.equal(code, 69);
    t.match(said, /^native engine: rust-aws-lc-sys=\S+ is not available; set AWS_LC_SOURCE to /m);
  },
);

t.test('an archive with an unexpected hash is not built', { skip: compilerMissing }, async (t) => {
  const [code, said] = await build(t, { AWS_LC_SOURCE: join(ROOT, 'package.json') });
  t.equal(code, 1);
  t.match(said, /package\.json is not the expected archive: its SHA-256 differs$/m);
  t.equal((await build(t, { AWS_LC_SOURCE: '/no/such/archive' }))[0], 1);
});
