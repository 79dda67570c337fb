/** How the service leaves the connections of HTTP/2 (T67). */

import t, { type Test } from 'tap';
import { openDomain } from '../../support/domain.ts';
import { END_HEADERS, errorCode, frame, frameClient, requestFields } from '../../support/frames.ts';
import { addressIn, WITHOUT_STORE, run, START, type Run } from '../../support/process.ts';
import { askHttp2, openSession, type Wish } from '../../support/protocols.ts';
import { identityOf, tlsVariables } from '../../support/tls.ts';
import { until } from '../../support/until.ts';

// The second test waits for clients that stay, 15 seconds long.
t.jobs = 2;

const { issuer } = await openDomain(t);
const own = await identityOf(issuer);
const TRUSTED = { ca: own.cert };

async function start(t: Test, delay: string): Promise<Run & { readonly port: number }> {
  const { TLS_CERT_FILE = '', TLS_KEY_FILE = '' } = tlsVariables(t.testdir({ ...own }));
  const limits = { RATE_LIMIT_PER_HOUR: '0', RATE_LIMIT_GENERATE_PER_MINUTE: '0' };
  const service = run(t, [START], {
    ...WITHOUT_STORE,
    ...limits,
    TLS_CERT_FILE,
    TLS_KEY_FILE,
    SHUTDOWN_DELAY: delay,
  });
  return { ...service, port: Number(new URL(addressIn(await service.listening)).port) };
}

const GENERATE: Wish = {
  method: 'POST',
  path: '/api/v1/keys/generate',
  headers: { 'content-type': 'application/json' },
  body: '{"security_level":"ml-dsa-44"}',
};

/** A request that the service says it has not looked at may be sent again elsewhere (RFC 9113 §8.7). */
const REFUSED = /REFUSED_STREAM|GOAWAY_SESSION|INVALID_SESSION/;

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? `${String(error.code)} ${error.message}` : error;

interface Load {
  readonly outcomes: Map<unknown, number>;
  readonly stop: () => Promise<void>;
}

/** Asks on until stopped, several requests at a time on each connection, and on a new one where one is left. */
function load(t: Test, port: number, connections: number): Load {
  const outcomes = new Map<unknown, number>();
  const stopping = new AbortController();
  const count = (outcome: unknown): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const askOn = async (): Promise<void> => {
    let session = openSession(t, port, TRUSTED);
    while (!stopping.signal.aborted) {
      if (session.closed || session.destroyed) session = openSession(t, port, TRUSTED);
      const asked = Array.from({ length: 4 }, () => askHttp2(session, GENERATE));
      for (const result of await Promise.allSettled(asked)) {
        count(result.status === 'fulfilled' ? result.value.status : codeOf(result.reason));
      }
    }
    session.close();
  };
  const all = Promise.all(Array.from({ length: connections }, askOn));
  const stop = async (): Promise<void> => {
    stopping.abort();
    await all;
  };
  t.teardown(stop);
  return { outcomes, stop };
}

t.test('a shutdown under load loses no request', async (t) => {
  const service = await start(t, '15');
  const { outcomes, stop } = load(t, service.port, 4);
  await until(() => (outcomes.get(200) ?? 0) > 100);
  service.kill('SIGTERM');
  const before = outcomes.get(200) ?? 0;
  await until(() => (outcomes.get(200) ?? 0) > before + 40);
  await stop();
  t.same(
    [...outcomes.keys()].filter((outcome) => !REFUSED.test(String(outcome))),
    [200],
  );
  t.comment(
    `T67: h2: ${outcomes.get(200)} of ${[...outcomes.values()].reduce((a, b) => a + b)} requests answered`,
  );
  const { code, stderr } = await service.end;
  t.equal(code, 0);
  t.equal(stderr, '');
});

t.test('what is under way is answered, and who stays does not hold the process', async (t) => {
  const service = await start(t, '0');
  const [idle, asking, staying] = await Promise.all([
    frameClient(t, service.port),
    frameClient(t, service.port),
    frameClient(t, service.port),
  ]);
  // None of them closes its side; the last one would send its body some day.
  idle.request(1, requestFields());
  await idle.next('DATA', 1);
  staying.request(
    1,
    requestFields('POST', '/api/v1/keys/generate', [['content-type', 'application/json']]),
    0,
  );
  asking.request(
    1,
    requestFields('POST', '/api/v1/certificate/generate', [['content-type', 'application/json']]),
    END_HEADERS,
  );
  for (const client of [staying, asking]) {
    client.send(frame('PING', 0, 0, Buffer.alloc(8)));
    await client.next('PING');
  }
  service.kill('SIGTERM');
  t.equal(errorCode(await asking.next('GOAWAY')), 0);
  t.equal(
    (await asking.next('GOAWAY')).payload.readUInt32BE(0),
    1,
    'the request is among those that are answered',
  );
  asking.send(frame('DATA', 1, 1, Buffer.from('{"subject":"/CN=a"}')));
  await asking.next('DATA', 1);
  t.equal(errorCode(await idle.next('GOAWAY')), 0);
  await staying.next('DATA', 1);
  t.equal((await service.end).code, 0);
});

t.test('who asks while it leaves is answered, and told to go elsewhere', async (t) => {
  const service = await start(t, '10');
  const [early, late] = [openSession(t, service.port, TRUSTED), openSession(t, service.port, TRUSTED)];
  t.equal((await askHttp2(early, { path: '/readyz' })).status, 200);
  t.equal((await askHttp2(late, { path: '/readyz' })).status, 200);
  service.kill('SIGTERM');
  await service.logged('SIGTERM received');
  const told = new Promise<number>((resolve) => early.once('goaway', resolve));
  const reply = await askHttp2(early, { path: '/readyz' });
  t.equal(reply.status, 503);
  t.notOk(Object.hasOwn(reply.headers, 'connection'));
  t.equal(await told, 0);
  t.equal((await askHttp2(late, { path: '/livez' })).status, 200);
  const next = openSession(t, service.port, TRUSTED);
  t.equal((await askHttp2(next, { path: '/livez' })).status, 200, 'on a new connection too');
  t.equal((await service.end).code, 0);
});
