/** Access tokens: JWTs (RFC 7519, RFC 9068) that the configured issuer has signed for the configured audience. */

import type { FastifyBaseLogger } from 'fastify';
import { errors, jwtVerify, type JWTVerifyResult } from 'jose';
import type { Principal } from '../../src/access/principal.ts';
import { isScope } from '../../src/access/scopes.ts';
import type { Config } from '../../src/config/schema.ts';
import { ProblemError } from '../errors/problem.ts';
import { scanJson } from '../../src/base/json/scanner.ts';
import { createIssuerKeys } from './issuer-keys.ts';
import { fetchKeySet } from './key-set.ts';
import type { Refusal } from './refusal.ts';

export interface AccessTokens {
  /** Returns why a token is not valid here. Throws a problem 503 if the keys of the issuer cannot be fetched. */
  find(token: string): Promise<Principal | Refusal>;
}

/** Asymmetric algorithms only (RFC 8725 §3.1); ML-DSA by RFC 9964. */
const ALGORITHMS = [
  'RS256',
  'PS256',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
];

/** In seconds. */
const CLOCK_TOLERANCE = 30;

/** Returns undefined if no issuer is configured. */
export function openAccessTokens(
  { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWKS_URL: url }: Config,
  log: FastifyBaseLogger,
): AccessTokens | undefined {
  if (issuer === undefined || audience === undefined || url === undefined) return undefined;
  const keys = createIssuerKeys(
    () => fetchKeySet(url),
    (err) => log.warn({ err }, 'the keys of JWKS_URL cannot be fetched'),
  );
  const rules = {
    issuer,
    audience,
    algorithms: ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE,
    requiredClaims: ['exp', 'iss', 'aud'],
  };
  return {
    async find(token) {
      try {
        return principalOf(await jwtVerify(token, keys, rules), token);
      } catch (err) {
        if (err instanceof ProblemError) throw err;
        // Whatever the error is, the token was not verified.
        log.debug({ err }, 'an access token is refused');
        return refusalOf(err);
      }
    },
  };
}

/** Jose checks the times of a token after its signature, so only tokens of the issuer are called expired. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof errors.JWTExpired) return 'expired';
  const isEarly = error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf';
  return isEarly ? 'not yet valid' : 'unknown';
}

function principalOf({ payload, protectedHeader }: JWTVerifyResult, token: string): Principal {
  if (!isAccessTokenType(protectedHeader.typ)) throw new Error('the type is not that of an access token');
  // JSON numbers such as 1e400 are parsed as Infinity.
  if (!Number.isFinite(payload.exp)) throw new Error('the token never expires');
  // Rejects ambiguous JSON, such as two members with one name.
  for (const part of token.split('.', 2)) scanJson(Buffer.from(part, 'base64url'));
  const { scope } = payload;
  const subject = payload.sub ?? '';
  return {
    id: `token:${subject}`,
    name: subject,
    scopes: new Set(typeof scope === 'string' ? scope.split(' ').filter(isScope) : []),
  };
}

/** RFC 9068 §4; RFC 7519 §5.1. Some issuers set no type. */
const isAccessTokenType = (type: string | undefined): boolean =>
  type === undefined || /^(?:application\/)?(?:at\+)?jwt$/i.test(type);
