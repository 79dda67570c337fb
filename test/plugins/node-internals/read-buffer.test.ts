/** The HTTP parser of Node.js keeps the last read in one buffer of the thread. read-buffer.ts overwrites it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t from 'tap';
import { until } from '../../support/until.ts';
import { findInMemory } from '../../support/process-memory.ts';

const skip = process.platform !== 'linux' && 'only Linux shows the memory of a process';

const MODULE = join(import.meta.dirname, '../../../plugins/node-internals/read-buffer.ts');

/** Prints its port; overwrites the buffer at each line on standard input. */
const SERVER = `
  import { createServer } from 'node:http';
  import { openReadBuffer } from ${JSON.stringify(MODULE)};
  const buffer = await openReadBuffer();
  const server = createServer((request, response) => {
    request.on('data', (chunk) => chunk.fill(0)).on('end', () => response.end());
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
  process.stdin.on('data', () => buffer.overwrite());`;

t.test('a body stays in the read buffer until it is overwritten', { skip }, async (t) => {
  const server = spawn(process.execPath, ['--input-type=module', '--eval', SERVER], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.teardown(() => server.kill());
  const lines = createInterface({ input: server.stdout });
  const [port] = (await once(lines, 'line')) as [string];
  const secret = 'a secret that nothing else contains';
  const body = 'x'.repeat(60_000) + secret;
  const { status } = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body });
  t.equal(status, 200);
  const needle = Buffer.from(secret);
  const isInMemory = (): boolean => findInMemory(server.pid ?? 0, [needle]).size > 0;
  t.ok(
    isInMemory(),
    `Node ${process.version} leaves no body in its read buffer: delete read-buffer.ts if sent-key-residue.test.ts passes without it`,
  );
  server.stdin.write('\n');
  t.comment(
    `fails here where the read buffer of Node ${process.version} is longer than 64 KiB or not shared`,
  );
  await until(async () => !isInMemory());
});
