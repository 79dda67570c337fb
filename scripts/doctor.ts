/** `npm run doctor`: examines a deployment from outside, and prints a line for each finding. */

import { readFileSync } from 'node:fs';
import { orExit, readOptions } from './command-line.ts';
import type { Target } from './doctor/deployment.ts';
import { examine } from './doctor/examination.ts';

const USAGE = `npm run doctor -- URL [--ca FILE] [--key-file FILE]
  Examines a deployment from outside, and prints a line for each finding: what is wrong and what to do.
  A note is about a service on this machine without TLS and without a key: it is right in development.
  URL         the address of the service for clients, with its BASE_PATH
  --ca        file with the CA certificate of the service in PEM, if Node.js does not trust that CA
  --key-file  file with an API key; default: the variable API_KEY. With a key the doctor checks more, and
              issues one certificate
  Exit code 0: nothing is wrong. 1: a finding is wrong. 2: the arguments are invalid.

Example:
  npm run doctor -- https://pki.example.com --key-file ./api-key
`;

const { values, positionals } = readOptions(
  USAGE,
  { ca: { type: 'string' }, 'key-file': { type: 'string' } },
  true,
);

/** Throws Error for an invalid argument. */
function readTarget(): Target {
  const [address = '', ...others] = positionals;
  const url = URL.parse(address);
  if (url === null || others.length > 0 || !/^https?:$/.test(url.protocol)) {
    throw new Error('The argument must be one URL that begins with https:// or http://');
  }
  const { ca, 'key-file': keyFile } = values;
  const key = keyFile === undefined ? process.env.API_KEY : readFileSync(keyFile, 'utf8').trim();
  return {
    url,
    ca: ca === undefined ? undefined : readFileSync(ca, 'utf8'),
    key: readKey(key),
  };
}

function readKey(key = ''): string | undefined {
  if (!/^[!-~]*$/.test(key)) throw new Error('The API key must be one line of visible ASCII characters');
  return key === '' ? undefined : key;
}

const totals = { ok: 0, note: 0, wrong: 0, skipped: 0 };
for await (const { check, outcome, text } of examine(orExit(USAGE, readTarget))) {
  totals[outcome] += 1;
  console.log(`${outcome.padEnd(7)}  ${check}: ${text}`);
}
const notes = totals.note === 0 ? '' : `, ${totals.note} for development only`;
console.log(`${totals.ok} ok, ${totals.wrong} wrong, ${totals.skipped} skipped${notes}`);
process.exitCode = totals.wrong === 0 ? 0 : 1;
