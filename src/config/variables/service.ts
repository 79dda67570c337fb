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
  DATA_DIR: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      examples: ['/var/lib/ml-dsa-certificate-api'],
      description:
        'Folder of the SQLite database with the authorities and the certificates that they issued, unless DATABASE_URL is set. Default: `data` in development. Without both variables there are no stored authorities.',
    }),
  ),
  DATABASE_URL: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2048,
      writeOnly: true,
      examples: ['postgresql://pki:password@db.internal:5432/pki'],
      description:
        'PostgreSQL database with the authorities and the certificates that they issued, which several replicas can share. `DATABASE_URL_FILE` may name a file with the URL.',
    }),
  ),
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
