/** A receiver of webhooks: a real HTTP server on a free port of this machine. */

import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Test } from 'tap';

export interface ReceivedWebhook {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface TestReceiver {
  readonly url: string;
  readonly received: ReceivedWebhook[];
  /** The status of the next replies. */
  status: number;
}

/** 32 octets. */
export const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

/** Replies with `status`, or as `listener` does, when a message was read. Closed when `t` ends. */
export async function startReceiver(t: Test, listener?: RequestListener): Promise<TestReceiver> {
  const receive = async (...[request, response]: Parameters<RequestListener>): Promise<void> => {
    receiver.received.push({ headers: request.headers, body: await text(request) });
    if (listener !== undefined) listener(request, response);
    else response.writeHead(receiver.status, { location: '/elsewhere' }).end('x'.repeat(1000));
  };
  const server = createServer((...message) => void receive(...message));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const receiver: TestReceiver = { url: `http://127.0.0.1:${port}/hook`, received: [], status: 204 };
  return receiver;
}

/** Whether a receiver that has the secret accepts the message, by the rules of Standard Webhooks. */
export function isAuthentic({ headers, body }: ReceivedWebhook, secret = WEBHOOK_SECRET): boolean {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  const isRecent = Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp'])) < 300;
  return isRecent && String(headers['webhook-signature']).split(' ').includes(expected);
}
