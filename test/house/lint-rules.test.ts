/**
 * Every rule of oxlint.config.ts except those for imports reports a line that breaks it, and accepts a similar line.
 */

import t from 'tap';
import { lint, linesOf } from './linter.ts';

const many = (count: number, line: string): string => `${line}\n`.repeat(count);
const functionOf = (count: number): string => `export function f(): void {\n${many(count, '  f();')}}\n`;

/** For each rule a line that it reports, and a similar line that it accepts. */
const RULES: { rule: string; folder: string; lawful: string; unlawful: string }[] = [
  {
    rule: 'max-lines',
    folder: 'src',
    lawful: many(250, 'void 0;') + many(50, '') + many(50, '// why'),
    unlawful: many(251, 'void 0;'),
  },
  { rule: 'max-lines-per-function', folder: 'src', lawful: functionOf(38), unlawful: functionOf(39) },
  { rule: 'max-lines-per-function', folder: 'plugins', lawful: functionOf(38), unlawful: functionOf(39) },
  { rule: 'no-cycle', folder: 'src', lawful: "import './leaf.ts';", unlawful: "import './cycle.ts';" },
  {
    rule: 'no-unassigned-import',
    folder: 'plugins',
    lawful: "import * as leaf from '../src/leaf.ts';\nexport { leaf };",
    unlawful: "import '../src/leaf.ts';",
  },
  {
    rule: 'no-explicit-any',
    folder: 'test',
    lawful: 'export const a: unknown = 1;',
    unlawful: 'export const a: any = 1;',
  },
  {
    rule: 'no-non-null-assertion',
    folder: 'test',
    lawful: 'export const a = (b: string[]) => b[0];',
    unlawful: 'export const a = (b: string[]) => b[0]!;',
  },
  {
    rule: 'no-floating-promises',
    folder: 'routes',
    lawful: 'async function f() {}\nawait f();',
    unlawful: 'async function f() {}\nf();',
  },
  {
    rule: 'no-floating-promises',
    folder: 'test',
    lawful: "import t from 'tap';\nt.test('a', async () => undefined);",
    unlawful: "import t from 'tap';\nt.rejects(async () => undefined);",
  },
  {
    rule: 'no-default-export',
    folder: 'plugins',
    lawful: 'export const a = 1;',
    unlawful: 'export default 1;',
  },
  {
    rule: 'no-restricted-imports',
    folder: 'routes',
    lawful: "import type { FastifyReply } from 'fastify';",
    unlawful: "import { FastifyReply } from 'fastify';",
  },
  {
    rule: 'no-restricted-imports',
    folder: 'src/keys',
    lawful: "import '../formats/pem.ts';",
    unlawful: "import '../formats/../ca/issuer.ts';",
  },
  { rule: 'no-console', folder: 'src', lawful: 'process.stdout.write("");', unlawful: 'console.log("");' },
  {
    rule: 'no-process-env',
    folder: 'plugins',
    lawful: 'export const a = process.pid;',
    unlawful: 'export const a = process.env.A;',
  },
  {
    rule: 'extensions',
    folder: 'src',
    lawful: "import './leaf.ts';",
    unlawful: "import './leaf';",
  },
];

/** The files that the lines of RULES import. */
const NEIGHBOURS = { 'src/leaf.ts': 'export {};', 'src/cycle.ts': "import './no-cycle-unlawful.ts';" };

t.test('each rule reports the line that breaks it and accepts the similar line', async (t) => {
  const files = RULES.flatMap(({ rule, folder, lawful, unlawful }) => [
    [`${folder}/${rule}-lawful.ts`, lawful],
    [`${folder}/${rule}-unlawful.ts`, unlawful],
  ]);
  const diagnostics = await lint(t, { ...NEIGHBOURS, ...Object.fromEntries(files) });
  for (const { rule, folder } of RULES) {
    t.same(linesOf(diagnostics, rule, `${folder}/${rule}-lawful.ts`), [], `${rule} in ${folder} accepts`);
    t.equal(
      linesOf(diagnostics, rule, `${folder}/${rule}-unlawful.ts`).length,
      1,
      `${rule} in ${folder} reports`,
    );
  }
});
