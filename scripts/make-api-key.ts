/**
 * `npm run apikey -- --name NAME [--scopes a,b] [--days 365]`: generates an API key, prints it once, and prints its
 * line for API_KEYS_FILE.
 */

import { parseArgs } from 'node:util';
import { generateApiKey } from '../src/access/api-key.ts';
import { formatKeyLine, isKeyName } from '../src/access/key-file.ts';
import { isScope, SCOPES, V1_SCOPES, type Scope } from '../src/access/scopes.ts';

const USAGE = `npm run apikey -- --name NAME [--scopes SCOPE,…] [--days DAYS]
  NAME    the client of the key: 1 to 64 letters, digits, spaces or . _ @ -
  SCOPE   one of ${SCOPES.join(', ')};
          default: ${V1_SCOPES.join(', ')}
  DAYS    days until the key expires: 1 to 3650, default: 365
`;

const DAY_MS = 86_400_000;

/** Throws an Error that says what is expected. */
function readArguments() {
  const { values } = parseArgs({
    options: { name: { type: 'string' }, scopes: { type: 'string' }, days: { type: 'string' } },
  });
  const { name = '', scopes, days = '365' } = values;
  if (!isKeyName(name)) throw new Error('--name must be the name of the client that gets the key');
  if (!/^\d{1,4}$/.test(days) || Number(days) < 1 || Number(days) > 3650) {
    throw new Error('--days must be a whole number from 1 to 3650');
  }
  const notAfter = new Date(Math.floor(Date.now() / 1000) * 1000 + Number(days) * DAY_MS);
  return { name, scopes: readScopes(scopes), notAfter };
}

function readScopes(text: string | undefined): readonly Scope[] {
  if (text === undefined) return V1_SCOPES;
  const scopes = text.split(',').map((scope) => scope.trim());
  if (!scopes.every(isScope)) throw new Error(`--scopes must be a list of ${SCOPES.join(', ')}`);
  return [...new Set(scopes)];
}

try {
  const { key, text } = generateApiKey(readArguments());
  console.log(`The key, which is not shown again:\n${text}\n`);
  console.log(`Its line for API_KEYS_FILE, which contains no secret:\n${formatKeyLine(key)}`);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 1;
}
