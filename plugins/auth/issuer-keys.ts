/** Caches the public keys of the issuer of access tokens (docs/decisions/2026-11-28-jwks.md). */

import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey, type LocalJWKSet } from 'jose';
import { ProblemError } from '../errors/problem.ts';

/** Times in milliseconds. Older keys are fetched again, so that a key that the issuer removed is rejected from then on. */
const FRESH_FOR = 600_000;
/** While the issuer does not respond, known keys are used for this long. */
const USABLE_FOR = 86_400_000;
/** The shortest time between two fetches, so that tokens with unknown keys cannot make this service flood the issuer. */
const PAUSE = 30_000;
/** The same after a fetch that failed. */
const PAUSE_AFTER_FAILURE = 5000;

/**
 * Returns a function that finds the key of a token. It throws a problem 503 while the keys are unknown, and
 * JWKSNoMatchingKey of jose for a token whose key is not among them. `now` is monotonic, in milliseconds.
 */
export function createIssuerKeys(
  fetchSet: () => Promise<JSONWebKeySet>,
  onFailure: (error: unknown) => void,
  now = (): number => performance.now(),
): JWTVerifyGetKey {
  const source = createSource(fetchSet, onFailure, now);
  const find: JWTVerifyGetKey = async (header, token) => {
    if (source.keys === undefined || source.age() > USABLE_FOR) throw unavailable();
    return source.keys(header, token);
  };
  return async (header, token) => {
    if (source.age() > FRESH_FOR) await source.refresh();
    try {
      return await find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      if (await source.refresh()) return find(header, token);
      throw source.isFailing ? unavailable() : error;
    }
  };
}

interface Source {
  /** The keys of the last successful fetch; undefined before the first one. */
  readonly keys: LocalJWKSet | undefined;
  readonly isFailing: boolean;
  /** Milliseconds since the last successful fetch. */
  age(): number;
  /** Returns whether it fetched keys. Never rejects, and does nothing until the pause is over. */
  refresh(): Promise<boolean>;
}

function createSource(
  fetchSet: () => Promise<JSONWebKeySet>,
  onFailure: (error: unknown) => void,
  now: () => number,
): Source {
  let keys: LocalJWKSet | undefined;
  let isFailing = false;
  let fetched = -Infinity;
  let nextFetch = -Infinity;
  let pending: Promise<void> | undefined;
  const fetchKeys = async (): Promise<void> => {
    try {
      keys = createLocalJWKSet(await fetchSet());
      fetched = now();
      isFailing = false;
    } catch (error) {
      isFailing = true;
      onFailure(error);
    }
    nextFetch = now() + (isFailing ? PAUSE_AFTER_FAILURE : PAUSE);
    pending = undefined;
  };
  return {
    get keys() {
      return keys;
    },
    get isFailing() {
      return isFailing;
    },
    age: () => now() - fetched,
    async refresh() {
      if (pending === undefined && now() < nextFetch) return false;
      await (pending ??= fetchKeys());
      return !isFailing;
    },
  };
}

const unavailable = (): ProblemError =>
  new ProblemError({
    code: 'unavailable',
    detail: 'Access tokens cannot be verified now: the keys of their issuer cannot be fetched',
  });
