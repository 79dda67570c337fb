import t from 'tap';
import { followLines } from '../../../service/workers/log-relay.ts';

/** A log whose writes end when the test says so. */
function createLog() {
  const writes: PromiseWithResolvers<void>[] = [];
  const log = {
    write: () => void writes.push(Promise.withResolvers<void>()),
    written: () => writes.at(-1)?.promise ?? Promise.resolve(),
    async close() {},
  };
  return { writes, log };
}

t.test('lines that arrive together are written together', async (t) => {
  const { writes, log } = createLog();
  const lines = followLines(log);
  const before = lines.whenLineWritten(2);
  lines.write('1\n2\n3\n');
  lines.write('4\n');
  t.equal(writes.length, 2);
  writes[0]?.resolve();
  await before;
  await Promise.all([1, 2, 3].map((line) => lines.whenLineWritten(line)));
  writes[1]?.reject(new Error('full'));
  await t.rejects(lines.whenLineWritten(4), { message: 'full' });
});

t.test('all who ask about a line learn of it', async (t) => {
  const { writes, log } = createLog();
  const lines = followLines(log);
  const asked = [lines.whenLineWritten(1), lines.whenLineWritten(1)];
  lines.write('1\n');
  writes[0]?.reject(new Error('full'));
  for (const result of asked) await t.rejects(result, { message: 'full' });
});

t.test('the results of the last 10,000 lines are kept', async (t) => {
  const { writes, log } = createLog();
  const lines = followLines(log);
  lines.write('1\n');
  lines.write('\n'.repeat(10_000));
  for (const write of writes) write.resolve();
  await lines.whenLineWritten(2);
  await t.rejects(lines.whenLineWritten(1), { message: 'the log line was written too long ago' });
});
