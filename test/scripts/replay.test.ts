/** `npm run replay`: the recorded contract against the service, and against services that answer otherwise. */

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { INTENDED } from '../../scripts/replay/intended.ts';
import { differences } from '../../scripts/replay/shape.ts';
import { plainNode } from '../support/plain-node.ts';
import { ROOT } from '../support/process.ts';
import { startService } from '../support/service.ts';

const REPLAY = join(ROOT, 'scripts/replay.ts');
const CONTRACT = join(ROOT, 'test/compat/contract.ndjson');
const KEY = 'a-key-of-the-replay-of-36-characters';

async function replay(url: string, file: string, apiKey = '') {
  const env = { ...process.env, API_KEY: apiKey };
  const { code, stdout: output } = await plainNode(t, [REPLAY, url, file], { env });
  return { code, output, last: output.trimEnd().split('\n').at(-1) };
}

t.test('the recorded contract is kept, except for intended differences', async (t) => {
  const { url } = await startService(t, { API_KEYS: KEY });
  const { code, output, last } = await replay(url, CONTRACT, KEY);
  t.equal(last, '19 same, 5 intended, 0 differ', output);
  t.equal(code, 0);
  t.notMatch(output, KEY);
  for (const { reason } of INTENDED) t.ok(output.includes(reason), reason);
});

/** A service of one answer, and a recording of one request. */
async function replayOne(t: Test, answer: RequestListener, recorded: object) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const line = { name: 'one', request: { method: 'GET', path: '/' }, answer: recorded };
  const folder = t.testdir({ recording: JSON.stringify(line) });
  return replay(`http://127.0.0.1:${port}`, join(folder, 'recording'));
}

const RECORDED = { status: 200, headers: ['X-Was'], body: { name: 'text', key: 'LS0t…' } };
const GOOD = { 'x-was': 'here' };

t.test('each difference is printed on a line', async (t) => {
  const cases: [answer: RequestListener, told: RegExp][] = [
    [
      (_, reply) => void reply.writeHead(201, GOOD).end('{"name":"a","key":"LS0tLS"}'),
      /status was 200, is 201/,
    ],
    [(_, reply) => void reply.end('{"name":"a","key":"LS0tLS"}'), /X-Was is missing/],
    [
      (_, reply) => void reply.writeHead(200, GOOD).end('{"key":"LS0tLS"}'),
      /body\.name was of type string, is absent/,
    ],
    [
      (_, reply) => void reply.writeHead(200, GOOD).end('{"name":1,"key":"LS0tLS"}'),
      /body\.name .*, is of type number/,
    ],
    [
      (_, reply) => void reply.writeHead(200, GOOD).end('{"name":"a","key":"MIIB"}'),
      /body\.key began with LS0t/,
    ],
    [(asked) => void asked.socket.destroy(), /no reply/],
  ];
  for (const [answer, told] of cases) {
    const { code, output } = await replayOne(t, answer, RECORDED);
    t.equal(code, 1);
    t.match(output, told);
  }
});

t.test('a request that a rate limit refuses is sent again after Retry-After', async (t) => {
  let asked = 0;
  const { code, last } = await replayOne(
    t,
    (_, reply) => {
      asked += 1;
      if (asked === 1) reply.writeHead(429, { 'retry-after': '1' }).end();
      else reply.writeHead(200, GOOD).end('{"name":"a","key":"LS0tLS","more":1}');
    },
    RECORDED,
  );
  t.equal(last, '1 same, 0 intended, 0 differ');
  t.equal(code, 0);
});

t.test('an invalid recording is rejected with its line', async (t) => {
  for (const recording of ['{', '{"name":"a"}', '[]']) {
    const folder = t.testdir({ recording });
    t.equal((await replay('http://127.0.0.1:1', join(folder, 'recording'))).code, 2);
  }
});

t.test('arrays are compared item by item', async (t) => {
  t.same(differences(['a'], ['b', 'c']), []);
  t.same(differences(['a'], ['b', 1]), ['body[1] was of type string, is of type number']);
  t.same(differences(['a'], []), ['body was not empty, is empty']);
  t.same(differences([], ['a']), []);
});
