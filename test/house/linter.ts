import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';
import { plainNode } from '../support/plain-node.ts';
import { ROOT } from '../support/process.ts';

export interface Diagnostic {
  readonly filename: string;
  /** Such as `eslint(no-console)`. */
  readonly code: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

/** The project's own configuration, without its other rules: they take ten times as long with thousands of imports. */
const importsAlone = `import config from './whole.config.ts';
const rule = 'eslint/no-restricted-imports';
const overrides = config.overrides.flatMap(({ files, rules }) =>
  rules[rule] === undefined ? [] : [{ files, rules: { [rule]: rules[rule] } }]);
export default { plugins: ['eslint'], categories: { correctness: 'off' }, overrides };
`;

/** Lints a fresh tree of `files`, by path, with the project's own configuration, or only with its rules for imports. */
export async function lint(
  t: Test,
  files: Record<string, string>,
  { rules = 'all' }: { readonly rules?: 'all' | 'imports' } = {},
): Promise<Diagnostic[]> {
  const tree = await mkdtemp(join(tmpdir(), 'lint-'));
  t.teardown(() => rm(tree, { recursive: true }));
  await Promise.all(
    ['oxlint.config.ts', 'package.json', 'tsconfig.json'].map((name) =>
      cp(join(ROOT, name), join(tree, name)),
    ),
  );
  if (rules === 'imports') {
    await rename(join(tree, 'oxlint.config.ts'), join(tree, 'whole.config.ts'));
    await writeFile(join(tree, 'oxlint.config.ts'), importsAlone);
  }
  await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(tree, dirname(name)), { recursive: true });
    await writeFile(join(tree, name), content);
  }
  const oxlint = join(ROOT, 'node_modules/oxlint/bin/oxlint');
  const args = [oxlint, '-f', 'json', '--ignore-pattern', 'node_modules'];
  const { stdout } = await plainNode(t, args, { cwd: tree });
  const { diagnostics }: { diagnostics: Diagnostic[] } = JSON.parse(stdout);
  return diagnostics;
}

/** Returns the lines of `file`, counted from 1, that `rule` reports. */
export const linesOf = (diagnostics: Diagnostic[], rule: string, file: string): (number | undefined)[] =>
  diagnostics
    .filter(({ code, filename }) => filename === file && code.endsWith(`(${rule})`))
    .map(({ labels }) => labels[0]?.span.line);
