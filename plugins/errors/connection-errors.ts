/** Errors of messages that never reach a route. Their replies have the same form as all others. */

import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { http } from '../../src/base/http.ts';
import { documentOf, mediaTypeFor, type Problem } from './problem.ts';

/** Returns a listener for Node's `clientError`: the parser failed, so there is no request, only a socket. */
export const clientErrorHandler =
  (basePath: string) =>
  (error: Error & { readonly code?: string }, socket: Socket): void => {
    if (!isOfMessage(error.code) || !socket.writable) {
      socket.destroy();
      return;
    }
    socket.end(rawResponse(problemOfParser(error.code), basePath));
    socket.destroySoon();
  };

/** All other errors are of the connection (reset, failed TLS): no reply could leave over it. */
const isOfMessage = (code: string | undefined): boolean =>
  code === 'ERR_HTTP_REQUEST_TIMEOUT' || code?.startsWith('HPE_') === true;

function problemOfParser(code: string | undefined): Problem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return REQUEST_TIMEOUT;
    case 'HPE_HEADER_OVERFLOW':
      return {
        code: 'headers-too-large',
        detail:
          'The header of the request must be smaller than 16 KiB, or 32 KiB when proxies forward certificates',
      };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { code: 'body-too-large', detail: 'The chunk extensions of the body are too long' };
    default:
      return MALFORMED;
  }
}

export const MALFORMED: Problem = { code: 'invalid-message', detail: 'The HTTP message is malformed' };

export const REQUEST_TIMEOUT: Problem = {
  code: 'request-timeout',
  detail: 'The request took too long to arrive',
};

/** The reply to CONNECT, which requests a tunnel (RFC 9110 §9.3.6). */
export const NO_TUNNEL: Problem = {
  code: 'method-not-allowed',
  detail: 'This service is not a proxy',
  headers: { Allow: 'GET, HEAD, POST' },
};

/** The reply to an Expect field other than 100-continue (RFC 9110 §10.1.1). */
export const WRONG_EXPECTATION: Problem = {
  code: 'expectation-failed',
  detail: 'The Expect header field must be 100-continue',
};

/** For CONNECT, Node.js passes no response object, only the socket. */
export function answerConnect(socket: Duplex, basePath: string): void {
  // Node.js has removed its own error listener; an unhandled error would end the process.
  socket.on('error', () => socket.destroy());
  socket.end(rawResponse(NO_TUNNEL, basePath), () => socket.destroy());
}

export function answerExpectation(response: ServerResponse, basePath: string): void {
  const { status, fields, body } = bareAnswer(WRONG_EXPECTATION, basePath);
  response.writeHead(status, { ...fields, Connection: 'close' }).end(body);
}

function rawResponse(problem: Problem, basePath: string): string {
  const { status, fields, body } = bareAnswer(problem, basePath);
  const head = { ...fields, Connection: 'close', Date: new Date().toUTCString() };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`;
}

/** Returns a reply to which no hook adds header fields. */
export function bareAnswer(problem: Problem, basePath: string) {
  const document = documentOf(problem, randomUUID(), basePath);
  const body = JSON.stringify(document);
  const fields = {
    ...BARE_HEADERS,
    'Content-Type': mediaTypeFor(undefined),
    'Content-Length': String(Buffer.byteLength(body)),
    ...problem.headers,
  };
  return { status: document.status, fields, body };
}

/** Header fields of replies that no hook completes. */
export const BARE_HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
} as const;
