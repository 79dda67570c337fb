/** Sends one request over a connection of its own, whole or broken off. */

import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

export type Scheme = 'http' | 'https' | 'h2';

export interface Message {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Octets at the end of the body that are never sent. */
  readonly missing?: number;
}

/** Returns the status; undefined if octets are missing, because the connection is closed then. */
export async function postMessage(
  scheme: Scheme,
  url: URL,
  { body, headers, missing = 0 }: Message,
): Promise<number | undefined> {
  const fields = { 'content-type': 'application/json', 'content-length': body.length, ...headers };
  const sent = body.slice(0, body.length - missing);
  const send = scheme === 'h2' ? postHttp2 : postHttp1;
  return send(url, fields, sent, missing === 0);
}

type Fields = Readonly<Record<string, string | number>>;

async function postHttp1(url: URL, headers: Fields, body: string, isWhole: boolean) {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(url, { method: 'POST', headers, rejectUnauthorized: false });
  if (!isWhole) {
    request.on('error', () => {}).write(body);
    await sleep(100);
    request.destroy();
    return undefined;
  }
  const [response] = (await once(request.end(body), 'response')) as [IncomingMessage];
  await text(response);
  return response.statusCode;
}

async function postHttp2(url: URL, headers: Fields, body: string, isWhole: boolean) {
  const session = connect(url.origin, { rejectUnauthorized: false });
  const request = session.request({ ':method': 'POST', ':path': url.pathname, ...headers });
  try {
    if (!isWhole) {
      request.on('error', () => {}).write(body);
      await sleep(100);
      return undefined;
    }
    const [response] = (await once(request.end(body), 'response')) as [Readonly<Record<string, unknown>>];
    await text(request);
    return Number(response[':status']);
  } finally {
    session.destroy();
  }
}
