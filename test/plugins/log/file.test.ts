import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { openLogFile, ROTATION } from '../../../plugins/log/file.ts';
import type { ClosableLog } from '../../../plugins/log/options.ts';
import { createMetrics } from '../../../plugins/metrics/metrics.ts';
import { openLog } from '../../../plugins/log/open.ts';
import { configFrom } from '../../../src/config/load.ts';
import { createApp } from '../../../service/server.ts';
import { addressIn, WITHOUT_STORE, run, START } from '../../support/process.ts';
import { mountMissing, mountSmallDisk } from '../../support/small-disk.ts';
import { until } from '../../support/until.ts';

const LIMITS = { size: 4000, files: 3 };

function recorder() {
  const seen = { errors: [] as string[], dropped: 0 };
  const faults = {
    writeFailed: ({ message }: Error) => void seen.errors.push(message),
    lineDropped: () => void seen.dropped++,
  };
  return { seen, faults };
}

const lineOf = (i: number): string => `${JSON.stringify({ i, pad: 'x'.repeat(80) })}\n`;

async function writeLines(file: ClosableLog, from: number, to: number): Promise<void> {
  for (let i = from; i < to; i++) {
    file.write(lineOf(i));
    await sleep(1);
  }
}

/** The files of the log in their order, without the link. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /^api\.\d+\.log$/.test(name))
    .toSorted((a, b) => Number(a.split('.')[1]) - Number(b.split('.')[1]));

/** Returns the numbers of the lines. Each line must be complete. */
const numbersIn = (folder: string): number[] =>
  filesIn(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).i),
  );

t.test('files rotate at their size, and the oldest are deleted', async (t) => {
  const folder = join(t.testdir(), 'logs');
  const { seen, faults } = recorder();
  const file = await openLogFile(join(folder, 'api.log'), faults, LIMITS);
  for (let i = 0; i < 400; i++) {
    file.write(lineOf(i));
    await file.written?.();
    const [last = ''] = filesIn(folder).slice(-1);
    // Lines that are written before the next file is open are in this file too.
    if (statSync(join(folder, last)).size >= LIMITS.size) await until(() => filesIn(folder).at(-1) !== last);
  }
  await file.close();
  await until(() => numbersIn(folder).at(-1) === 399);
  const files = filesIn(folder);
  t.ok(files.length >= LIMITS.files && files.length <= LIMITS.files + 1, files.join(' '));
  for (const name of files.slice(0, -1)) {
    const { size } = statSync(join(folder, name));
    t.ok(Math.abs(size - LIMITS.size) < 1000, `${name}: ${size}`);
  }
  const numbers = numbersIn(folder);
  t.equal(numbers.at(-1), 399);
  t.ok(
    numbers.every((n, i) => i === 0 || n === (numbers[i - 1] ?? 0) + 1),
    'no line between the files is lost',
  );
  t.equal(
    readFileSync(join(folder, 'current.log'), 'utf8'),
    readFileSync(join(folder, files.at(-1) ?? ''), 'utf8'),
  );
  t.same(seen, { errors: [], dropped: 0 });
  t.same(ROTATION, { size: 10_240_000, files: 10 }, 'the mode that the production guide describes');
});

t.test('a later start continues after the last file', async (t) => {
  const folder = t.testdir();
  for (const i of [0, 1]) {
    const file = await openLogFile(join(folder, 'api.log'), recorder().faults, LIMITS);
    file.write(lineOf(i));
    await file.close();
    await until(() => numbersIn(folder).at(-1) === i);
  }
  t.same(numbersIn(folder), [0, 1]);
});

t.test('a line that is reported as written is in a file, even during a rotation', async (t) => {
  const folder = t.testdir();
  const file = await openLogFile(join(folder, 'api.log'), recorder().faults, { size: 1000, files: 99 });
  for (let i = 0; i < 100; i++) {
    file.write(lineOf(i));
    await file.written();
    t.equal(numbersIn(folder).at(-1), i);
  }
  for (let i = 100; i < 200; i++) file.write(lineOf(i));
  await file.written();
  t.equal(numbersIn(folder).length, 200, 'all earlier lines are in the files too');
  await file.close();
});

