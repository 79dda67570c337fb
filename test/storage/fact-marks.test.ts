import t from 'tap';
import { markOf, partialMark } from '../../src/storage/sql/fact-marks.ts';

const FACTS = { authorityId: 'authority-one', profile: 'tls-server', principal: 'key:one' };

/** As the databases compare them. */
const matches = (mark: number, { mask, value }: { mask: number; value: number }): boolean =>
  (BigInt(mark) & BigInt(mask)) === BigInt(value);

t.test('a mark matches the facts that a filter has, and no others', async (t) => {
  const mark = markOf(FACTS);
  t.ok(Number.isSafeInteger(mark) && mark >= 0 && mark < 2 ** 48);
  for (const facts of [
    {},
    FACTS,
    { principal: FACTS.principal },
    { profile: FACTS.profile, authorityId: FACTS.authorityId },
  ])
    t.ok(matches(mark, partialMark(facts)), JSON.stringify(facts));
  for (const facts of [
    { principal: 'key:two' },
    { ...FACTS, profile: 'tls-client' },
    { authorityId: 'authority-two' },
    { principal: FACTS.profile },
  ])
    t.notOk(matches(mark, partialMark(facts)), JSON.stringify(facts));
  t.same(partialMark({}), { mask: 0, value: 0 });
});

// Stored marks must not change their meaning.
t.test('the mark of these facts is always the same', async (t) => {
  t.equal(markOf(FACTS), 54_520_421_424_100);
});
