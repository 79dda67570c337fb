/** CONTRIBUTING.md, "Markdown": documents can be read raw, in a terminal of 120 columns. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../support/process.ts';

const LIMIT = 120;
const NOT_OURS: ReadonlySet<string> = new Set(['node_modules', '.git', '.tap', 'coverage', 'dist']);

/** Documents with longer lines, each with the reason. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([]);

/** A line without prose, such as an item of a list of references. */
const ONLY_LINKS = /^[\s>*\d.-]*(?:\[[^\]]*\](?:\([^)\s]*\))?[\s,.;:]*)+$/;
const FENCE = /^\s*(?:```|~~~)/;
const TABLE_ROW = /^\s*\|/;
const CELL_BORDER = /(?<!\\)\|/;

/** Returns "line: what is too long" for each line of prose and each table cell over the limit. */
function longPartsOf(markdown: string): string[] {
  let isCode = false;
  return markdown.split('\n').flatMap((line, index) => {
    const isFence = FENCE.test(line);
    if (isFence) isCode = !isCode;
    return isCode || isFence ? [] : longPartsOfLine(line).map((part) => `${index + 1}: ${part}`);
  });
}

function longPartsOfLine(line: string): readonly string[] {
  if (TABLE_ROW.test(line)) {
    return line.split(CELL_BORDER).flatMap((cell) => (isRule(cell) ? [] : longTexts('cell', cell.trim())));
  }
  return ONLY_LINKS.test(line) ? [] : longTexts('line', line);
}

/** The dashes below the head of a table, which a formatter makes as wide as the widest cell. */
const isRule = (cell: string): boolean => /^[\s:-]*$/.test(cell);

const longTexts = (kind: string, text: string): string[] =>
  text.length > LIMIT ? [`${kind} of ${text.length}`] : [];

const words = (length: number): string => 'word '.repeat(length).slice(0, length - 1) + '.';

t.test('a line of prose and a table cell have at most 120 characters', async (t) => {
  t.same(longPartsOf(words(120)), []);
  t.same(longPartsOf(`# Title\n\n${words(121)}`), ['3: line of 121']);
  t.same(longPartsOf(`- ${words(119)}`), ['1: line of 121']);
  t.same(longPartsOf(`| ${words(120)} | ${words(120)} |\n| --- | ${'-'.repeat(200)} |`), []);
  t.same(longPartsOf(`| a | ${words(121)} |`), ['1: cell of 121']);
  t.same(longPartsOf('µ'.repeat(120)), [], 'characters are counted, not bytes');
});

t.test('code and lines of links alone may be longer', async (t) => {
  const link = `[a page](../${'folder/'.repeat(20)}page.md)`;
  t.same(longPartsOf(`\`\`\`bash\n${words(200)}\n\`\`\``), []);
  t.same(longPartsOf(`\`\`\`bash\n\`\`\`\n${words(200)}`), ['3: line of 200']);
  t.same(longPartsOf(`- ${link}, ${link}`), []);
  t.same(longPartsOf(`See ${link}`), [`1: line of ${link.length + 4}`]);
});

t.test('every document is within the limits', async (t) => {
  const documents = globSync('**/*.md', { cwd: ROOT, exclude: (name) => NOT_OURS.has(name) });
  t.ok(documents.length > 20, 'the documents are found');
  for (const path of documents) {
    if (EXCEPTIONS.has(path)) continue;
    t.same(longPartsOf(readFileSync(join(ROOT, path), 'utf8')), [], path);
  }
});

t.test('an exception is removed once it is not needed', async (t) => {
  for (const [path, reason] of EXCEPTIONS) {
    t.not(longPartsOf(readFileSync(join(ROOT, path), 'utf8')).length, 0, `${path}: ${reason}`);
  }
});
