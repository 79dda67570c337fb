/**
 * Runs the tests of each fault and attack, the long ones too. Prints for each the expected and the measured result.
 * Exit code 1 unless all tests pass.
 */

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { ROWS, type Row } from '../test/faults/rows.ts';
import { readOptions } from './command-line.ts';

const USAGE = `npm run faults
  Runs the tests of each fault and attack, the long ones too, for some ten minutes. They load this machine.
  Progress is on standard error, the page for docs/security.md on standard output.
  Exit code 1: a test fails, or a program that a test needs is missing.

Example:
  npm run -s faults > faults.md
`;

/** The result of one test file. */
interface Outcome {
  readonly holds: boolean;
  /** The figures that it printed, by identifier of the fault. */
  readonly figures: ReadonlyMap<string, readonly string[]>;
  readonly passed: number;
}

const TESTS = join(import.meta.dirname, '../test');
/** In seconds, for one file. */
const FILE_TIMEOUT = '240';

readOptions(USAGE, {});
const outcomes = new Map<string, Outcome>();
for (const file of new Set(ROWS.flatMap(({ tests }) => tests))) {
  const outcome = await outcomeOf(file);
  outcomes.set(file, outcome);
  process.stderr.write(`${file}: ${outcome.holds ? 'passed' : 'FAILED'}\n`);
  for (const [id, figures] of outcome.figures) process.stderr.write(`  ${id}: ${figures.join('; ')}\n`);
}
process.stdout.write(`${pageOf(ROWS)}\n`);
process.exitCode = [...outcomes.values()].every(({ holds }) => holds) ? 0 : 1;

/** A missing program counts as a failure. Failures are printed on standard error. */
async function outcomeOf(file: string): Promise<Outcome> {
  const environment = ['-u', 'NODE_OPTIONS', 'REQUIRE_SERVICES=1', `TAP_TIMEOUT=${FILE_TIMEOUT}`];
  const child = spawn('/usr/bin/env', [...environment, process.execPath, join(TESTS, `${file}.ts`)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const lines = (await text(child.stdout)).split('\n');
  const holds = (await ended) === 0;
  if (!holds) process.stderr.write(`${faultsIn(lines)}\n`);
  return { holds, figures: figuresIn(lines), passed: lines.filter((line) => /^ *ok \d/.test(line)).length };
}

function faultsIn(lines: readonly string[]): string {
  return lines.filter((line) => /^ *not ok /.test(line)).join('\n') || lines.slice(-20).join('\n');
}

/** Comments such as `# T29, T30: 64 tokens, 0 accepted`. */
function figuresIn(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const figures = new Map<string, string[]>();
  for (const line of lines) {
    const match = /^ *# ((?:T\d\d(?:, )?)+): (.+)$/.exec(line);
    if (match === null) continue;
    const [, ids = '', figure = ''] = match;
    for (const id of ids.split(', ')) figures.set(id, [...(figures.get(id) ?? []), figure]);
  }
  return figures;
}

/** Markdown, as docs/security.md has it between its `faults` comments. */
function pageOf(rows: readonly Row[]): string {
  return rows.map(sectionOf).join('\n\n');
}

function sectionOf({ id, fault, expected, tests }: Row): string {
  const found = tests.map((file) => outcomes.get(file)).filter((outcome) => outcome !== undefined);
  const lines = [`### ${id}: ${fault}`, '', `- Expected: ${expected}`];
  if (found.length > 0) lines.push(...resultsOf(id, found), '- Tests:', ...tests.map(linkTo));
  return lines.join('\n');
}

function resultsOf(id: string, found: readonly Outcome[]): readonly string[] {
  const figures = found.flatMap((outcome) => outcome.figures.get(id) ?? []);
  const passed = found.reduce((sum, outcome) => sum + outcome.passed, 0);
  const measured = figures.length > 0 ? figures : [`${passed} assertions`];
  const holds = found.every((outcome) => outcome.holds) ? 'yes' : '**no**';
  return [`- Holds: ${holds}`, '- Figures:', ...measured.map((figure) => item(figure))];
}

function linkTo(file: string): string {
  return item(`[${file.split('/').at(-1)?.replace('.test', '')}](../test/${file}.ts)`);
}

/** An item of a nested list, in lines of at most 120 columns. */
function item(words: string): string {
  return `  - ${words.replaceAll(/(?=.{113})(.{1,112}) /g, '$1\n    ')}`;
}
