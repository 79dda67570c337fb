/** The texts of the repository that a person reads, in parts that a test can search. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';
import { ROOT } from '../support/process.ts';

export interface Text {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** On one line. */
  readonly text: string;
}

const CODE = 'bin,src,plugins,routes,service,scripts,bench';

/**
 * Comments, and strings of more than one word, in code; titles of tests; lines of documents and of files for operators.
 */
export function textsOf(): Text[] {
  const code = globSync(`{${CODE}}/**/*.{js,ts}`, { cwd: ROOT });
  const tests = globSync('test/**/*.test.ts', { cwd: ROOT });
  const documents = globSync('{*.md,docs/**/*.md,{deploy,native,.ci}/**/*,openapi.yaml,.env.example}', {
    cwd: ROOT,
    withFileTypes: true,
  });
  return [
    ...code.flatMap((path) => textsInCode(path, read(path))),
    ...tests.flatMap((path) => titlesIn(path, read(path))),
    ...documents
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('native/build'))
      .map(({ parentPath, name }) => join(parentPath, name).slice(ROOT.length + 1))
      .flatMap((path) => linesOf(path, read(path))),
  ];
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Comments, and strings of more than one word. */
export function textsInCode(path: string, source: string): Text[] {
  const { program, comments } = parseSync(path, source);
  const texts = comments.map(({ value, start }) =>
    textAt(path, source, start, value.replaceAll(/\n\s*\*/g, ' ')),
  );
  new Visitor({
    Literal: ({ value, start }) => {
      if (typeof value === 'string' && value.includes(' ')) texts.push(textAt(path, source, start, value));
    },
    TemplateLiteral: ({ quasis, start }) => {
      const value = quasis.map(({ value: { raw } }) => raw).join('`');
      if (value.includes(' ')) texts.push(textAt(path, source, start, value));
    },
  }).visit(program);
  return texts;
}

const titlesIn = (path: string, source: string): Text[] =>
  [...source.matchAll(/\bt\.test\(\s*(['`"])((?:(?!\1)[^\\]|\\.)*)\1/g)].map(({ index, 2: title = '' }) =>
    textAt(path, source, index, title),
  );

function linesOf(path: string, source: string): Text[] {
  // The glossary names the words that it replaces.
  const text = source.replace(/^## Words we use\n[^]*?(?=^## )/m, (section) =>
    section.replaceAll(/[^\n]/g, ''),
  );
  return text.split('\n').map((line, index) => ({ path, line: index + 1, text: onOneLine(line) }));
}

const textAt = (path: string, source: string, start: number, text: string): Text => ({
  path,
  line: source.slice(0, start).split('\n').length,
  text: onOneLine(text),
});

const onOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** The prose of `text`: each piece of code becomes one backtick. */
export const proseOf = (text: string): string => text.replaceAll(/`[^`]*`/g, '`');
