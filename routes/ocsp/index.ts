/** OCSP over HTTP (RFC 6960 appendix A). Relying parties have no credentials. */

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UNLIMITED } from '../wire/cost.ts';
import { requestInPath } from './path.ts';
import { sendReply } from './reply.ts';
import { requestByGet, requestByPost, REQUEST_TYPE } from './schema.ts';

/** In octets. A request about 100 certificates has 11,000, and its signature can be by ML-DSA-87. */
const BODY_LIMIT = 32_768;

const CONFIG = Object.freeze({ ...UNLIMITED, reader: 'program' } as const);

const NOTHING = new Uint8Array();

/** Nothing for a request without a body. */
const octetsOf = (body: unknown): Uint8Array => (body instanceof Uint8Array ? body : NOTHING);

export const ocsp: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { OCSP_MAX_AGE, BODY_LIMIT: limit } = app.config;
  const { ocsp: responder } = app;
  app.acceptOctets(REQUEST_TYPE);
  app.setErrorHandler(app.createOcspErrorHandler());

  async function respond(request: FastifyRequest, reply: FastifyReply, octets: Uint8Array) {
    if (responder === undefined) return reply.callNotFound();
    const result = await responder.respond(octets, () => request.admitOcspSignature());
    return sendReply(request, reply, result, OCSP_MAX_AGE);
  }

  /** Most replies are in memory, and are sent without a promise. */
  function respondAtOnce(request: FastifyRequest, reply: FastifyReply, octets: Uint8Array) {
    const known = responder?.replyInMemory(octets);
    if (known === undefined) return respond(request, reply, octets);
    sendReply(request, reply, known, OCSP_MAX_AGE);
    return undefined;
  }

  // With and without a slash at the end.
  for (const [path, schema] of [
    ['', requestByPost],
    ['/', { hide: true }],
  ] as const)
    app.post(
      path,
      { schema, config: CONFIG, bodyLimit: Math.min(BODY_LIMIT, limit), prefixTrailingSlash: 'slash' },
      (request, reply) => respondAtOnce(request, reply, octetsOf(request.body)),
    );

  app.get('/*', { schema: requestByGet, config: CONFIG }, (request, reply) =>
    respondAtOnce(request, reply, requestInPath(request.params['*']) ?? NOTHING),
  );

  done();
};
