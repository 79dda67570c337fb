/** `npm run apikey`: generates an API key, shows it once, and prints its line for API_KEYS_FILE. */

import { generateApiKey } from '../src/access/api-key.ts';
import { formatKeyLine, isKeyName } from '../src/access/key-file.ts';
import { isScope, SCOPES, V1_SCOPES, type Scope } from '../src/access/scopes.ts';
import { orExit, readOptions } from './command-line.ts';

const USAGE = `npm run apikey -- --name NAME [--scopes SCOPE,…] [--days DAYS]
  Generates an API key and prints it once, then prints its line for API_KEYS_FILE, which contains no secret.
  --name    the owner of the key: 1 to 64 letters, digits, spaces or . _ @ -
  --scopes  permissions from ${SCOPES.slice(0, 6).join(', ')},
            ${SCOPES.slice(6).join(', ')};
            default: ${V1_SCOPES.join(', ')}
  --days    lifetime in days, 1 to 3650; default: 365

Example:
  npm run -s apikey -- --name "web team" --scopes certs:issue,inspect --days 90
`;

const DAY_MS = 86_400_000;

const { values } = readOptions(USAGE, {
  name: { type: 'string' },
  scopes: { type: 'string' },
  days: { type: 'string' },
});

/** Throws Error for an invalid value. */
function readValues() {
  const { name = '', scopes, days = '365' } = values;
  if (!isKeyName(name)) throw new Error('--name must be 1 to 64 letters, digits, spaces or . _ @ -');
  if (!/^\d{1,4}$/.test(days) || Number(days) < 1 || Number(days) > 3650) {
    throw new Error('--days must be a whole number from 1 to 3650');
  }
  const notAfter = new Date(Math.floor(Date.now() / 1000) * 1000 + Number(days) * DAY_MS);
  return { name, scopes: readScopes(scopes), notAfter };
}

function readScopes(text: string | undefined): readonly Scope[] {
  if (text === undefined) return V1_SCOPES;
  const scopes = text.split(',').map((scope) => scope.trim());
  if (!scopes.every(isScope))
    throw new Error(`--scopes must list scopes separated by commas, from ${SCOPES.join(', ')}`);
  return [...new Set(scopes)];
}

const { key, text } = generateApiKey(orExit(USAGE, readValues));
console.log(`The key, which is shown this once:\n${text}\n`);
console.log(`Its line for API_KEYS_FILE, which contains no secret:\n${formatKeyLine(key)}`);
