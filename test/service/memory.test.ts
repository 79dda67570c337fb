/** The bounds of memory (docs/operations.md): each way to start the service has them, and so has each worker. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import manifest from '../../package.json' with { type: 'json' };
import { MEMORY } from '../../bench/service.ts';
import { findProgram } from '../../scripts/find-program.ts';
import { ENVIRONMENT } from '../support/dockerfile.ts';
import { FREE_PORT, ROOT, run } from '../support/process.ts';

const npm = findProgram('npm');

const { MALLOC_ARENA_MAX, NODE_OPTIONS: BOUNDS } = MEMORY;

/** Old space, and three semi-spaces (V8: Heap::YoungGenerationSizeFromSemiSpaceSize), in octets. */
const LIMIT = (256 + 3 * 8) * 1024 * 1024;

/** A module that prints the program of each process that loads it, and the limit of its heap. */
const PROBE = `data:text/javascript,${encodeURIComponent(
  `import { getHeapStatistics } from 'node:v8';
  process.stderr.write(process.pid + ' ' + process.argv[1] + ' ' + getHeapStatistics().heap_size_limit + String.fromCharCode(10));`,
)}`;

t.test('the image, the unit of systemd, npm start and npm run bench have the same bounds', async (t) => {
  const unit = await readFile(join(ROOT, 'deploy/systemd/mldsa-api@.service'), 'utf8');
  t.equal(ENVIRONMENT.NODE_OPTIONS, BOUNDS);
  t.equal(ENVIRONMENT.MALLOC_ARENA_MAX, MALLOC_ARENA_MAX);
  t.match(unit, `Environment=MALLOC_ARENA_MAX=2 "NODE_OPTIONS=${BOUNDS}"`);
  t.match(manifest.scripts.start, `NODE_OPTIONS="${BOUNDS} $NODE_OPTIONS"`);
  t.match(manifest.scripts.start, 'MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}');
});

/** Returns the limits of the processes that run a program of bin/. A thread prints the same as its process. */
function limitsIn(output: string): number[] {
  const lines = [...output.matchAll(/^(\d+) \S+\/bin\/(?:start|worker)\.js (\d+)$/gm)];
  return [...new Map(lines.map(([, pid, octets]) => [pid, Number(octets)])).values()];
}

t.test('they hold in every process', { skip: npm === undefined && 'npm is not installed' }, async (t) => {
  for (const [title, options, limit] of [
    ['as npm start sets them', '', LIMIT],
    ['unless the operator sets others', '--max-old-space-size=300', LIMIT + 44 * 1024 * 1024],
  ] as const) {
    const { PATH = '', HOME = '' } = process.env;
    const env = { ...FREE_PORT, PATH, HOME, WEB_CONCURRENCY: '2' };
    const NODE_OPTIONS = `${options} --import=${PROBE}`;
    const service = run(t, ['--prefix', ROOT, 'start'], { ...env, NODE_OPTIONS }, { node: npm ?? '' });
    await service.listening;
    service.kill('SIGTERM');
    const { code, stderr } = await service.end;
    t.equal(code, 0);
    const limits = limitsIn(stderr);
    t.ok(limits.length >= 2, 'of the primary, and of the worker that logs its address');
    t.same(new Set(limits), new Set([limit]), title);
  }
});
