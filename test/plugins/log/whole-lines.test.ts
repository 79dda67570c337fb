import { PassThrough } from 'node:stream';
import t from 'tap';
import { forEachLine, passLines } from '../../../plugins/log/whole-lines.ts';

/** Returns what is passed on of a stream that delivers these chunks. */
async function passed(...chunks: readonly (string | Uint8Array)[]): Promise<readonly string[]> {
  const input = new PassThrough();
  const texts: string[] = [];
  const end = passLines(input, (lines) => texts.push(lines));
  for (const chunk of chunks) input.write(chunk);
  input.end();
  await end;
  return texts;
}

const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é\n').subarray(1)];

t.test('whole lines are passed on together', async (t) => {
  t.same(await passed('a\nb\n'), ['a\nb\n']);
  t.same(await passed('a\nb', 'c\nd\n'), ['a\n', 'bc\nd\n']);
  t.same(await passed('a', 'b', 'c\n'), ['abc\n']);
  t.same(await passed(first, second), ['é\n'], 'a character that is cut');
  t.same(await passed('\n\n'), ['\n\n']);
});

t.test('a last line without a line feed gets one', async (t) => {
  t.same(await passed('a\nb'), ['a\n', 'b\n']);
  t.same(await passed(), []);
});

t.test('each line counts once', async (t) => {
  for (const [lines, expected] of [
    ['', 0],
    ['a\n', 1],
    ['a\nb\n\n', 3],
  ] as const) {
    let count = 0;
    forEachLine(lines, () => (count += 1));
    t.equal(count, expected);
  }
});