t.test('a folder that cannot be written to stops the start and names the variable', async (t) => {
  const folder = t.testdir({ file: 'no folder' });
  for (const path of [join(folder, 'file/api.log'), join(folder, 'no/such/api.log')]) {
    await t.rejects(openLog(configFrom({ LOG_FILE: path }), createMetrics()), {
      name: 'ConfigError',
      message: /^LOG_FILE cannot be written \(E[A-Z]+\)$/,
    });
  }
  const { code, stderr } = await run(t, [START], { ...WITHOUT_STORE, LOG_FILE: '/proc/none/api.log' }).end;
  t.equal(code, 78);
  t.equal(stderr, 'Configuration: LOG_FILE cannot be written (ENOENT)\n');
});

t.test(
  'a full disk loses lines, which are counted, and then the log continues',
  { skip: mountMissing },
  async (t) => {
    const { folder, clear } = mountSmallDisk(t);
    const { seen, faults } = recorder();
    const file = await openLogFile(join(folder, 'api.log'), faults, { size: 300_000, files: 2 });
    await writeLines(file, 0, 10);
    writeFileSync(join(folder, 'other'), Buffer.alloc(1_040_000));
    for (let i = 10; i < 6000; i++) {
      file.write(lineOf(i));
      if (i % 20 === 0) await sleep(1);
    }
    t.ok(
      seen.errors.length > 0 && seen.errors.every((message) => message.startsWith('ENOSPC')),
      `expected ENOSPC only, got ${seen.errors.join()}`,
    );
    t.ok(seen.dropped > 0, 'lost lines are counted');
    clear();
    await writeLines(file, 6000, 6200);
    await file.close();
    await until(() => numbersIn(folder).at(-1) === 6199);
    const numbers = numbersIn(folder);
    t.equal(numbers.at(-1), 6199);
    t.equal(new Set(numbers).size, numbers.length, 'no line is written twice');
    t.ok(
      numbers.length + seen.dropped >= 3000,
      `${numbers.length} lines written, ${seen.dropped} counted as lost`,
    );
    t.comment(`full disk: ${seen.errors.length} errors, ${seen.dropped} of 6,200 lines lost, none torn`);
  },
);

t.test(
  'the service logs only to the file, counts failed writes, and continues to serve',
  { skip: mountMissing },
  async (t) => {
    const { folder, fill } = mountSmallDisk(t);
    fill();
    const environment = { NODE_ENV: 'test', LOG_FILE: join(folder, 'api.log'), RATE_LIMIT_PER_HOUR: '0' };
    const app = await createApp(configFrom(environment));
    t.teardown(() => app.close());
    for (let i = 0; i < 50; i++) t.equal((await app.inject('/health')).statusCode, 200);
    const metrics = async (): Promise<string> => (await app.inject('/metrics')).body;
    await until(async () => /^log_errors_total [1-9]\d*$/m.test(await metrics()));
    t.match(await metrics(), /^log_errors_total [1-9]\d*$/m);
    t.match(await metrics(), /^log_lines_dropped_total \d+$/m);
  },
);

t.test('standard output is empty, and standard error says where the log is', async (t) => {
  const folder = t.testdir();
  const service = run(t, [START], { ...WITHOUT_STORE, LOG_FILE: join(folder, 'api.log') });
  const current = join(folder, 'current.log');
  const read = (): string => {
    try {
      return readFileSync(current, 'utf8');
    } catch {
      return '';
    }
  };
  await until(() => read().includes('listens on'));
  t.equal((await fetch(`${addressIn(read())}/health`)).status, 200);
  service.kill('SIGTERM');
  const { code, stdout, stderr } = await service.end;
  t.equal(code, 0);
  t.equal(stdout, '');
  t.equal(
    stderr,
    `The log is written to the folder of ${join(folder, 'api.log')}, and no longer to standard output\n`,
  );
  t.match(read(), /"path":"\/health"[^]*SIGTERM received/);
});
