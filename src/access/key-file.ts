/**
 * The file of API keys: lines `id:name:sha256:scopes:not_after`, scopes separated by commas, the time in UTC
 * (`2027-11-24T00:00:00Z`) or absent. Empty lines and lines that begin with `#` do not count.
 */

import { rfc3339 } from '../base/clock.ts';
import type { ApiKey } from './api-key.ts';
import { isLive } from './key-ring.ts';
import { isScope, SCOPES, type Scope } from './scopes.ts';

/** A fault in the file. The message names the line and holds nothing of it. */
export class KeyFileError extends Error {
  constructor(line: number, fault: string) {
    super(`line ${line} ${fault}`);
    this.name = 'KeyFileError';
  }
}

/** More than one, so that a key can be replaced while its predecessor is still in use; not more, so that it ends. */
const LIVE_KEYS_A_NAME = 2;

/** Throws KeyFileError for the first line that is not right. */
export function parseKeyFile(text: string, now: Date): readonly ApiKey[] {
  const keys: ApiKey[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const key = parseLine(line, i + 1);
    refuseConflict(key, keys, i + 1, now);
    keys.push(key);
  }
  return keys;
}

const ID = '[a-z0-9]{1,32}';
const NAME = '[A-Za-z0-9 ._@-]{1,64}';
// Scopes hold colons themselves; what follows them begins with a digit or is not there.
const LINE = new RegExp(`^(${ID}):(${NAME}):([0-9a-f]{64}):([a-z:,]+):(\\d.*)?$`);

function parseLine(line: string, number: number): ApiKey {
  const [, id = '', name = '', digest = '', scopes = '', notAfter] = LINE.exec(line) ?? [];
  if (id === '') {
    throw new KeyFileError(number, 'must read id:name:sha256:scopes:not_after; `npm run apikey` makes one');
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
  throw new KeyFileError(number, `must list scopes of ${SCOPES.join(', ')}, separated by commas`);
}

function parseTime(text: string, number: number): Date {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime()) && rfc3339(time) === text) return time;
  throw new KeyFileError(number, 'must end with a time such as 2027-11-24T00:00:00Z, or with nothing');
}

function refuseConflict(key: ApiKey, others: readonly ApiKey[], number: number, now: Date): void {
  if (others.some(({ id }) => id === key.id)) throw new KeyFileError(number, 'has the id of an earlier line');
  if (!isLive(key, now)) return;
  const live = others.filter((other) => other.name === key.name && isLive(other, now));
  if (live.length < LIVE_KEYS_A_NAME) return;
  throw new KeyFileError(number, `must not be the third key of its name that is still good`);
}

/** The line of a key, without its end. */
export const formatKeyLine = ({ id, name, digest, scopes, notAfter }: ApiKey): string =>
  [id, name, Buffer.from(digest).toString('hex'), scopes.join(','), notAfter ? rfc3339(notAfter) : ''].join(
    ':',
  );

const NAMED = new RegExp(`^${NAME}$`);
export const isKeyName = (text: string): boolean => NAMED.test(text);
