/** What stop-parsing.ts depends on in Node's HTTP server, over TCP and over TLS. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import t from 'tap';
import { stopParsing } from '../../../plugins/node-internals/stop-parsing.ts';
import { openDomain } from '../../support/domain.ts';
import { identityOf } from '../../support/tls.ts';

const { issuer } = await openDomain(t);
const own = await identityOf(issuer);

for (const secure of [false, true]) {
  t.test(`what follows in the same read is not parsed${secure ? ', over TLS' : ''}`, async (t) => {
    const server = secure ? createTlsServer(own) : createServer();
    let requests = 0;
    server.on('request', ({ socket }) => {
      requests += 1;
      if (requests < 3) return;
      stopParsing(socket);
      // The client sends everything at once, so all of it has been read when this runs.
      setImmediate(() => socket.destroy());
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    t.teardown(() => server.close());
    const place = { port: (server.address() as AddressInfo).port, host: '127.0.0.1' };
    const client = secure ? connectTls({ ...place, rejectUnauthorized: false }) : connect(place);
    client.on('error', () => {}).resume();
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(500));
    await once(client, 'close');
    t.equal(requests, 3, `Node ${process.version} parses on: see stop-parsing.ts`);
  });
}
