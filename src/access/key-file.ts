/**
 * The file of API keys. A line is `id:name:sha256:scopes:not_after`, with scopes separated by commas and a time in UTC
 * (`2027-11-24T00:00:00Z`) or nothing. Empty lines and lines that begin with `#` are ignored.
 */

import { rfc3339 } from '../base/clock.ts';
import type { ApiKey } from './api-key.ts';
import { isLive } from './key-ring.ts';
import { isScope, SCOPES, type Scope } from './scopes.ts';

/** An error in the file. The message names the line and contains nothing of it. */
export class KeyFileError extends Error {
  /** `predicate` is a sentence without its subject, such as `must list scopes`. */
  constructor(line: number, predicate: string) {
    super(`line ${line} ${predicate}`);
    this.name = 'KeyFileError';
  }
}

/** Two, so that a key can be replaced while the old one is still in use. */
const MAX_VALID_KEYS_PER_NAME = 2;

/** Throws KeyFileError for the first invalid line. */
export function parseKeyFile(text: string, now: Date): readonly ApiKey[] {
  const keys: ApiKey[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const key = parseLine(line, i + 1);
    rejectConflict(key, keys, i + 1, now);
    keys.push(key);
  }
  return keys;
}

const ID = '[a-z0-9]{1,32}';
const NAME = '[A-Za-z0-9 ._@-]{1,64}';
// Scopes contain colons. The time after them begins with a digit, or is absent.
const LINE = new RegExp(`^(${ID}):(${NAME}):([0-9a-f]{64}):([a-z:,]+):(\\d.*)?$`);

function parseLine(line: string, number: number): ApiKey {
  const [, id = '', name = '', digest = '', scopes = '', notAfter] = LINE.exec(line) ?? [];
  if (id === '') {
    throw new KeyFileError(
      number,
      'must have the form id:name:sha256:scopes:not_after; `npm run apikey` makes one',
    );
  }
  return {
    id,
    name,
    digest: Buffer.from(digest, 'hex'),
    scopes: parseScopes(scopes, number),
    notAfter: notAfter === undefined ? undefined : parseTime(notAfter, number),
  };
}

function parseScopes(text: string, number: number): readonly Scope[] {
  const scopes = text.split(',');
  if (scopes.every(isScope)) return scopes;
  throw new KeyFileError(number, `must list scopes separated by commas, from ${SCOPES.join(', ')}`);
}

function parseTime(text: string, number: number): Date {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime()) && rfc3339(time) === text) return time;
  throw new KeyFileError(number, 'must end with a time such as 2027-11-24T00:00:00Z, or with nothing');
}

function rejectConflict(key: ApiKey, others: readonly ApiKey[], number: number, now: Date): void {
  if (others.some(({ id }) => id === key.id))
    throw new KeyFileError(number, 'must not have the id of an earlier line');
  if (!isLive(key, now)) return;
  const valid = others.filter((other) => other.name === key.name && isLive(other, now));
  if (valid.length < MAX_VALID_KEYS_PER_NAME) return;
  throw new KeyFileError(number, 'must not be the third valid key of its name');
}

/** The line of a key, without a line break. */
export const formatKeyLine = ({ id, name, digest, scopes, notAfter }: ApiKey): string =>
  [id, name, Buffer.from(digest).toString('hex'), scopes.join(','), notAfter ? rfc3339(notAfter) : ''].join(
    ':',
  );

const NAMED = new RegExp(`^${NAME}$`);
export const isKeyName = (text: string): boolean => NAMED.test(text);
