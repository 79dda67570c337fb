/** Authentication of callers, and trusted origins and proxies. */

import { Type } from 'typebox';

export const ACCESS_VARIABLES = {
  API_KEYS: Type.Array(Type.String({ minLength: 1, maxLength: 1024 }), {
    maxItems: 100,
    default: [],
    writeOnly: true,
    description:
      'API keys, each of at least 32 characters in production. Each key has all scopes of the v1 contract. Use `API_KEYS_FILE` for keys with names, scopes and expiry.',
  }),
  API_KEYS_FILE: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      description:
        'File of API keys with name, scopes and expiry. `npm run apikey` makes its lines. It contains no secret. SIGHUP reloads it.',
    }),
  ),
  JWT_ISSUER: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2048,
      examples: ['https://login.example.com/'],
      description:
        'Issuer of access tokens (JWT), their claim `iss`. It needs JWT_AUDIENCE and JWKS_URL. The claim `scope` of a token lists its permissions.',
    }),
  ),
  JWT_AUDIENCE: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2048,
      examples: ['https://pki.example.com'],
      description: 'Audience of access tokens, their claim `aud`.',
    }),
  ),
  JWKS_URL: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2048,
      examples: ['https://login.example.com/.well-known/jwks.json'],
      description:
        'URL of the public keys of the issuer (JWK Set). It must be https; outside production http on this machine is accepted too.',
    }),
  ),
  ALLOW_ANONYMOUS: Type.Boolean({
    default: false,
    description:
      'Allows production without authentication. For a service behind a proxy that authenticates callers.',
  }),
  CORS_ORIGINS: Type.Array(Type.String({ examples: ['https://app.example.com'] }), {
    maxItems: 100,
    default: [],
    description:
      'Origins whose pages may call the service (CORS). None by default. `*` allows all, but not in production.',
  }),
  TRUST_PROXY: Type.Array(Type.String({ examples: ['10.0.0.7', '10.0.0.0/8'] }), {
    maxItems: 100,
    default: [],
    description:
      'Reverse proxies whose X-Forwarded-For, -Proto and -Host are trusted. None by default. `true` or a number of hops is rejected, because clients could then choose the address that the rate limits count.',
  }),
};
