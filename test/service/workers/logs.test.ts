/** One log of several workers: each event is exactly one complete line. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { mountMissing, mountSmallDisk } from '../../support/small-disk.ts';
import { load, status, sum } from '../../support/steady-load.ts';
import { until } from '../../support/until.ts';
import { startWorkers } from '../../support/workers.ts';

/** Checks that every line is JSON. Returns the number of requests for keys, of audit lines, and of processes. */
function eventsIn(text: string) {
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  const requests = lines.filter(({ path }) => path === '/api/v1/keys/generate');
  const audits = lines.filter(({ log }) => log === 'audit');
  return {
    requests: requests.length,
    audits: audits.length,
    ids: new Set(requests.map(({ request }) => request)).size,
    workers: new Set(requests.map(({ pid }) => pid)).size,
  };
}

/** Resolves with a line of the log that contains these words. */
const logReader =
  (read: () => string) =>
  async (words: string): Promise<string> => {
    const find = (): string | undefined =>
      read()
        .split('\n')
        .find((line) => line.includes(words));
    await until(() => find() !== undefined);
    return find() ?? '';
  };

t.test('standard output has a line for each event, until the end', async (t) => {
  const service = await startWorkers(t);
  const { outcomes, stop } = load(t, service.address, 6);
  await until(() => (outcomes.get(200) ?? 0) > 100);
  await stop();
  service.kill('SIGTERM');
  const { code, stdout } = await service.end;
  t.equal(code, 0);
  const count = sum(outcomes.values());
  const { workers, ...events } = eventsIn(stdout);
  t.same(events, { requests: count, audits: count, ids: count });
  t.comment(`${count} requests of ${workers} workers: ${events.requests} lines, ${events.audits} audited`);
});

t.test('log rotation loses no line, and one process writes the files', async (t) => {
  const folder = join(t.testdir(), 'logs');
  mkdirSync(folder);
  // Almost full, so that the next file is opened soon.
  const filler = `${JSON.stringify({ msg: 'x'.repeat(989) })}\n`;
  writeFileSync(join(folder, 'api.1.log'), filler.repeat(Math.floor(10_220_000 / filler.length)));
  const files = (): readonly string[] => readdirSync(folder).filter((name) => /^api\.\d+\.log$/.test(name));
  const read = (): string =>
    files()
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
  const log = logReader(read);
  const service = await startWorkers(t, { LOG_FILE: join(folder, 'api.log') }, { log });
  const { outcomes, stop } = load(t, service.address, 6);
  await until(() => files().length > 1 && (outcomes.get(200) ?? 0) > 100);
  await stop();
  service.kill('SIGTERM');
  const { code, stdout, stderr } = await service.end;
  t.equal(code, 0);
  t.equal(stdout, '');
  t.equal(
    stderr,
    `The log is written to the folder of ${join(folder, 'api.log')}, and no longer to standard output\n`,
  );
  const count = sum(outcomes.values());
  const { workers, ...events } = eventsIn(read());
  t.same(events, { requests: count, audits: count, ids: count });
  t.same(files().toSorted(), ['api.1.log', 'api.2.log']);
  t.comment(`${count} requests of ${workers} workers, two files: ${events.requests} lines`);
});

t.test(
  'with AUDIT_REQUIRED no worker issues before the primary has written the audit line',
  { skip: mountMissing },
  async (t) => {
    const { folder, fill, clear } = mountSmallDisk(t);
    const read = (): string => {
      const names = readdirSync(folder).filter((name) => /^api\.\d+\.log$/.test(name));
      return names.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
    };
    const env = { LOG_FILE: join(folder, 'api.log'), AUDIT_REQUIRED: 'true' };
    const service = await startWorkers(t, env, { log: logReader(read) });
    const { outcomes, stop } = load(t, service.address, 6);
    await until(() => (outcomes.get(200) ?? 0) > 30);
    fill();
    await until(() => (outcomes.get(503) ?? 0) > 30);
    clear();
    const before = outcomes.get(200) ?? 0;
    await until(() => (outcomes.get(200) ?? 0) > before + 30);
    await stop();
    await until(async () => (await status(`${service.address}/readyz`)) === 200);
    const kept = read()
      .split('\n')
      .filter((line) => line.includes('"log":"audit"') && line.includes('"success"') && isJson(line));
    t.ok(kept.length >= (outcomes.get(200) ?? 0), `${outcomes.get(200)} given out, ${kept.length} on record`);
    service.kill('SIGTERM');
    t.equal((await service.end).code, 0);
  },
);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
