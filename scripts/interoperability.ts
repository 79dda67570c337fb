/** Runs the programs that are installed, and writes what each of them reads. Results of other programs are kept. */

import { writeFileSync } from 'node:fs';
import { createDomain } from '../src/domain.ts';
import { readOptions } from './command-line.ts';
import { keyFiles } from './interoperability/forms.ts';
import { installedPrograms } from './interoperability/programs.ts';
import { measure, RESULTS_PATH, storedResults } from './interoperability/results.ts';

const USAGE = `npm run interoperability
  Measures which program of this machine reads which form of a private key, and writes the results. The results of
  programs that are not installed are kept. "npm run generate" then writes docs/interoperability.md.

Example:
  npm run interoperability && npm run generate
`;

readOptions(USAGE, {});

const domain = await createDomain({ engine: 'auto' });
const files = await keyFiles(domain);
await domain.close();
const measured = installedPrograms().map((program) => [program.name, measure(program, files)] as const);
const results = { ...storedResults(), ...Object.fromEntries(measured) };
const sorted = Object.fromEntries(Object.entries(results).toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(RESULTS_PATH, `${JSON.stringify(sorted, null, 2)}\n`);
console.log(`Measured ${measured.map(([name]) => name).join(', ')}. Now run npm run generate.`);
