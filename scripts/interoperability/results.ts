/** The results of the last runs: which program reads which file. `npm run interoperability` writes them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALGORITHMS, cellOf, FORMS, type KeyFile } from './forms.ts';
import type { Program } from './programs.ts';

export const RESULTS_PATH = join(import.meta.dirname, 'results.json');

/** By cell: whether the program reads it; a cell that it has no function for is absent. */
export type Row = Readonly<Record<string, boolean>>;

/** By program. */
export type Results = Readonly<Record<string, Row>>;

export const storedResults = (): Results => JSON.parse(readFileSync(RESULTS_PATH, 'utf8')) as Results;

export function measure(program: Program, files: readonly KeyFile[]): Row {
  const reads = program.reads(files);
  return Object.fromEntries(
    files.flatMap(({ cell }, index) => {
      const value = reads[index];
      return value === undefined ? [] : [[cell, value]];
    }),
  );
}

const HEADER = `# Who reads which private key

This table is the result of real runs: each program read the file, and Java also signed with the key.
The service wrote the files with \`POST /api/v1/keys/convert\`.
\`npm run interoperability\` runs the programs that are installed and writes the results.
A test runs them again and compares the results.

- yes: the program reads the file.
- no: the program refuses it.
- –: the program has no function for this form.

OpenSSL is the program \`openssl\` (\`pkey\`, and \`pkcs12\` for PKCS #12).
Node.js is \`createPrivateKey\` of \`node:crypto\`.
Java is \`KeyFactory\`, \`KeyStore\` and \`EncryptedPrivateKeyInfo\` of the JDK without other providers.
Go, Windows and HSMs are not in the table, because no run here can prove what they read.
[Which form do I need?](key-forms.md) says what to choose.
`;

/** Returns docs/interoperability.md. */
export function interoperabilityPage(): string {
  const results = storedResults();
  const programs = Object.keys(results).toSorted();
  return [HEADER, ...ALGORITHMS.map((algorithm) => tableOf(algorithm, programs, results))].join('\n');
}

function tableOf(
  algorithm: (typeof ALGORITHMS)[number],
  programs: readonly string[],
  results: Results,
): string {
  const forms = FORMS.filter(({ algorithms }) => algorithms.includes(algorithm));
  const rows = forms.map((form) => [
    form.name,
    ...programs.map((program) => wordOf(results[program]?.[cellOf(algorithm, form)])),
  ]);
  const head = ['Form', ...programs];
  return [
    `## ${algorithm}\n`,
    ...[head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`),
    '',
  ].join('\n');
}

const wordOf = (value: boolean | undefined): string => (value === undefined ? '–' : value ? 'yes' : 'no');
