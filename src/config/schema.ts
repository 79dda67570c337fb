/** Every environment variable of the service: type, JSON Schema, `.env.example` and documentation come from here. */

import { Type, type Static } from 'typebox';
import { ENGINE_CHOICES } from '../algorithms/engines.ts';
import type { SchemaNode } from '../expectation.ts';

/** A variable that holds a secret is marked `writeOnly`; it is masked wherever the configuration is printed. */
export const ConfigSchema = Type.Object(
  {
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
    LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      type: 'string',
      description:
        'Least severity that is logged, in any case; `WARNING` and `CRITICAL` are understood. Without it `info`, or `debug` where DEBUG is true.',
    }),
    DEBUG: Type.Boolean({
      default: false,
      description:
        'Logs more. Never true in production. `FLASK_DEBUG` is another name of it. True/False, 1/0, yes/no and on/off are understood.',
    }),
    DATA_DIR: Type.String({
      minLength: 1,
      maxLength: 4096,
      default: 'data',
      description: 'Directory for what the service keeps. This version keeps nothing.',
    }),
    CORS_ORIGINS: Type.Array(Type.String({ examples: ['https://app.example.com'] }), {
      maxItems: 100,
      default: [],
      description:
        'Origins whose pages may call the service, separated by commas: scheme, host and port only. None by default; `*` allows all, though never in production.',
    }),
    RATE_LIMIT_PER_HOUR: Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      default: 100,
      description:
        'Requests that one client may make in an hour; health checks do not count. 0 sets no limit.',
    }),
    RATE_LIMIT_GENERATE_PER_MINUTE: Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      default: 10,
      description:
        'Requests for certificates, keys and signing requests that one client may make in a minute. 0 sets no limit.',
    }),
    BODY_LIMIT: Type.Integer({
      minimum: 1024,
      maximum: 16_777_216,
      default: 262_144,
      description: 'Longest request body, in bytes.',
    }),
    DOCS_ENABLED: Type.Boolean({
      default: true,
      description: 'Serves the documentation and the OpenAPI document at /docs.',
    }),
    CRYPTO_ENGINE: Type.Enum([...ENGINE_CHOICES], {
      type: 'string',
      default: 'auto',
      description:
        'Who computes ML-DSA: OpenSSL inside Node.js (`node`), JavaScript (`noble`), or the first that works here (`auto`).',
    }),
  },
  { additionalProperties: false },
);

/** The configuration in force. Members are named as their variables. */
export type Config = Readonly<Omit<Static<typeof ConfigSchema>, 'CORS_ORIGINS'>> & {
  readonly CORS_ORIGINS: readonly string[];
};

export type VariableName = keyof Config;

export const VARIABLE_NAMES = Object.freeze(Object.keys(ConfigSchema.properties) as VariableName[]);

export const isVariableName = (name: string): name is VariableName =>
  Object.hasOwn(ConfigSchema.properties, name);

export const schemaOf = (variable: VariableName): SchemaNode => ConfigSchema.properties[variable];
