/** The tests of the deployments on a machine with Node.js, npm and a shell alone: they pass, or are skipped with a reason. */

import { globSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { groupFile } from '../../scripts/test-groups.ts';
import { findProgram } from '../../scripts/find-program.ts';
import { plainNode } from '../support/plain-node.ts';
import { ROOT } from '../support/process.ts';

/** Every Linux with Node.js has them. */
const PROGRAMS = (
  'awk basename bash cat chmod chown cp cut date dirname env find grep head id ln ls mkdir mktemp mv node npm printf ' +
  'rm sed sh sleep sort stat tail tee touch tr uname wc'
).split(' ');

t.test('the tests of the deployments need no program that they do not name', async (t) => {
  const folder = t.testdir({});
  for (const name of PROGRAMS) {
    const path = findProgram(name);
    if (path !== undefined) symlinkSync(path, join(folder, name));
  }
  const files = globSync('test/deploy/*.test.ts', { cwd: ROOT }).toSorted();
  const { REQUIRE_SERVICES: _, OPENSSL_ROOT: __, ...variables } = process.env;
  const env = { ...variables, PATH: folder, HOME: folder, XDG_CACHE_HOME: folder };
  const { code, stdout } = await plainNode(t, ['--input-type=module', '-e', groupFile(files)], { env });
  const failed = stdout.match(/^ *not ok .*$/gm) ?? [];
  t.strictSame([code, failed], [0, []]);
  const skipped = stdout.match(/^ *ok .* # SKIP .+$/gm) ?? [];
  t.ok(skipped.length >= 20, `${skipped.length} tests are skipped, each with a reason`);
});
