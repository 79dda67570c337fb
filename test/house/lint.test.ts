/** .oxlintrc.json holds the dependency rules and the limits: what breaks one, planted in an empty tree, is found. */
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t from 'tap';
import { plainNode } from '../support/plain-node.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Which modules each place may import, and which not. */
const IMPORTS: { file: string; lawful: string[]; unlawful: string[] }[] = [
  {
    file: 'src/base/errors.ts',
    lawful: ['node:crypto', './clock.ts'],
    unlawful: [
      'fastify',
      '@noble/post-quantum/ml-dsa.js',
      'pkijs',
      'typebox',
      './app.ts',
      '../routes/index.ts',
    ],
  },
  {
    file: 'service/app.ts',
    lawful: ['fastify', '@fastify/cors', '../plugins/auth.ts', '../routes/index.ts', './ca/issuer.ts'],
    unlawful: ['@noble/post-quantum/ml-dsa.js', 'pkijs', 'asn1js', '../test/support/openssl.ts'],
  },
  {
    file: 'service/server.ts',
    lawful: ['fastify', 'close-with-grace', './app.ts', './config/config.ts'],
    unlawful: ['@noble/post-quantum/ml-dsa.js', 'pkijs', 'asn1js'],
  },
  {
    file: 'service/workers/primary.ts',
    lawful: ['node:cluster', 'fastify', '../plugins/log.ts', '../src/config/config.ts'],
    unlawful: ['@noble/post-quantum/ml-dsa.js', 'pkijs', 'asn1js', '../src/server.ts', '../routes/index.ts'],
  },
  {
    file: 'src/config/config.ts',
    lawful: ['typebox', 'env-schema', '../algorithms/engines.ts', './schema.ts'],
    unlawful: [
      'fastify',
      '@fastify/env',
      '@fastify/type-provider-typebox',
      '../server.ts',
      '../../plugins/config.ts',
    ],
  },
  {
    file: 'src/algorithms/ml-dsa/engine.ts',
    lawful: ['node:crypto', '@noble/post-quantum/ml-dsa.js', '../errors.ts', './ml-dsa.ts'],
    unlawful: [
      'asn1js',
      'pkijs',
      '../formats/pem.ts',
      '../keys/key.ts',
      '../x509/name.ts',
      '../ca/issuer.ts',
      'fastify',
    ],
  },
  {
    file: 'src/formats/pem.ts',
    lawful: ['asn1js', 'pkijs', '../algorithms/ml-dsa.ts', '../errors.ts'],
    unlawful: [
      '@noble/hashes/sha3.js',
      '../keys/key.ts',
      '../x509/name.ts',
      '../ca/issuer.ts',
      'fastify-plugin',
    ],
  },
  {
    file: 'src/formats/pkcs12/bag.ts',
    lawful: ['../der-writer.ts', '../../errors.ts', '../../algorithms/ml-dsa.ts'],
    unlawful: ['../../keys/key.ts', '../../app.ts', '../../../plugins/auth.ts'],
  },
  {
    file: 'src/keys/key.ts',
    lawful: ['../algorithms/engine.ts', '../formats/pem.ts', '../clock.ts'],
    unlawful: [
      'asn1js',
      'pkijs',
      '@noble/post-quantum/ml-dsa.js',
      '../x509/name.ts',
      '../ca/issuer.ts',
      '@fastify/cors',
    ],
  },
  {
    file: 'src/x509/name.ts',
    lawful: ['asn1js', 'pkijs', 'tr46', 'ipaddr.js', '../keys/key.ts', '../formats/pem.ts'],
    unlawful: ['@noble/hashes/sha3.js', '../ca/issuer.ts', '../server.ts', '../../routes/index.ts'],
  },
  {
    file: 'src/ca/issuer.ts',
    lawful: [
      '../x509/name.ts',
      '../keys/key.ts',
      '../formats/pem.ts',
      '../algorithms/engine.ts',
      './profiles.ts',
    ],
    unlawful: ['asn1js', 'pkijs', '@noble/hashes/sha3.js', 'fastify', '../app.ts', '../../plugins/auth.ts'],
  },
  {
    file: 'plugins/auth.ts',
    lawful: ['fastify', 'fastify-plugin', '@fastify/cors', 'typebox', '../src/ca/issuer.ts'],
    unlawful: ['../routes/index.ts', '../src/app.ts', 'asn1js', 'pkijs', '@noble/hashes/sha3.js'],
  },
  {
    file: 'routes/certificate/index.ts',
    lawful: ['fastify', 'typebox', './schema.ts', '../pem.ts', '../../src/ca/issuer.ts'],
    unlawful: ['../../plugins/auth.ts', '../../src/server.ts', 'asn1js', 'pkijs', '@noble/hashes/sha3.js'],
  },
];

