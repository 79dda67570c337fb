/** The public keys of the issuer of access tokens: fetched when needed, kept, and asked for again sparingly. */

import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey, type LocalJWKSet } from 'jose';
import { ProblemError } from '../errors/problem.ts';

/** Times in milliseconds. Older keys are fetched anew, so that one that the issuer has removed is not believed for longer. */
const FRESH_FOR = 600_000;
/** Where the issuer does not answer, the keys that are known are believed for as long. */
const USABLE_FOR = 86_400_000;
/** Between two fetches, whatever key a token names: nobody can have this service flood the issuer. */
const PAUSE = 30_000;
/** The same where the last one failed. */
const PAUSE_AFTER_FAILURE = 5000;

/**
 * Finds the key of a token. Throws a problem 503 where it cannot be known, an error of jose where there is none.
 * `now` is in milliseconds and never goes back.
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
  /** The last that came; undefined until some came. */
  readonly keys: LocalJWKSet | undefined;
  readonly isFailing: boolean;
  /** Since they came, in milliseconds. */
  age(): number;
  /** Whether new keys came. Never rejects, and does nothing before a pause is over. */
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
    detail: 'Access tokens cannot be checked now: the keys of their issuer cannot be fetched',
  });
