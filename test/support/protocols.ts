/** The same request over HTTP/1.1 and over HTTP/2, both behind TLS. */

import { once } from 'node:events';
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { SecureContextOptions } from 'node:tls';
import type { Test } from 'tap';

export interface Wish {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number | undefined;
  /** Without pseudo-header fields. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Sends a request on a connection that negotiates this protocol. */
export type Ask = (wish: Wish) => Promise<Answer>;

/** Each request has its own connection. The names are those of ALPN. */
export const asking = (t: Test, port: number, tls: SecureContextOptions): Record<'http/1.1' | 'h2', Ask> => ({
  'http/1.1': (wish) => askHttp1(port, tls, wish),
  async h2(wish) {
    const session = openSession(t, port, tls);
    try {
      return await askHttp2(session, wish);
    } finally {
      session.close();
    }
  },
});

async function askHttp1(
  port: number,
  tls: SecureContextOptions,
  { method = 'GET', path, headers = {}, body = '' }: Wish,
): Promise<Answer> {
  const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) };
  const call = request({
    ...tls,
    host: 'localhost',
    port,
    method,
    path,
    headers: { ...headers, ...length },
    agent: false,
  });
  call.end(body);
  const [reply] = await once(call, 'response');
  return { status: reply.statusCode, headers: reply.headers, body: (await buffer(reply)).toString() };
}

export function openSession(t: Test, port: number, tls: SecureContextOptions): ClientHttp2Session {
  const session = connect(`https://localhost:${port}`, tls);
  // The requests of the session report its error.
  session.on('error', () => {});
  t.teardown(() => session.destroy());
  return session;
}

/** Rejects if the stream ends without a complete reply. */
export async function askHttp2(
  session: ClientHttp2Session,
  { method = 'GET', path, headers = {}, body = '' }: Wish,
): Promise<Answer> {
  const stream = session.request(
    { ':method': method, ':path': path, ...headers },
    { endStream: body === '' },
  );
  const answer = answerOf(stream, method);
  if (body !== '') stream.end(body);
  return answer;
}

/** Reads from the start: on a slow machine the reply and the end of its stream can arrive in one turn of the event loop. */
const answerOf = (stream: ClientHttp2Stream, method: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('response', ({ ':status': status, ...headers }) => {
      stream.once('end', () => {
        const body = Buffer.concat(chunks);
        const { 'content-length': length = body.length } = headers;
        const isWhole = method === 'HEAD' || status === 304 || Number(length) === body.length;
        if (isWhole && stream.rstCode === 0) resolve({ status, headers, body: body.toString() });
      });
    });
    stream.once('error', reject);
    stream.once('close', () => reject(new Error(`the stream closed too early, with code ${stream.rstCode}`)));
  });
