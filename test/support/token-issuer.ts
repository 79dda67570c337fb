/** An issuer of access tokens that publishes its keys on this machine. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JSONWebKeySet,
  type JWK,
  type JWTHeaderParameters,
} from 'jose';
import type { Test } from 'tap';
import { buildEdge } from './edge.ts';

export const ISSUER = 'https://login.example/';
export const AUDIENCE = 'https://pki.example';
export const CLAIMS = { iss: ISSUER, aud: AUDIENCE, sub: 'team-7', scope: 'openid keys:generate' };
export const NOW = Math.floor(Date.now() / 1000);

export interface SigningKey {
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

export async function makeKey(alg: string, kid = alg): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } };
}

export const keySet = (...keys: readonly SigningKey[]): JSONWebKeySet => ({
  keys: keys.map(({ jwk }) => jwk),
});

export type Claims = Readonly<Record<string, unknown>>;

/** An undefined member is omitted. */
export const sign = (
  key: SigningKey,
  claims: Claims = {},
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> =>
  new SignJWT({ ...CLAIMS, exp: NOW + 300, ...claims })
    .setProtectedHeader({ alg: key.alg, kid: key.jwk.kid, typ: 'at+jwt', ...header })
    .sign(key.privateKey);

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that publishes the given content. */
export async function publish(t: Test, first: Answer) {
  let answer = first;
  let fetches = 0;
  const server = createServer((request, response) => {
    fetches++;
    answer(request, response);
  }).listen(0, '127.0.0.1');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/jwks.json`,
    fetches: () => fetches,
    answerWith: (next: Answer) => void (answer = next),
  };
}

export const json =
  (value: unknown): Answer =>
  (_request, response) =>
    response.end(JSON.stringify(value));

export const guard = (t: Test, url: string, environment = {}) =>
  buildEdge(t, {
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
    JWKS_URL: url,
    LOG_LEVEL: 'trace',
    ...environment,
  });

export const ask = (app: FastifyInstance, token: string, headers = {}) =>
  app.inject({
    method: 'POST',
    url: '/api/v1/keys/generate',
    headers: { authorization: `Bearer ${token}`, ...headers },
  });

/** The domain does nothing, so a status of 500 shows that the request was authenticated. */
export const LET_IN = 500;
