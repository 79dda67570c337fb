/** What half-close.ts depends on in Node's HTTP server, over TCP and over TLS. */

import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import t from 'tap';
import { allowHalfClose } from '../../../plugins/node-internals/half-close.ts';
import { openDomain } from '../../support/domain.ts';
import { identityOf } from '../../support/tls.ts';

const { issuer } = await openDomain(t);
const own = await identityOf(issuer);

for (const secure of [false, true]) {
  t.test(`a client that has ended its side gets its replies${secure ? ', over TLS' : ''}`, async (t) => {
    const server = secure ? createTlsServer(own) : createServer();
    allowHalfClose(server);
    const waiting: ServerResponse[] = [];
    server.on('request', (request, response) => {
      waiting.push(response);
      if (waiting.length < 2) return;
      // The end of the client has been read when the replies are written.
      request.socket.once('end', () => waiting.forEach((response, i) => response.end(`reply ${i}`)));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    t.teardown(() => server.close());
    const place = { port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true };
    const client = secure ? connectTls({ ...place, rejectUnauthorized: false }) : connect(place);
    if (secure) await once(client, 'secureConnect');
    client.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2));
    const received = await text(client);
    t.match(
      received,
      /reply 0[^]*reply 1$/,
      `Node ${process.version} has no httpAllowHalfOpen: see half-close.ts`,
    );
  });
}
