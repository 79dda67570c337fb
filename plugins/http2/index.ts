/** HTTP/2 over TLS (RFC 9113), on the port of HTTP/1.1 and within its limits. */

import { Http2ServerRequest, type Http2ServerResponse, type Http2Session } from 'node:http2';
import { Server } from 'node:https';
import fp from 'fastify-plugin';
import { http } from '../../src/base/http.ts';
import { bareAnswer, MALFORMED, NO_TUNNEL, WRONG_EXPECTATION } from '../errors/connection-errors.ts';
import { ProblemError, type Problem } from '../errors/problem.ts';
import { authorityFault } from './authority.ts';
import { serveHttp2 } from './serving.ts';

export const http2 = fp(
  async (app) => {
    const { server: https } = app;
    if (!(https instanceof Server)) return;
    const http2 = serveHttp2(https, { bodyLimit: app.config.BODY_LIMIT });
    const answer = (response: Http2ServerResponse, problem: Problem): void => {
      const { status, fields, body } = bareAnswer(problem, app.config.BASE_PATH);
      response.writeHead(status, fields).end(body);
    };
    http2.server.on('request', (request, response) => {
      if (http.METHODS.includes(request.method))
        http2.inTurn(request, () => https.emit('request', request, response));
      else answer(response, MALFORMED);
    });
    http2.server.on('connect', (_request, response: Http2ServerResponse) => answer(response, NO_TUNNEL));
    http2.server.on('checkExpectation', (_request, response: Http2ServerResponse) =>
      answer(response, WRONG_EXPECTATION),
    );
    app.addHook('onRequest', (request, _reply, done) => {
      if (sessionOf(request) !== undefined) {
        // A closed stream no longer has the address of its client, but the log line is written then.
        Object.defineProperty(request, 'ip', { value: request.ip });
        const fault = authorityFault(request.headers);
        if (fault !== undefined) throw new ProblemError(fault);
      }
      done();
    });
    // HTTP/2 forbids this field (RFC 9113 §8.2.2). A session sends GOAWAY instead.
    app.addHook('onSend', (request, reply, _payload, done) => {
      const session = sessionOf(request);
      if (session !== undefined && reply.getHeader('Connection') === 'close') {
        reply.removeHeader('Connection');
        session.close();
      }
      done();
    });
    app.addHook('preClose', async () => http2.leave());
  },
  { name: 'http2', dependencies: ['config', 'draining', 'errors', 'framing'] },
);

/** An HTTP/2 request. Fastify's types do not include it for a server that also serves HTTP/1.1. */
function sessionOf({ raw }: { readonly raw: unknown }): Http2Session | undefined {
  return raw instanceof Http2ServerRequest ? raw.stream.session : undefined;
}
