/** What the service is, where it listens, and by how many processes. */

import { Type } from 'typebox';
import { ENGINE_CHOICES } from '../../algorithms/ml-dsa/engines.ts';

export const SERVICE_VARIABLES = {
  NODE_ENV: Type.Enum(['development', 'production', 'test'], {
    type: 'string',
    default: 'development',
    description: 'What the service runs for. `production` refuses settings that are unsafe in public.',
  }),
  HOST: Type.String({
    minLength: 1,
    maxLength: 255,
    examples: ['127.0.0.1', '::1'],
    description:
      'Address to listen on. Without it 127.0.0.1, which only this machine reaches, or 0.0.0.0 in production.',
  }),
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65_535,
    default: 8000,
    description: 'TCP port to listen on; 0 takes any free one.',
  }),
  BASE_PATH: Type.String({
    pattern: '^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)*$',
    maxLength: 100,
    default: '',
    examples: ['/pki'],
    description: 'Path in front of every route, for a reverse proxy that serves more than this.',
  }),
  DATA_DIR: Type.String({
    minLength: 1,
    maxLength: 4096,
    default: 'data',
    description: 'Directory for what the service keeps. This version keeps nothing.',
  }),
  DOCS_ENABLED: Type.Boolean({
    default: true,
    description: 'Serves the documentation and the OpenAPI document at /docs.',
  }),
  CRYPTO_ENGINE: Type.Enum([...ENGINE_CHOICES], {
    type: 'string',
    default: 'auto',
    description:
      'Who computes ML-DSA: AWS-LC where its addon was built (`native`), OpenSSL inside Node.js (`node`), JavaScript (`noble`), or the first of them that works here (`auto`).',
  }),
  WEB_CONCURRENCY: Type.Integer({
    minimum: 1,
    maximum: 64,
    default: 1,
    examples: ['auto'],
    description:
      'Processes that serve; `auto` for as many as there are processors. With more than one, a further process starts them, replaces those that end, and holds their log, limits and measurements.',
  }),
  WORKER_TIMEOUT: Type.Integer({
    minimum: 1,
    maximum: 3600,
    default: 120,
    description:
      'Seconds after which a worker that does not answer, of several, is killed and replaced. No effect where WEB_CONCURRENCY is 1.',
  }),
  SHUTDOWN_DELAY: Type.Integer({
    minimum: 0,
    maximum: 300,
    description:
      'Seconds for which the service still serves after a signal to stop, while /readyz already says so. Without it 0, or 5 in production.',
  }),
};
