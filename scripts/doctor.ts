/** `npm run doctor -- https://host`: checks a deployment from outside, and prints one line for each finding. */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Target } from './doctor/deployment.ts';
import { examine } from './doctor/examination.ts';

const USAGE = `npm run doctor -- URL [--ca FILE] [--key-file FILE]
  URL         the address that clients use, such as https://pki.example.com
  --ca        file with the PEM certificate of the CA, if your own CA issued the certificate of the service
  --key-file  file with an API key; default: the variable API_KEY. With a key there are more checks, and one
              certificate is made
`;

/** Throws an Error that says what is expected. */
function readArguments(): Target {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ca: { type: 'string' }, 'key-file': { type: 'string' } },
  });
  const [address = '', ...others] = positionals;
  const url = URL.parse(address);
  if (url === null || others.length > 0 || !/^https?:$/.test(url.protocol)) {
    throw new Error('expected one URL that begins with https:// or http://');
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
  if (!/^[!-~]*$/.test(key)) throw new Error('an API key must be one line of visible ASCII characters');
  return key === '' ? undefined : key;
}

try {
  const totals = { ok: 0, wrong: 0, 'not checked': 0 };
  for await (const { check, outcome, text } of examine(readArguments())) {
    totals[outcome] += 1;
    console.log(`${outcome.padEnd(11)}  ${check}: ${text}`);
  }
  console.log(`${totals.ok} ok, ${totals.wrong} wrong, ${totals['not checked']} not checked`);
  process.exitCode = totals.wrong === 0 ? 0 : 1;
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
