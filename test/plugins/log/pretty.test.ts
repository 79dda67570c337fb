/** LOG_FORMAT: lines for a reader at a terminal, and JSON everywhere else. */

import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import t from 'tap';
import { prettyLine } from '../../../plugins/log/pretty.ts';
import { findProgram } from '../../../scripts/find-program.ts';
import { startProgram } from '../../support/children.ts';
import { addressIn, WITHOUT_STORE, onlyWith, ROOT, run, START } from '../../support/process.ts';
import { status } from '../../support/steady-load.ts';
import { text } from 'node:stream/consumers';

const TIME = new Date(2026, 10, 28, 9, 5, 7).getTime();
const line = (members: object): string =>
  prettyLine(JSON.stringify({ time: TIME, level: 30, pid: 1, ...members }));

t.test('a line has time of day, level, message, request and the other members', async (t) => {
  t.equal(line({ msg: 'it listens', hostname: 'here' }), '09:05:07 INFO  it listens\n');
  t.equal(
    line({
      msg: 'request',
      request: 'abc',
      method: 'GET',
      path: '/health',
      status: 200,
      milliseconds: 1.2,
      client: '192.0.2.1',
      principal: 'key:web team',
    }),
    '09:05:07 INFO  request GET /health 200 1.2 ms 192.0.2.1 request=abc principal="key:web team"\n',
  );
  for (const [level, name] of [
    [10, 'TRACE'],
    [20, 'DEBUG'],
    [40, 'WARN '],
    [50, 'ERROR'],
    [60, 'FATAL'],
    [35, '35   '],
  ] as const) {
    t.equal(line({ level, msg: 'x' }), `09:05:07 ${name} x\n`);
  }
});

t.test('an error is on lines of its own, with its stack and its cause', async (t) => {
  const cause = { type: 'RangeError', message: 'deep', stack: 'logged where LOG_LEVEL is debug' };
  t.equal(
    line({
      msg: 'failed',
      err: { type: 'Error', message: 'it broke', stack: 'Error: it broke\n    at a.ts:1', cause },
    }),
    '09:05:07 INFO  failed\n    Error: it broke\n        at a.ts:1\n    RangeError: deep\n',
  );
});

t.test('text of a client cannot control the terminal', async (t) => {
  const evil = 'a\u001b[2J\u009b1A\r\n\u2028\u202eb\u0000';
  const printed = line({
    msg: evil,
    path: evil,
    subject: evil,
    err: { type: evil, message: evil, stack: evil },
  });
  t.notMatch(printed.replaceAll('\n', ''), /[\p{C}\u2028]/u);
  t.equal(printed.split('\n').length, 4, 'the line, two lines of the stack, and the end');
  t.match(printed, 'a\\u{1b}[2J\\u{9b}1A\\u{d}\\u{a}\\u{2028}\\u{202e}b\\u{0}');
});

t.test('LOG_FORMAT=pretty says where to begin, in colours only on a terminal', async (t) => {
  for (const WEB_CONCURRENCY of ['1', '2']) {
    const service = run(t, [START], {
      ...WITHOUT_STORE,
      DOCS_ENABLED: 'true',
      LOG_FORMAT: 'pretty',
      BASE_PATH: '/pki',
      WEB_CONCURRENCY,
    });
    const address = addressIn(await service.listening);
    await service.logged('First command');
    t.equal(await status(`${address}/pki/health`), 200);
    service.kill('SIGTERM');
    const { code, stdout } = await service.end;
    t.equal(code, 0);
    const [listens = '', documentation = '', command = ''] = stdout.split('\n');
    t.match(
      listens,
      /^\d\d:\d\d:\d\d INFO {2}ML-DSA Certificate API [\d.]+ listens on \S+, engine \w+(, 2 workers)?$/,
    );
    t.ok(documentation.endsWith(`INFO  Documentation: ${address}/pki/docs`), documentation);
    t.match(command, `${address}/pki/api/v1/certificate/generate`);
    t.match(stdout, 'INFO  request GET /pki/health 200 ');
  }
});

t.test('the first command works as it is printed', { skip: findProgram('curl') === undefined }, async (t) => {
  const key = 'k'.repeat(32);
  for (const env of [{}, { API_KEYS: key }] as Record<string, string>[]) {
    const service = run(t, [START], { ...WITHOUT_STORE, LOG_FORMAT: 'pretty', ...env });
    const [, command = ''] = /First command: (.*)/.exec(await service.logged('First command')) ?? [];
    const shell = startProgram(t, '/bin/sh', ['-c', command], {
      env: { PATH: process.env.PATH, API_KEY: key },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const shown = await text(shell.stdout);
    t.match(JSON.parse(shown), { dry_run: true, subject: '/CN=www.example.com' }, command);
    t.notMatch(shown, 'private_key', 'no key is printed on the terminal');
    service.kill('SIGTERM');
    await service.end;
  }
});

const script = findProgram('script');

/** The first line of the log of a service on a terminal. */
async function onTerminal(environment: Readonly<Record<string, string>>): Promise<string> {
  const variables = { ...WITHOUT_STORE, TERM: 'xterm', ...environment };
  const command = ['env', ...onlyWith(variables), process.execPath, START]
    .map((word) => `'${word}'`)
    .join(' ');
  const terminal = startProgram(t, script ?? '', ['--quiet', '--command', command, '/dev/null'], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of terminal.stdout as AsyncIterable<Buffer>) {
    output += chunk.toString();
    if (output.includes('\n')) break;
  }
  return output.split('\r\n')[0] ?? '';
}

t.test('auto is readable only on a terminal', { skip: script === undefined }, async (t) => {
  const readable = /^\d\d:\d\d:\d\d INFO {2}ML-DSA Certificate API .* listens on /;
  const pretty = await onTerminal({});
  t.match(stripVTControlCharacters(pretty), readable);
  t.not(stripVTControlCharacters(pretty), pretty, 'it has colours');
  t.match(await onTerminal({ NO_COLOR: '1' }), readable, 'without colours');
  t.match(stripVTControlCharacters(await onTerminal({ WEB_CONCURRENCY: '2' })), readable, 'with workers');
  t.match(JSON.parse(await onTerminal({ LOG_FORMAT: 'json' })), { msg: / listens on / });
  const LOG_FILE = join(t.testdir(), 'service.log');
  t.match(await onTerminal({ LOG_FILE }), /^The log is written to /);
  const piped = run(t, [START], WITHOUT_STORE);
  t.match(JSON.parse(await piped.listening), { msg: / listens on / });
});
