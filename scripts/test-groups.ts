/** Which test files share a process. Half of the time of most files is the start of a process with tap and the service. */

import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from '../src/base/root.ts';

/** These tests start programs and wait for them, so a shared process saves little and delays the end. */
const LONG = /^test\/(?:(?:browser|deploy|faults|scripts|service)\/|storage\/(?:postgres|sqlite))/;

/** Those that take longest are started first, so that none of them runs alone at the end. */
const FIRST = /^test\/(?:browser|storage)\/|\/(?:clock-step|deadline|guide|sent-key-residue)\.test\.ts$/;

/** Code that changes its whole process, or measures it. */
const OF_PROCESS = new RegExp(
  [
    String.raw`\bprocess\.(?:on|once|emit|exit|chdir|kill)\(`,
    String.raw`\bprocess\.(?:exitCode|env\b.*) = `,
    String.raw`\bdelete process\.env`,
    String.raw`\bprocess\.(?:getActive|memoryUsage|cpuUsage|resourceUsage)`,
    String.raw`\b(?:globalThis|syncBuiltinESMExports|registerHooks)\b`,
    String.raw`\bt\.mock`,
    String.raw`\bfrom '(?:node:(?:test|diagnostics_channel|v8|perf_hooks)|.*/(?:node-internals/|process-\w+\.).*)'`,
  ].join('|'),
);

/** Few enough that a failed process loses little. */
const SIZE = 10;

/** Whether a test file needs a process of its own. `source` is its text. */
export const runsAlone = (path: string, source: string): boolean =>
  LONG.test(path) || OF_PROCESS.test(source);

export interface TestProcesses {
  readonly alone: readonly string[];
  /** Files that share a process, in their order. */
  readonly groups: readonly (readonly string[])[];
}

/** Paths in ROOT. Each test file is in one of the lists. */
export function testProcesses(): TestProcesses {
  const files = globSync('test/**/*.test.ts', { cwd: ROOT }).toSorted();
  const { alone = [], shared = [] } = Object.groupBy(files, (path) =>
    runsAlone(path, readFileSync(join(ROOT, path), 'utf8')) ? 'alone' : 'shared',
  );
  const count = Math.ceil(shared.length / SIZE);
  const start = (group: number): number => Math.floor((group * shared.length) / count);
  const groups = Array.from({ length: count }, (_, group) => shared.slice(start(group), start(group + 1)));
  return { alone, groups };
}

/** A path of ROOT, in quotes. */
const quoted = (file: string): string => JSON.stringify(join(ROOT, file));

/** The text of a test file that runs these files of ROOT in its process. */
export function groupFile(files: readonly string[]): string {
  const loads = files.map((file) => `  ${JSON.stringify(file)}: () => import(${quoted(file)}),\n`).join('');
  return `import { runFiles } from ${quoted('test/support/run-files.ts')};\nawait runFiles({\n${loads}});\n`;
}

/**
 * Writes a file for each group into `folder`, which is replaced. Returns the paths of all files to run, in ROOT. They are
 * started in this order, the short ones last.
 */
export function writeGroups(folder: string): readonly string[] {
  const { alone, groups } = testProcesses();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const shared = groups.map((files, index) => {
    const written = join(folder, `${index + 1}.test.ts`);
    writeFileSync(written, groupFile(files));
    return relative(ROOT, written);
  });
  const { first = [], later = [] } = Object.groupBy(alone, (path) => (FIRST.test(path) ? 'first' : 'later'));
  return [...first, ...shared, ...later];
}
