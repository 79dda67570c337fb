/** Every file that a comment, a message or a document names is in the repository. */

import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { ROOT } from '../support/process.ts';
import { type Text, textsInCode, textsOf } from './texts.ts';

/** A path from the root of the repository; not a part of a longer path, a URL or a glob pattern. */
const PATH =
  /(?<![\w/.@~*{}<>$-])(?:bin|src|plugins|routes|service|scripts|bench|docs|deploy|native|test)\/[\w@.-]*(?:\/[\w@.-]+)*\/?(?![\w*{}<>$])/g;

/** Files that the build makes or that an operator adds. */
const MADE = /^(?:native\/build|deploy\/compose\/secrets)\b/;

const pathsIn = (text: string): string[] =>
  [...text.matchAll(PATH)].map(([path]) => path.replace(/[./]+$/, '')).filter((path) => !MADE.test(path));

const texts: Text[] = [
  ...textsOf(),
  ...globSync('test/**/*.ts', { cwd: ROOT }).flatMap((path) =>
    textsInCode(path, readFileSync(join(ROOT, path), 'utf8')),
  ),
];

t.test('every path that is named from the root of the repository exists', async (t) => {
  const named = texts.flatMap(({ path, line, text }) =>
    pathsIn(text).map((target) => ({ where: `${path}:${line}`, target })),
  );
  t.ok(named.length > 100, `${named.length} are found`);
  const missing = named.filter(({ target }) => !existsSync(join(ROOT, target)));
  t.comment(`${missing.length} do not exist`);
  t.same(missing, []);
});

t.test('every link of a document leads to a file', async (t) => {
  const links = globSync('{*.md,docs/**/*.md}', { cwd: ROOT }).flatMap((path) =>
    [...readFileSync(join(ROOT, path), 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(
      ([, target = '']) => ({ path, target }),
    ),
  );
  t.ok(links.length > 100, `${links.length} are found`);
  t.same(
    links.filter(({ path, target }) => !existsSync(join(ROOT, dirname(path), target))),
    [],
  );
});

t.test('a path is distinguished from text that only resembles one', async (t) => {
  t.same(pathsIn('See `src/base/errors.ts`, (plugins/errors) and docs/decisions/.'), [
    'src/base/errors.ts',
    'plugins/errors',
    'docs/decisions',
  ]);
  t.same(
    pathsIn(
      'https://example.com/docs/a, ../src/a.ts, src/*.ts, test/<name>.ts, src/${path}, native/build/x.node',
    ),
    [],
  );
});
