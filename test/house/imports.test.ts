/** Every import of the tree, in any form, is resolved and checked against the table in oxlint.config.ts. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';
import t from 'tap';
import { ROOT } from '../support/process.ts';
import { type Import, refusalOf } from './import-rules.ts';

const FOLDERS = ['bin', 'src', 'plugins', 'routes', 'service', 'scripts', 'bench', 'test'];
const FILES = globSync(`{${FOLDERS.join(',')}}/**/*.{js,ts}`, { cwd: ROOT });

/** Files in which `new URL(…, import.meta.url)` names a module for a thread or a process, not a file to read. */
const IN_SERVICE = /^(?:bin|src|plugins|routes|service)\//;

/** The only file that may get a module of Node.js without an import. */
const BUILTIN_MODULE = 'src/base/http.ts';

const areTypes = (entries: readonly { isType: boolean }[]): boolean =>
  entries.length > 0 && entries.every(({ isType }) => isType);

/** Returns all imports of `source`, the text of the file `from`. A path that is only known at run time is `?`. */
function importsOf(from: string, source: string): Import[] {
  const { program, module, errors } = parseSync(from, source);
  if (errors.length > 0) throw new SyntaxError(`${from}: ${errors[0]?.message}`);
  const imports: Import[] = [];
  const add = (specifier: string, isType = false): void => void imports.push({ from, specifier, isType });
  for (const { moduleRequest, entries } of module.staticImports) add(moduleRequest.value, areTypes(entries));
  for (const { moduleRequest, isType } of module.staticExports.flatMap(({ entries }) => entries))
    if (moduleRequest) add(moduleRequest.value, isType);
  new Visitor({
    ImportExpression: (node) => add(literal(source, node.source)),
    TSImportType: (node) => add(node.source.value, true),
    TSExternalModuleReference: (node) => add(node.expression.value),
    CallExpression: ({ callee, arguments: [path] }) => {
      const called = source.slice(callee.start, callee.end);
      if (called === 'import.meta.resolve' && path) add(literal(source, path));
      if (called === 'process.getBuiltinModule')
        add(from === BUILTIN_MODULE && path ? literal(source, path) : '?');
    },
    NewExpression: (node) => {
      const [path, base] = node.arguments;
      if (!path || !base || source.slice(base.start, base.end) !== 'import.meta.url') return;
      if (IN_SERVICE.test(from)) add(urlPath(source, path));
    },
  }).visit(program);
  return imports;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Returns the text between the quotes, if it has no placeholders. */
const literal = (source: string, { start, end }: Span): string =>
  /^(?:'([^'\\]*)'|"([^"\\]*)"|`([^`$\\]*)`)$/.exec(source.slice(start, end))?.slice(1).join('') ?? '?';

/** As `literal`, with an x for each placeholder. A placeholder cannot be a folder, which needs a slash. */
const urlPath = (source: string, { start, end }: Span): string =>
  literal(source.slice(start, end).replaceAll(/\$\{[^{}]*\}/g, 'x'), { start: 0, end: Infinity });

t.test('the table allows every import of the tree', async (t) => {
  const imports = FILES.flatMap((path) => importsOf(path, readFileSync(join(ROOT, path), 'utf8')));
  t.ok(imports.length > 2000, 'the imports are found');
  t.same([...new Set(imports.flatMap((imported) => refusalOf(imported) ?? []))], []);
});

t.test('every form of import is found, and no spelling of a path evades the table', async (t) => {
  const forms = [
    "import { a } from 'X';",
    "import 'X';",
    "import type { A } from 'X';",
    "import { type A } from 'X';",
    "import * as a from 'X';",
    "import a = require('X');",
    "export { a } from 'X';",
    "export type { A } from 'X';",
    "export * from 'X';",
    "await import('X');",
    'await import(`X`);',
    "type A = import('X').A;",
    "import.meta.resolve('X');",
    "new Worker(new URL('X', import.meta.url));",
    'new Worker(new URL(`X`, import.meta.url));',
  ];
  const REFUSED = [
    '../../routes/index.ts',
    '../ca/../../routes/index.ts',
    './../../routes/index.ts',
    'fastify',
  ];
  for (const form of forms) {
    const refusal = (module: string): unknown[] =>
      importsOf('src/ca/issuer.ts', form.replace('X', module)).map(refusalOf);
    for (const module of REFUSED) t.match(refusal(module), ['src/ca/issuer.ts must not import'], form);
    t.same(refusal('../keys/key.ts'), [undefined], form);
  }
  for (const form of [
    'await import(path);',
    'await import(`../${path}`);',
    'import.meta.resolve(path);',
    "process.getBuiltinModule('module');",
    "import { createRequire } from 'node:module';",
  ])
    t.match(importsOf('src/ca/issuer.ts', form).map(refusalOf), ['src/ca/issuer.ts must not import'], form);
});

/** Paths to a file that `src/ca` may import, each with a spelling that hides the folder. */
const DETOURS = [
  '../ca/../keys/key.ts',
  './../keys/key.ts',
  '../keys/../keys/key.ts',
  '.././keys/key.ts',
  '..//keys/key.ts',
  '../keys/key.ts?1',
  '../keys/key.ts#1',
  '../k%65ys/key.ts',
  '..\\keys\\key.ts',
  '/src/keys/key.ts',
  'file:///src/keys/key.ts',
  'data:text/javascript,1',
  '#keys',
  '../../node_modules/fastify/fastify.js',
  'ml-dsa-certificate-api/src/keys/key.ts',
];

t.test('a path must be the shortest spelling of its file', async (t) => {
  const refusals = DETOURS.map((specifier) =>
    refusalOf({ from: 'src/ca/issuer.ts', specifier, isType: false }),
  );
  t.same(
    refusals.filter((refusal) => refusal === undefined),
    [],
  );
});

t.test('a folder without a row may import nothing', async (t) => {
  const from = 'src/acme/order.ts';
  t.equal(refusalOf({ from, specifier: 'node:crypto', isType: false }), `${from} has no row in IMPORT_RULES`);
});
