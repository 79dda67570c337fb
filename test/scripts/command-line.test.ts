/** The command line of every script: its usage, and its errors for invalid arguments. */

import t from 'tap';
import manifest from '../../package.json' with { type: 'json' };
import { programPath } from '../../scripts/find-program.ts';
import { runProgram } from '../support/children.ts';
import { ROOT } from '../support/process.ts';

/** Scripts that start a program of others. */
const OTHERS = ['test', 'coverage', 'format'];

const npmScripts = Object.entries(manifest.scripts).filter(([name]) => !OTHERS.includes(name));

const SCRIPTS: readonly (readonly [name: string, command: string])[] = [
  ...npmScripts.map(([name, command]) => [`npm run ${name}`, command] as const),
  ['node scripts/readme-commands.ts', 'node scripts/readme-commands.ts'],
  ['node bench/engines.ts', 'node bench/engines.ts'],
];

/** As npm runs it. */
const run = (command: string, argument: string) => {
  const { NODE_OPTIONS: _, ...env } = process.env;
  return runProgram(t, programPath('sh'), ['-c', `${command} ${argument}`], { cwd: ROOT, env });
};

for (const [name, command] of SCRIPTS) {
  t.test(`${name} prints its usage and refuses unknown options`, async (t) => {
    const help = await run(command, '--help');
    t.equal(help.code, 0);
    t.equal(help.stderr, '');
    const synopsis = new RegExp(`^${name.replace('npm run start', 'npm start')}( -- .+| \\[.+)?\n  [A-Z]`);
    t.match(help.stdout, synopsis);
    t.match(help.stdout, /\n\nExample:\n {2}.*\b(npm|node) [^\n]+\n$/, 'the usage ends with an example');
    for (const line of help.stdout.split('\n')) t.ok(line.length <= 120, line);

    for (const argument of ['--no-such-option', '--no-such-option=1']) {
      const { code, stdout, stderr } = await run(command, argument);
      t.equal(code, 2);
      t.equal(stdout, '');
      t.match(stderr, /^[^\n]*no-such-option[^\n]*\n\n/);
      t.ok(stderr.endsWith(`\n\n${help.stdout}`), 'the usage follows');
    }
  });
}
