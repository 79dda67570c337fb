/** The bounds of memory (docs/operations.md): each way to start the service has them, and so has each worker. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import manifest from '../../package.json' with { type: 'json' };
import { MEMORY } from '../../bench/service.ts';
import { findProgram } from '../../scripts/find-program.ts';
import { ENVIRONMENT } from '../support/dockerfile.ts';
import { WITH_STORE, ROOT, run } from '../support/process.ts';

const npm = findProgram('npm');

const { NODE_OPTIONS: BOUNDS, ...MALLOC } = MEMORY;

/** Of the old space, from the operator, in MiB. */
const OPERATOR = 300;

/** V8 adds three semi-spaces. */
const LIMIT = (OPERATOR + 3 * 8) * 1024 * 1024;

/** A module that prints the program of each process that loads it, and the limit of its heap. */
const PROBE = `data:text/javascript,${encodeURIComponent(
  `import { getHeapStatistics } from 'node:v8';
  process.stderr.write(process.pid + ' ' + process.argv[1] + ' ' + getHeapStatistics().heap_size_limit + String.fromCharCode(10));`,
)}`;

t.test('the image, the unit of systemd, npm start and npm run bench have the same bounds', async (t) => {
  const unit = await readFile(join(ROOT, 'deploy/systemd/mldsa-api@.service'), 'utf8');
  const settings = Object.entries(MEMORY).map(([name, value]) => `${name}=${value}`);
  t.hasStrict(ENVIRONMENT, MEMORY);
  t.match(unit, `Environment=${settings.join(' ')}\n`);
  t.match(manifest.scripts.start, `NODE_OPTIONS="${BOUNDS} $NODE_OPTIONS"`);
  for (const [name, value] of Object.entries(MALLOC))
    t.match(manifest.scripts.start, ` ${name}=\${${name}:-${value}} `, name);
});

/** Returns the limits of the processes that run a program of bin/. A thread prints the same as its process. */
function limitsIn(output: string): number[] {
  const lines = [...output.matchAll(/^(\d+) \S+\/bin\/(?:start|worker)\.js (\d+)$/gm)];
  return [...new Map(lines.map(([, pid, octets]) => [pid, Number(octets)])).values()];
}

const title = 'they hold in every process, together with the options of the operator';

t.test(title, { skip: npm === undefined && 'npm is not installed' }, async (t) => {
  const { PATH = '', HOME = '' } = process.env;
  const NODE_OPTIONS = `--max-old-space-size=${OPERATOR} --import=${PROBE}`;
  const env = { ...WITH_STORE, PATH, HOME, NODE_OPTIONS, WEB_CONCURRENCY: '2' };
  const service = run(t, ['--prefix', ROOT, 'start'], env, { node: npm ?? '' });
  await service.listening;
  service.kill('SIGTERM');
  const { code, stderr } = await service.end;
  t.equal(code, 0);
  const limits = limitsIn(stderr);
  t.ok(limits.length >= 2, 'of the primary, and of the worker that logs its address');
  t.same(new Set(limits), new Set([LIMIT]));
});
