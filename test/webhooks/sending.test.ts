/** One message: its signature, the addresses that it is sent to, and what counts as delivered. */

import t from 'tap';
import { guardedLookup, isAllowedAddress, requireAllowedHost } from '../../src/webhooks/address-guard.ts';
import { MAX_ATTEMPTS, pauseAfter } from '../../src/webhooks/retry.ts';
import { send } from '../../src/webhooks/send.ts';
import { signedHeaders } from '../../src/webhooks/signature.ts';
import { startReceiver } from '../support/receiver.ts';

t.test('the signature is that of the specification', async (t) => {
  const secret = new Uint8Array(Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64'));
  const message = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    body: '{"test": 2432232314}',
    now: new Date(1_614_265_330_999),
  };
  const headers = signedHeaders(message, [secret, new Uint8Array(24)]);
  t.equal(headers['webhook-timestamp'], '1614265330');
  const [first, second] = headers['webhook-signature'].split(' ');
  t.equal(first, 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  t.match(second, /^v1,[A-Za-z0-9+/]{43}=$/);
});

const PUBLIC = ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:93.184.216.34'];

const REFUSED = [
  '127.0.0.1',
  '127.8.8.8',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '169.254.169.254',
  '168.63.129.16',
  '100.100.100.200',
  '192.0.0.192',
  '224.0.0.1',
  '198.18.0.1',
  '192.0.2.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  'fc00::1',
  'fd00:ec2::254',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::a00:1',
  '2002:a00:1::',
  '::7f00:1',
];

t.test('only public addresses are allowed, and networks that the operator names', async (t) => {
  const rules = { networks: [], isPublicAllowed: true };
  for (const address of PUBLIC) t.equal(isAllowedAddress(address, rules), true, address);
  for (const address of REFUSED) t.equal(isAllowedAddress(address, rules), false, address);
  for (const address of PUBLIC)
    t.equal(isAllowedAddress(address, { networks: [], isPublicAllowed: false }), false, 'without TLS');
  const own = { networks: ['10.1.0.0/16', 'fd00::/8'], isPublicAllowed: true };
  t.equal(isAllowedAddress('10.1.2.3', own), true);
  t.equal(isAllowedAddress('::ffff:10.1.2.3', own), true);
  t.equal(isAllowedAddress('10.2.0.1', own), false);
  t.equal(isAllowedAddress('fd12::1', own), true);
  const hosts = [
    'http://127.1/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://[::1]:8080/',
    'http://[::ffff:a00:1]/',
  ];
  for (const url of hosts) t.throws(() => requireAllowedHost(new URL(url), rules), /not public/, url);
});

t.test('a name is resolved to allowed addresses only', async (t) => {
  const found = (networks: readonly string[], all: boolean) =>
    new Promise((resolve) => {
      const lookup = guardedLookup({ networks, isPublicAllowed: true });
      lookup('localhost', { all }, (error, address) => resolve(error ?? address));
    });
  t.match(await found([], true), { name: 'RefusedAddressError' });
  t.match(await found(['127.0.0.0/8', '::1/128'], false), /^(?:127|::1)/);
  t.ok(Array.isArray(await found(['127.0.0.0/8', '::1/128'], true)));
});

const networks = ['127.0.0.0/8', '::1/128'];

t.test('a status of 200 to 299 is a delivery, and no redirect is followed', async (t) => {
  const receiver = await startReceiver(t);
  const sending = {
    url: new URL(receiver.url),
    headers: { 'webhook-id': 'one' },
    body: '{"é":1}',
    networks,
    signal: new AbortController().signal,
  };
  for (const status of [200, 204, 299]) {
    receiver.status = status;
    t.equal(await send(sending), undefined);
  }
  t.match(receiver.received, [
    { headers: { 'webhook-id': 'one', 'content-length': '8' }, body: '{"é":1}' },
    {},
    {},
  ]);
  for (const status of [302, 307, 400, 500]) {
    receiver.status = status;
    t.strictSame(await send(sending), { fault: `status ${status}`, isFinal: false });
  }
  t.equal(receiver.received.length, 7, 'no request to another place');
  receiver.status = 410;
  t.strictSame(await send(sending), { fault: 'status 410', isFinal: true });
  t.match(await send({ ...sending, networks: [] }), { fault: /not public/ });
  const named = new URL(receiver.url.replace('127.0.0.1', 'localhost'));
  t.match(await send({ ...sending, url: named, networks: [] }), { fault: /not public/ });
  t.equal(receiver.received.length, 8, 'nothing was sent to a refused address');
});

t.test('a receiver that does not reply is given up', async (t) => {
  const stopping = new AbortController();
  const receiver = await startReceiver(t, () => stopping.abort());
  const sending = { url: new URL(receiver.url), headers: {}, body: '', networks, signal: stopping.signal };
  t.strictSame(await send(sending), { fault: 'no reply in time', isFinal: false });
  const closed = await startReceiver(t, (request) => request.socket.destroy());
  const failed = await send({ ...sending, url: new URL(closed.url), signal: new AbortController().signal });
  t.match(failed, { fault: 'ECONNRESET' });
  const endless = await startReceiver(
    t,
    (_, response) => void response.writeHead(200).write('x'.repeat(100_000)),
  );
  const reply = await send({ ...sending, url: new URL(endless.url), signal: new AbortController().signal });
  t.equal(reply, undefined, 'the body of a reply is not read');
});

t.test('a receiver that switches to another protocol is a failure, and nothing waits for it', async (t) => {
  const receiver = await startReceiver(t, ({ socket }) => {
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n');
  });
  const { signal } = new AbortController();
  const sending = { url: new URL(receiver.url), headers: {}, body: '', networks, signal };
  t.strictSame(await send(sending), { fault: 'the connection failed', isFinal: false });
});

t.test('pauses double up to six hours, and at most a half is random', async (t) => {
  t.strictSame(
    [1, 2, 3].map((attempts) => pauseAfter(attempts, 0)),
    [5000, 10_000, 20_000],
  );
  t.equal(pauseAfter(40, 0), 21_600_000);
  t.equal(pauseAfter(1, 1), 2500);
  const hours =
    Array.from({ length: MAX_ATTEMPTS - 1 }, (_, index) => pauseAfter(index + 1, 0)).reduce((a, b) => a + b) /
    3_600_000;
  t.ok(hours > 12 && hours < 48, `${hours} hours`);
});
