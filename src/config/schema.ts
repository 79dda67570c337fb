/** Every environment variable of the service: type, JSON Schema, `.env.example` and documentation come from here. */

import { Type, type Static } from 'typebox';
import { ENGINE_CHOICES } from '../algorithms/engines.ts';
import type { SchemaNode } from '../expectation.ts';
import { TRACING_VARIABLES } from './tracing-variables.ts';

/** A name that no other field has. That of Envoy has a form of its own, and the chain of RFC 9440 is no certificate. */
const FIELD_OF_CERTIFICATE =
  '^(?!(?:[Xx]-[Ff]orwarded-[Cc]lient-[Cc]ert|[Cc]lient-[Cc]ert-[Cc]hain)$)[A-Za-z0-9-]*[Cc][Ee][Rr][Tt][A-Za-z0-9-]*$';

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
    LOG_FILE: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        examples: ['/var/log/mldsa/service.log'],
        description:
          'File for the log, in place of standard output: service.log is written as service.1.log, service.2.log and so on, each of 10,240,000 bytes, of which 10 are kept besides the last; current.log leads to the last.',
      }),
    ),
    AUDIT_REQUIRED: Type.Boolean({
      default: false,
      description:
        'Gives out no certificate, key or signing request before its audit line is written: while the log takes no lines, issuing is answered with 503 and /readyz says so. Without it such lines are lost and counted.',
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
    API_KEYS: Type.Array(Type.String({ minLength: 1, maxLength: 1024 }), {
      maxItems: 100,
      default: [],
      writeOnly: true,
      description:
        'Keys of those who may call, separated by commas, each of at least 32 characters in production. They may do all that the v1 contract has. `API_KEYS_FILE` tells keys apart.',
    }),
    API_KEYS_FILE: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        description:
          'File of keys with a name, scopes and an end each, made by `npm run apikey`; it holds no secret. Read again at SIGHUP.',
      }),
    ),
    JWT_ISSUER: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2048,
        examples: ['https://login.example.com/'],
        description:
          'Issuer whose access tokens (JWT) are good here: their `iss`. Together with JWT_AUDIENCE and JWKS_URL; their `scope` says what its holder may do.',
      }),
    ),
    JWT_AUDIENCE: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2048,
        examples: ['https://pki.example.com'],
        description: 'What access tokens must name as their audience, `aud`.',
      }),
    ),
    JWKS_URL: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2048,
        examples: ['https://login.example.com/.well-known/jwks.json'],
        description:
          'Where the issuer publishes its keys: https, or http on this machine outside production.',
      }),
    ),
    ALLOW_ANONYMOUS: Type.Boolean({
      default: false,
      description:
        'Serves everybody in production, which without keys does not start otherwise. For a service behind a proxy that knows its callers.',
    }),
    TRUST_PROXY: Type.Array(Type.String({ examples: ['10.0.0.7', '10.0.0.0/8'] }), {
      maxItems: 100,
      default: [],
      description:
        'Reverse proxies whose X-Forwarded-For, -Proto and -Host are believed: addresses and networks, separated by commas. None by default. Never `true` or a number of hops, which would let clients choose the address that they are counted by.',
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
    RATE_LIMIT_FAILED_AUTH_PER_MINUTE: Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      default: 20,
      description:
        'Requests with wrong or missing credentials that one address may make in a minute; after them its credentials are not looked at. 0 sets no limit.',
    }),
    REDIS_URL: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2048,
        writeOnly: true,
        examples: ['redis://:password@redis.internal:6379/0'],
        description:
          'Redis in which all processes count for the rate limits together; `rediss://` for TLS. Without it each process counts for itself. `REDIS_URL_FILE` names a file that holds it.',
      }),
    ),
    BODY_LIMIT: Type.Integer({
      minimum: 1024,
      maximum: 16_777_216,
      default: 262_144,
      description: 'Longest request body, in bytes.',
    }),
    QUEUE_LIMIT: Type.Integer({
      minimum: 1,
      maximum: 100_000,
      default: 64,
      description:
        'How much may be computed or wait for it at a time, in certificates of ML-DSA; what comes beyond it is refused with status 503.',
    }),
    MAX_CONNECTIONS: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      default: 2000,
      description: 'Connections that may be open at a time; one more is closed at once.',
    }),
    TLS_CERT_FILE: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        examples: ['/etc/mldsa/tls.crt'],
        description:
          'File with the certificate of the service in PEM, and those between it and its root. With it and TLS_KEY_FILE the service speaks https alone. Read again when it changes, and at SIGHUP.',
      }),
    ),
    TLS_KEY_FILE: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        examples: ['/etc/mldsa/tls.key'],
        description: 'File with the private key of that certificate in PEM, not encrypted.',
      }),
    ),
    TLS_CLIENT_CA_FILE: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        examples: ['/etc/mldsa/clients.crt'],
        description:
          'File with certificates of CAs in PEM. With it every client must show a certificate of theirs, except to the health routes and the documentation; where neither keys nor tokens are asked for beside it, its holder may do all that the v1 contract has.',
      }),
    ),
    TLS_CLIENT_CRL_FILE: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        examples: ['/etc/mldsa/clients.crl'],
        description:
          'File with revocation lists (CRLs) in PEM, complete ones: one of each CA in TLS_CLIENT_CA_FILE, since no client of a CA without a list that is in force is let in. Read again when it changes, and at SIGHUP.',
      }),
    ),
    CLIENT_CERT_HEADER: Type.Optional(
      Type.String({
        pattern: FIELD_OF_CERTIFICATE,
        minLength: 1,
        maxLength: 64,
        examples: ['Client-Cert', 'X-SSL-Client-Cert'],
        description:
          'Header field in which the proxies of TRUST_PROXY, which speak TLS in place of the service, forward the certificate of the client: `Client-Cert` as RFC 9440 has it, any other name for PEM, percent-encoded. It is judged by TLS_CLIENT_CA_FILE as if the client had shown it here.',
      }),
    ),
    SHUTDOWN_DELAY: Type.Integer({
      minimum: 0,
      maximum: 300,
      description:
        'Seconds for which the service still serves after a signal to stop, while /readyz already says so. Without it 0, or 5 in production.',
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
    METRICS_PORT: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 65_535,
        description:
          'TCP port of a second listener, for /metrics and the health routes alone and without authentication; /metrics is then not on PORT. Without it /metrics is on PORT.',
      }),
    ),
    ...TRACING_VARIABLES,
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
  },
  { additionalProperties: false },
);

/** The configuration in force. Members are named as their variables. */
export type Config = Readonly<
  Omit<Static<typeof ConfigSchema>, 'CORS_ORIGINS' | 'TRUST_PROXY' | 'API_KEYS'>
> & {
  readonly CORS_ORIGINS: readonly string[];
  readonly TRUST_PROXY: readonly string[];
  /** SHA-256 of each key, in hexadecimal. */
  readonly API_KEYS: readonly string[];
};

export type VariableName = keyof Config;

export const VARIABLE_NAMES = Object.freeze(Object.keys(ConfigSchema.properties) as VariableName[]);

export const SECRET_NAMES: readonly VariableName[] = VARIABLE_NAMES.filter(
  (name) => 'writeOnly' in ConfigSchema.properties[name],
);

export const isVariableName = (name: string): name is VariableName =>
  Object.hasOwn(ConfigSchema.properties, name);

export const schemaOf = (variable: VariableName): SchemaNode => ConfigSchema.properties[variable];
