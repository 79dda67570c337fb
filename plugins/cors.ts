/** Which origins may call the service from a web page and read its replies (CORS, Fetch standard §3.2). */

import fastifyCors from '@fastify/cors';
import fp from 'fastify-plugin';

/** Without CORS_ORIGINS nothing is registered, and browsers allow the same origin only. */
export const cors = fp(
  async (app) => {
    const origins = app.config.CORS_ORIGINS;
    if (origins.length === 0) return;
    await app.register(fastifyCors, {
      origin: origins.includes('*') ? '*' : [...origins],
      methods: ['GET', 'HEAD', 'POST', 'PUT'],
      allowedHeaders: ['Accept', 'Authorization', 'Content-Type', 'If-Match', 'X-API-Key'],
      exposedHeaders: [
        'ETag',
        'RateLimit',
        'RateLimit-Policy',
        'Retry-After',
        'X-RateLimit-Limit',
        'X-RateLimit-Remaining',
        'X-RateLimit-Reset',
        'X-Request-Id',
      ],
      maxAge: 600,
      credentials: false,
      // An OPTIONS request that is not a preflight gets the usual 405.
      strictPreflight: false,
    });
  },
  { name: 'cors', dependencies: ['config'] },
);
