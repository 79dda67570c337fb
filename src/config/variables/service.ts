/** Environment, addresses and processes. */

import { Type } from 'typebox';
import { ENGINE_CHOICES } from '../../algorithms/ml-dsa/engines.ts';

export const SERVICE_VARIABLES = {
  NODE_ENV: Type.Enum(['development', 'production', 'test'], {
    type: 'string',
    default: 'development',
    description: 'Environment. `production` rejects unsafe settings.',
  }),
  HOST: Type.String({
    minLength: 1,
    maxLength: 255,
    examples: ['127.0.0.1', '::1'],
    description:
      'Address to listen on. Default: 127.0.0.1, which only this machine can reach, or 0.0.0.0 in production.',
  }),
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65_535,
    default: 8000,
    description: 'TCP port to listen on. 0 chooses a free port.',
  }),
  BASE_PATH: Type.String({
    pattern: '^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)*$',
    maxLength: 100,
    default: '',
    examples: ['/pki'],
    description: 'Prefix of every path, for a reverse proxy that serves other applications too.',
  }),
  DOCS_ENABLED: Type.Boolean({
    default: true,
    description: 'Serves the documentation and the OpenAPI document at /docs.',
  }),
  CRYPTO_ENGINE: Type.Enum([...ENGINE_CHOICES], {
    type: 'string',
    default: 'auto',
    description:
      'Implementation of ML-DSA: AWS-LC if its addon is built (`native`), OpenSSL in Node.js (`node`), JavaScript (`noble`), or the first of these that works (`auto`).',
  }),
  WEB_CONCURRENCY: Type.Integer({
    minimum: 1,
    maximum: 64,
    default: 1,
    examples: ['auto'],
    description:
      'Number of worker processes; `auto` is the number of processors. Above 1, a primary process starts and replaces the workers and holds their log, rate limits and metrics.',
  }),
  WORKER_TIMEOUT: Type.Integer({
    minimum: 1,
    maximum: 3600,
    default: 120,
    description:
      'Seconds after which a worker that does not respond is killed and replaced. No effect if WEB_CONCURRENCY is 1.',
  }),
  SHUTDOWN_DELAY: Type.Integer({
    minimum: 0,
    maximum: 300,
    description:
      'Seconds for which the service still serves after SIGTERM, while /readyz already fails. Default: 0, or 5 in production.',
  }),
};
