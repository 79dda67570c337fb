/** Who may ask, and from where. */

import { Type } from 'typebox';

export const ACCESS_VARIABLES = {
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
      description: 'Where the issuer publishes its keys: https, or http on this machine outside production.',
    }),
  ),
  ALLOW_ANONYMOUS: Type.Boolean({
    default: false,
    description:
      'Serves everybody in production, which without keys does not start otherwise. For a service behind a proxy that knows its callers.',
  }),
  CORS_ORIGINS: Type.Array(Type.String({ examples: ['https://app.example.com'] }), {
    maxItems: 100,
    default: [],
    description:
      'Origins whose pages may call the service, separated by commas: scheme, host and port only. None by default; `*` allows all, though never in production.',
  }),
  TRUST_PROXY: Type.Array(Type.String({ examples: ['10.0.0.7', '10.0.0.0/8'] }), {
    maxItems: 100,
    default: [],
    description:
      'Reverse proxies whose X-Forwarded-For, -Proto and -Host are believed: addresses and networks, separated by commas. None by default. Never `true` or a number of hops, which would let clients choose the address that they are counted by.',
  }),
};
