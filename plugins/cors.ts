/** Which pages of other origins may call the service and read its replies (CORS, Fetch standard §3.2). */

import fastifyCors from '@fastify/cors';
import fp from 'fastify-plugin';

/** Without an origin in the configuration nothing is registered, and browsers keep to the same origin. */
export const cors = fp(
  async (app) => {
    const origins = app.config.CORS_ORIGINS;
    if (origins.length === 0) return;
    await app.register(fastifyCors, {
      origin: origins.includes('*') ? '*' : [...origins],
      methods: ['GET', 'HEAD', 'POST'],
      allowedHeaders: ['Accept', 'Authorization', 'Content-Type', 'X-API-Key'],
      exposedHeaders: [
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
      // An OPTIONS that is no preflight goes on to be refused as a method, in the usual shape.
      strictPreflight: false,
    });
  },
  { name: 'cors', dependencies: ['config'] },
);
