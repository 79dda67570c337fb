import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { startProgram } from '../../support/children.ts';

const LINES = 50_000;

/** Writes lines, a few at a time, then reports the number of lost lines and the size of the buffer. */
const WRITER = `
  import { setImmediate } from 'node:timers/promises';
  import { openStandardOutput } from '${new URL('../../../plugins/log/standard-output.ts', import.meta.url).href}';
  let dropped = 0;
  const output = openStandardOutput(() => dropped++);
  for (let i = 0; i < ${LINES}; i++) {
    output.write(i + 'x'.repeat(100) + '\\n');
    if (i % 10 === 0) await setImmediate();
  }
  process.stderr.write(JSON.stringify({ dropped, waiting: process.stdout.writableLength }) + '\\n');
  await output.close();
  process.exit();`;

async function writeLines(t: Test, isRead: boolean) {
  const child = startProgram(t, process.execPath, ['--input-type=module', '-e', WRITER], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = isRead ? text(child.stdout) : undefined;
  const [said] = await once(child.stderr, 'data');
  const result = JSON.parse(String(said)) as { readonly dropped: number; readonly waiting: number };
  return { ...result, lines: (await (written ?? text(child.stdout))).split('\n').slice(0, -1) };
}

t.test('every line is written before the end', async (t) => {
  const { dropped, lines } = await writeLines(t, true);
  t.equal(dropped + lines.length, LINES);
  t.equal(new Set(lines).size, lines.length);
});

t.test('a reader that has stopped loses lines, which are counted, and costs no memory', async (t) => {
  const { dropped, waiting, lines } = await writeLines(t, false);
  t.ok(dropped > 0);
  t.ok(waiting < 1_100_000, `${waiting} bytes wait`);
  t.equal(dropped + lines.length, LINES);
});
