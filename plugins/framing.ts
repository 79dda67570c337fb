/** Rejects HTTP messages that Node.js accepts but another parser may interpret differently. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import fp from 'fastify-plugin';
import { answerConnect, answerExpectation } from './errors/connection-errors.ts';
import { ProblemError, type Problem } from './errors/problem.ts';

export const framing = fp(
  async (app) => {
    app.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
      answerExpectation(response, app.config.BASE_PATH);
    });
    app.server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
      answerConnect(socket, app.config.BASE_PATH);
    });
    app.addHook('onRequest', (request, _reply, done) => {
      const fault = faultOf(request.raw);
      if (fault !== undefined) throw new ProblemError({ ...fault, headers: { Connection: 'close' } });
      done();
    });
  },
  { name: 'framing', dependencies: ['config', 'errors'] },
);

/** More than any client or chain of proxies sends. */
const MAX_FIELDS = 100;

function faultOf(message: IncomingMessage): Problem | undefined {
  const { rawHeaders } = message;
  if (rawHeaders.length > 2 * MAX_FIELDS) {
    return { code: 'headers-too-large', detail: `The request must have at most ${MAX_FIELDS} header fields` };
  }
  if (message.httpVersionMajor < 1) return malformed('HTTP/0.9 is not spoken here');
  const hosts = countHosts(rawHeaders);
  if (hosts > 1) return malformed('A request has one Host header field only');
  // RFC 9112 §3.2 requires it for HTTP/1.1 only.
  if (hosts === 0 && message.httpVersion === '1.1') {
    return malformed('A request of HTTP/1.1 has a Host header field');
  }
  return undefined;
}

/** `rawHeaders` alternates names and values. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]?.toLowerCase() === 'host') count += 1;
  return count;
}

const malformed = (detail: string): Problem => ({ code: 'invalid-message', detail });
