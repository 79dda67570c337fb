/**
 * Runs the tests of each fault and attack, those that take long too, and prints one table: what was done to the service,
 * what should have come of it, and what did. Exit code 1 unless all holds.
 */

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { ROWS, type Row } from '../test/faults/rows.ts';

/** What came of one file of tests. */
interface Outcome {
  readonly holds: boolean;
  /** What it printed, by identifier of the fault. */
  readonly figures: ReadonlyMap<string, readonly string[]>;
  readonly passed: number;
}

const TESTS = join(import.meta.dirname, '../test');
/** In seconds, for one file. */
const PATIENCE = '240';

const outcomes = new Map<string, Outcome>();
for (const file of new Set(ROWS.flatMap(({ tests }) => tests))) {
  const outcome = await outcomeOf(file);
  outcomes.set(file, outcome);
  process.stderr.write(`${file}: ${outcome.holds ? 'holds' : 'DOES NOT HOLD'}\n`);
  for (const [id, figures] of outcome.figures) process.stderr.write(`  ${id}: ${figures.join('; ')}\n`);
}
process.stdout.write(`${tableOf(ROWS)}\n`);
process.exitCode = [...outcomes.values()].every(({ holds }) => holds) ? 0 : 1;

/** A program that is missing counts as a failure. What failed is shown on standard error. */
async function outcomeOf(file: string): Promise<Outcome> {
  const environment = ['-u', 'NODE_OPTIONS', 'REQUIRE_SERVICES=1', `TAP_TIMEOUT=${PATIENCE}`];
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

function tableOf(rows: readonly Row[]): string {
  const head = ['| id | fault | expected | figure | holds | tests |', '| - | - | - | - | - | - |'];
  return [...head, ...rows.map((row) => lineOf(row))].join('\n');
}

function lineOf({ id, fault, expected, tests }: Row): string {
  const found = tests.map((file) => outcomes.get(file)).filter((outcome) => outcome !== undefined);
  const figures = found.flatMap(({ figures }) => figures.get(id) ?? []);
  const passed = found.reduce((sum, { passed }) => sum + passed, 0);
  const links = tests.map((file) => `[${file.split('/').at(-1)?.replace('.test', '')}](../test/${file}.ts)`);
  const figure = figures.length > 0 ? figures.join('; ') : `${passed} assertions`;
  const measured = [figure, found.every(({ holds }) => holds) ? 'yes' : '**no**'];
  const cells = found.length > 0 ? measured : ['', ''];
  return `| ${[id, fault, expected, ...cells, links.join(', ')].join(' | ')} |`;
}
