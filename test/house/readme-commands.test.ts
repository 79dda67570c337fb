import { join } from 'node:path';
import t, { type Test } from 'tap';
import { plainNode } from '../support/plain-node.ts';
import { curlMissing } from '../support/services.ts';

const RUNNER = join(import.meta.dirname, '../../scripts/readme-commands.ts');

const SERVICE = `
  import { createServer } from 'node:http';
  const server = createServer((request, reply) => reply.end(request.url));
  server.listen(Number(process.env.PORT), '127.0.0.1');
  process.on('SIGTERM', () => process.exit(0));
`;

const NEEDS_CURL = { skip: curlMissing };

const START = ['```bash', 'npm ci && npm start', '```'];

/** Runs scripts/readme-commands.ts in a project with this README and a service of a few lines. */
async function runReadme(t: Test, ...readme: string[]): Promise<{ code: number | null; lines: string[] }> {
  const project = t.testdir({
    'README.md': readme.join('\n'),
    'package.json': JSON.stringify({ type: 'module', scripts: { start: 'node server.js' } }),
    'server.js': SERVICE,
  });
  const { code, stdout } = await plainNode(t, [RUNNER], { cwd: project });
  return { code, lines: stdout.trimEnd().split('\n') };
}

t.test(
  'the blocks of a README run in order, in one folder, with the service started',
  NEEDS_CURL,
  async (t) => {
    const { code, lines } = await runReadme(
      t,
      '# A service',
      ...START,
      '```bash',
      'test -z "$(ls -A)"',
      'curl -fsS http://localhost:8000/first > answer',
      '```',
      '```bash',
      'grep -x /first answer',
      '```',
      '```json',
      'false',
      '```',
      '',
      '<!-- not run: needs a container engine -->',
      '',
      '```bash',
      'false',
      '```',
      '<!-- needs: sh, no-such-program -->',
      '```bash',
      'exit 1',
      '```',
      '<!-- needs: sh -->',
      '```bash',
      'true',
      '```',
      '```bash',
      'npm ci && npm test',
      '```',
    );
    t.same(lines, [
      'ok README.md:3 npm ci && npm start',
      'ok README.md:6 test -z "$(ls -A)"',
      'ok README.md:10 grep -x /first answer',
      'not run README.md:19 false',
      '    needs a container engine',
      'not run README.md:23 exit 1',
      '    needs no-such-program',
      'ok README.md:27 true',
      'not run README.md:30 npm ci && npm test',
      '    the tests are a step of their own',
      '4 passed, 0 failed, 3 not run',
    ]);
    t.equal(code, 0);
  },
);

t.test('a failed command in a README fails the run', NEEDS_CURL, async (t) => {
  const faults: [why: string, ...readme: string[]][] = [
    ['ended with 3', '```bash', 'echo before', '(exit 3)', 'echo after', '```'],
    ['ended with 1', '```bash', 'false | cat', '```'],
    ['ended with 7', '```bash', 'curl -fsS http://localhost:8000/health', '```'],
    ['README.md starts the service twice', ...START, ...START],
  ];
  for (const [why, ...readme] of faults) {
    const { code, lines } = await runReadme(t, ...readme);
    t.ok(lines.includes(`    ${why}`) || lines.includes(why), why);
    t.match(lines.at(-1), / 1 failed, 0 not run$/);
    t.equal(code, 1);
  }
});

t.test('a README without an executable block fails the run', async (t) => {
  const { code, lines } = await runReadme(t, '# Nothing');
  t.same(lines, ['0 passed, 0 failed, 0 not run']);
  t.equal(code, 1);
});
