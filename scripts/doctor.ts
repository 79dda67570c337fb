/** `npm run doctor -- https://host`: looks at a deployment from outside, and prints a line for each thing that it finds. */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Target } from './doctor/deployment.ts';
import { examine } from './doctor/examination.ts';

const USAGE = `npm run doctor -- URL [--ca FILE] [--key-file FILE]
  URL         where clients reach the service, such as https://pki.example.com
  --ca        file with the certificate, in PEM, of the authority of its certificate, where that is one of your own
  --key-file  file with an API key; without it that of the variable API_KEY. With a key more is seen, and one
              certificate is made
`;

/** Throws an Error whose message says what would be right. */
function readArguments(): Target {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ca: { type: 'string' }, 'key-file': { type: 'string' } },
  });
  const [address = '', ...others] = positionals;
  const url = URL.parse(address);
  if (url === null || others.length > 0 || !/^https?:$/.test(url.protocol)) {
    throw new Error('one URL must be given, that begins with https:// or http://');
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
  if (!/^[!-~]*$/.test(key)) throw new Error('an API key is one line of letters, digits and signs');
  return key === '' ? undefined : key;
}

try {
  const totals = { ok: 0, wrong: 0, 'not judged': 0 };
  for await (const { check, outcome, text } of examine(readArguments())) {
    totals[outcome] += 1;
    console.log(`${outcome.padEnd(10)}  ${check}: ${text}`);
  }
  console.log(`${totals.ok} ok, ${totals.wrong} wrong, ${totals['not judged']} not judged`);
  process.exitCode = totals.wrong === 0 ? 0 : 1;
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
