/** No text that a person reads contains a word of words.ts. */

import t from 'tap';
import { proseOf, textsOf } from './texts.ts';
import { type Word, WORDS } from './words.ts';

/** The rows of docs/security.md and their tests have these numbers. */
const ROW_NUMBERS = /^(?:docs\/security\.md|CHANGELOG\.md|scripts\/faults\.ts|test\/faults\/.*)$/;

const isExempt = ({ pattern }: Word, path: string): boolean =>
  pattern.source.startsWith(String.raw`\bT(`) && ROW_NUMBERS.test(path);

const TEXTS = textsOf();
const FAULTS = TEXTS.flatMap(({ path, line, text }) =>
  WORDS.flatMap((word) => {
    const [found] = word.pattern.exec(proseOf(text)) ?? [];
    if (found === undefined || isExempt(word, path)) return [];
    return [{ path, fault: `${path}:${line}: "${found}": write ${word.instead} (${word.why})` }];
  }),
);

const folderOf = (path: string): string =>
  path.includes('/') ? path.slice(0, path.indexOf('/')) : 'the root';

for (const folder of new Set(TEXTS.map(({ path }) => folderOf(path)))) {
  t.test(`the words of ${folder} are plain English`, async (t) => {
    const faults = FAULTS.filter(({ path }) => folderOf(path) === folder).map(({ fault }) => fault);
    t.comment(`${folder}: ${faults.length} to rewrite`);
    t.same(faults, []);
  });
}

t.test('a pattern finds the bad example and not the good one', async (t) => {
  for (const { pattern, bad, good } of WORDS) {
    t.match(bad, pattern);
    t.notMatch(good, pattern);
  }
});
