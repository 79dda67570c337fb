/**
 * The imports between the top-level entries of these folders form no circle, so each entry can be read without the
 * entries that depend on it.
 */

import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import t from 'tap';

const ROOT = join(import.meta.dirname, '../..');

/** The imports of each entry, by entry. */
type Graph = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

const entryOf = (file: string): string => file.split('/', 1)[0] ?? '';

/** Returns the relative imports and exports of a module, with types and dynamic imports. */
function importsOf(source: string): string[] {
  const found = source.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\()'(\.[^'\n]+)'/g);
  return [...found].map(([, module = '']) => module);
}

function graphOf(sources: Readonly<Record<string, string>>): Graph {
  const graph = new Map<string, Map<string, string[]>>();
  for (const [file, source] of Object.entries(sources)) {
    for (const module of importsOf(source)) {
      const target = normalize(join(file, '..', module));
      const [from, to] = [entryOf(file), entryOf(target)];
      if (to === '..' || to === from) continue;
      const edges = graph.get(from) ?? new Map<string, string[]>();
      graph.set(from, edges.set(to, [...(edges.get(to) ?? []), `${file} -> ${target}`]));
    }
  }
  return graph;
}

/** Returns the imports of the first circle; empty if there is none. */
function circleIn(graph: Graph): string[] {
  const done = new Set<string>();
  const visit = (entry: string, path: readonly string[]): string[] => {
    if (path.includes(entry)) {
      const circle = [...path.slice(path.indexOf(entry)), entry];
      return circle.slice(1).flatMap((to, i) => graph.get(circle[i] ?? '')?.get(to) ?? []);
    }
    if (done.has(entry)) return [];
    for (const next of graph.get(entry)?.keys() ?? []) {
      const circle = visit(next, [...path, entry]);
      if (circle.length > 0) return circle;
    }
    done.add(entry);
    return [];
  };
  for (const entry of graph.keys()) {
    const circle = visit(entry, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

function sourcesOf(folder: string): Record<string, string> {
  const cwd = join(ROOT, folder);
  const files = globSync('**/*.ts', { cwd });
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(cwd, file), 'utf8')]));
}

t.test('a circle of any length and any form of import is found', async (t) => {
  t.same(circleIn(graphOf({ 'a/x.ts': "import { y } from '../b/y.ts';", 'b/y.ts': "import './z.ts';" })), []);
  const circle = {
    'a/x.ts': "import { y } from '../b/y.ts';",
    'b/z.ts': "export type { C } from '../c.ts';",
    'c.ts': "const { x } = await import('./a/x.ts');",
  };
  t.same(circleIn(graphOf(circle)), ['a/x.ts -> b/y.ts', 'b/z.ts -> c.ts', 'c.ts -> a/x.ts']);
});

for (const folder of ['plugins', 'src', 'routes', 'service']) {
  t.test(`the imports between the entries of ${folder} form no circle`, async (t) => {
    const graph = graphOf(sourcesOf(folder));
    t.not(graph.size, 0);
    t.same(circleIn(graph), []);
  });
}

t.test('each file directly in plugins is a plugin', async (t) => {
  const files = readdirSync(join(ROOT, 'plugins')).filter((name) => name.endsWith('.ts'));
  const others = files.filter((name) => !/\bfp[(<]/.test(readFileSync(join(ROOT, 'plugins', name), 'utf8')));
  t.same(others, []);
});
