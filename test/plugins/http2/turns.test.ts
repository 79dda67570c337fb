/** How many requests of one HTTP/2 connection are under way. */

import { once } from 'node:events';
import { connect, createServer, type ClientHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { createTurns, type TurnLimits, type Turns } from '../../../plugins/http2/turns.ts';

/** A server that serves in turn. A request is replied to when `release` is called for its path. */
async function serve(t: Test, limits: TurnLimits) {
  const served = new Map<string, ServerHttp2Stream>();
  const sessions = new Map<unknown, Turns>();
  const server = createServer();
  server.on('session', (session) => {
    sessions.set(
      session,
      createTurns(() => sessions.size, limits),
    );
    session.once('close', () => sessions.delete(session));
  });
  server.on('request', ({ stream, url }) =>
    sessions.get(stream.session)?.enter(stream, () => served.set(url, stream)),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  t.teardown(() => server.close());
  return {
    served: () => [...served.keys()],
    refuse: (): void => sessions.forEach((turns) => turns.refuse()),
    release: (path: string): void => {
      served.get(path)?.respond();
      served.get(path)?.end(path);
    },
    open: async (): Promise<ClientHttp2Session> => {
      const session = connect(`http://127.0.0.1:${port}`);
      t.teardown(() => session.destroy());
      await once(session, 'connect');
      return session;
    },
  };
}

/** The server has seen all frames that were sent before. */
const answered = async (session: ClientHttp2Session): Promise<void> => {
  await new Promise((resolve) => session.ping(resolve));
};

t.test('some requests of a connection are served, and the others wait in their order', async (t) => {
  const { served, release, open } = await serve(t, { served: 2, all: 100 });
  const session = await open();
  const replies = ['/a', '/b', '/c', '/d'].map((path) => text(session.request({ ':path': path })));
  await answered(session);
  t.same(served(), ['/a', '/b']);
  release('/b');
  t.equal(await replies[1], '/b');
  await answered(session);
  t.same(served(), ['/a', '/b', '/c']);
  for (const path of ['/a', '/c']) release(path);
  await Promise.all([replies[0], replies[2]]);
  await answered(session);
  release('/d');
  t.equal(await replies[3], '/d');
});

t.test('one that is reset while it waits is never served, and takes no place', async (t) => {
  const { served, release, open } = await serve(t, { served: 1, all: 100 });
  const session = await open();
  const [first, second, third] = ['/a', '/b', '/c'].map((path) => session.request({ ':path': path }));
  await answered(session);
  second?.close();
  await answered(session);
  release('/a');
  if (first !== undefined) await text(first);
  await answered(session);
  t.same(served(), ['/a', '/c']);
  release('/c');
  t.equal(third && (await text(third)), '/c');
});

const REFUSED_STREAM = 7;

t.test('a connection may have its part of all places, and one place at least', async (t) => {
  const { served, open } = await serve(t, { served: 16, all: 3 });
  const refused = async (session: ClientHttp2Session, path: string): Promise<number> => {
    const stream = session.request({ ':path': path });
    stream.on('error', () => {});
    await new Promise((resolve) => stream.once('close', resolve));
    return stream.rstCode;
  };
  const session = await open();
  for (const path of ['/a', '/b', '/c']) session.request({ ':path': path }).on('error', () => {});
  await answered(session);
  t.equal(await refused(session, '/d'), REFUSED_STREAM);
  t.same(served(), ['/a', '/b', '/c']);
  const others = await Promise.all(Array.from({ length: 4 }, open));
  for (const [i, other] of others.entries()) {
    other.request({ ':path': `/other/${i}` }).on('error', () => {});
    await answered(other);
  }
  t.equal(served().length, 7, 'each of the others has one');
  for (const [i, other] of others.entries()) t.equal(await refused(other, `/more/${i}`), REFUSED_STREAM);
});

t.test('requests that wait can be refused, and those that are served go on', async (t) => {
  const { served, refuse, release, open } = await serve(t, { served: 1, all: 100 });
  const session = await open();
  const reply = text(session.request({ ':path': '/a' }));
  const waiting = session.request({ ':path': '/b' });
  waiting.on('error', () => {});
  const closed = new Promise((resolve) => waiting.once('close', resolve));
  await answered(session);
  refuse();
  await closed;
  t.equal(waiting.rstCode, REFUSED_STREAM);
  release('/a');
  t.equal(await reply, '/a');
  t.same(served(), ['/a']);
});
