import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import t from 'tap';
import { addressIn, WITHOUT_STORE, run, START } from '../../support/process.ts';
import { startRedis } from '../../support/redis.ts';
import { redisMissing } from '../../support/services.ts';

const WORDS = 'REDIS_URL cannot be reached';

t.test(
  'a Redis that cannot be reached is one warning, at the start and for the first requests',
  async (t) => {
    for (const WEB_CONCURRENCY of ['1', '2']) {
      const env = { ...WITHOUT_STORE, REDIS_URL: 'redis://:secret@127.0.0.1:1', WEB_CONCURRENCY };
      const service = run(t, [START], env);
      const line = await service.logged(WORDS);
      t.match(JSON.parse(line), { level: 40, err: { message: 'connect ECONNREFUSED 127.0.0.1:1' } });
      const address = addressIn(await service.listening);
      for (let i = 0; i < 3; i++) t.equal((await fetch(`${address}/api/v1/info`)).status, 200);
      service.kill('SIGTERM');
      const { code, stdout } = await service.end;
      t.equal(code, 0);
      t.equal(stdout.split(WORDS).length, 2, 'once');
      t.notMatch(stdout, 'secret');
    }
  },
);

t.test('a Redis that is there is no warning', { skip: redisMissing }, async (t) => {
  const redis = await startRedis(t);
  const service = run(t, [START], { ...WITHOUT_STORE, REDIS_URL: redis.url });
  await service.listening;
  service.kill('SIGTERM');
  t.notMatch((await service.end).stdout, WORDS);
});

const INFO = 'redis_version:7.0.0\r\nloading:0\r\n';

/** Speaks as much of the protocol as a client needs to be ready, and passes the connection of each count to `count`. */
function answer(connection: Socket, count: (connection: Socket) => void): void {
  connection.on('data', (data) => {
    for (const [, command = ''] of String(data).matchAll(/\r\n(hello|client|info|eval)\r\n/gi)) {
      if (command.toLowerCase() === 'eval') count(connection);
      else connection.write(/info/i.test(command) ? `$${INFO.length}\r\n${INFO}\r\n` : '+OK\r\n');
    }
  });
}

t.test('a reply that does not end is not read on', async (t) => {
  let sent = 0;
  const connections: Socket[] = [];
  const flood = (connection: Socket): void => {
    const part = Buffer.alloc(65_536, 97);
    const send = (): void => {
      do sent += part.length;
      while (!connection.destroyed && connection.write(part));
    };
    connection.write('$536870912\r\n');
    connection.on('drain', send);
    send();
  };
  const fake = createServer((connection) => {
    connections.push(connection);
    connection.on('error', () => {});
    answer(connection, flood);
  });
  await once(fake.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => {
    connections.forEach((connection) => connection.destroy());
    fake.close();
  });
  const { port } = fake.address() as AddressInfo;
  const service = run(t, [START], { ...WITHOUT_STORE, REDIS_URL: `redis://127.0.0.1:${port}` });
  const address = addressIn(await service.listening);
  const [first] = connections;
  t.equal((await fetch(`${address}/api/v1/info`)).status, 200);
  if (first !== undefined && !first.closed) await once(first, 'close');
  t.ok(sent > 0 && sent < 400_000_000, `the connection was replaced after ${sent} octets`);
  t.equal((await fetch(`${address}/health`)).status, 200);
});