const many = (count: number, line: string): string => `${line}\n`.repeat(count);
const functionOf = (count: number): string => `export function f(): void {\n${many(count, '  f();')}}\n`;

/** What else the linter finds, with the line most like it that it lets in. */
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

/** What the planted files of RULES import. */
const NEIGHBOURS = { 'src/leaf.ts': 'export {};', 'src/cycle.ts': "import './no-cycle-unlawful.ts';" };

interface Diagnostic {
  readonly filename: string;
  /** Such as `eslint(no-console)`. */
  readonly code: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

/** Lints a fresh tree that holds `files` under the project's own configuration. */
async function lint(files: Record<string, string>): Promise<Diagnostic[]> {
  const tree = await mkdtemp(join(tmpdir(), 'lint-'));
  t.teardown(() => rm(tree, { recursive: true }));
  await Promise.all(
    ['.oxlintrc.json', 'tsconfig.json'].map((name) => cp(join(ROOT, name), join(tree, name))),
  );
  await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(tree, dirname(name)), { recursive: true });
    await writeFile(join(tree, name), content);
  }
  const oxlint = join(ROOT, 'node_modules/oxlint/bin/oxlint');
  const args = [oxlint, '-f', 'json', '--ignore-pattern', 'node_modules'];
  const { stdout } = await plainNode(t, args, { cwd: tree });
  const { diagnostics }: { readonly diagnostics: Diagnostic[] } = JSON.parse(stdout);
  return diagnostics;
}

/** The lines of `file`, counted from 1, at which `rule` spoke up. */
const linesOf = (diagnostics: Diagnostic[], rule: string, file: string): (number | undefined)[] =>
  diagnostics
    .filter(({ code, filename }) => filename === file && code.endsWith(`(${rule})`))
    .map(({ labels }) => labels[0]?.span.line);

t.test('each folder imports what the architecture lets it import', async (t) => {
  const files = IMPORTS.map(({ file, lawful, unlawful }): [string, string] => [
    file,
    [...lawful, ...unlawful].map((module) => `import '${module}';`).join('\n'),
  ]);
  const diagnostics = await lint(Object.fromEntries(files));
  for (const { file, lawful, unlawful } of IMPORTS) {
    const lines = linesOf(diagnostics, 'no-restricted-imports', file);
    const refused = [...lawful, ...unlawful].filter((_, index) => lines.includes(index + 1));
    t.same(refused, unlawful, file);
  }
});

t.test('no form of import escapes', async (t) => {
  const forms = [
    "import { Certificate } from 'pkijs';",
    "import type { Certificate as A } from 'pkijs';",
    "export { Certificate as B } from 'pkijs';",
    "export * from 'pkijs';",
    "await import('pkijs');",
  ];
  const diagnostics = await lint({ 'src/ca/issuer.ts': forms.join('\n') });
  const lines = linesOf(diagnostics, 'no-restricted-imports', 'src/ca/issuer.ts');
  t.same(new Set(lines), new Set([1, 2, 3, 4, 5]));
});

t.test('each rule stops what it is for and lets its neighbour in', async (t) => {
  const files = RULES.flatMap(({ rule, folder, lawful, unlawful }) => [
    [`${folder}/${rule}-lawful.ts`, lawful],
    [`${folder}/${rule}-unlawful.ts`, unlawful],
  ]);
  const diagnostics = await lint({ ...NEIGHBOURS, ...Object.fromEntries(files) });
  for (const { rule, folder } of RULES) {
    t.same(linesOf(diagnostics, rule, `${folder}/${rule}-lawful.ts`), [], `${rule} in ${folder} lets in`);
    t.equal(
      linesOf(diagnostics, rule, `${folder}/${rule}-unlawful.ts`).length,
      1,
      `${rule} in ${folder} stops`,
    );
  }
});
