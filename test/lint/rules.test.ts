/** For each rule of the linter there is content that breaks this rule, and only those others that are named. */

import t from 'tap';
import { LISTED_RULES, OCSP_ENVELOPE_RULES, RULES } from '../../src/lint/registry.ts';
import type { SignedKind } from '../../src/lint/rule.ts';
import { openDomain } from '../support/domain.ts';
import { FIXTURES } from './fixtures/index.ts';
import { lintAsReceived, lintBeforeSigning } from './linted.ts';

const { keys } = await openDomain(t);
const key = await keys.generate('ml-dsa-44');

const idsOf = (rules: readonly { readonly id: string }[]): readonly string[] => rules.map(({ id }) => id);

const LISTS: Readonly<Record<SignedKind, readonly string[]>> = {
  certificate: idsOf(RULES.certificate),
  'certification-request': idsOf(RULES['certification-request']),
  'certificate-list': idsOf(RULES['certificate-list']),
  'ocsp-response': idsOf([...RULES['ocsp-response'], ...OCSP_ENVELOPE_RULES]),
};

const ROWS = LISTED_RULES.map((rule) => ({ ...rule, fixture: FIXTURES[rule.id] ?? {} }));

t.test('every rule is documented, and has a fixture', async (t) => {
  t.same(Object.keys(FIXTURES).toSorted(), LISTED_RULES.map(({ id }) => id).toSorted());
  t.ok(LISTED_RULES.length >= 120);
  for (const rules of Object.values(LISTS))
    t.equal(new Set(rules).size, rules.length, 'each id is used once');
  for (const { id, clause, requires, kinds } of LISTED_RULES) {
    t.match(id, /^[a-z][a-z\d-]+$/);
    t.match(clause, /§|appendix|§§|ISO|X\.\d+/, id);
    t.match(requires, /^\w.*[^.]$/, id);
    t.ok(kinds.length > 0);
  }
});

t.test('received content is found by its rule', async (t) => {
  for (const { id, fixture, only, severity } of ROWS) {
    if (only === 'issued') continue;
    const found = await lintAsReceived(key, fixture);
    t.same(
      [...new Set(found.map(({ rule }) => rule))].toSorted(),
      [id, ...(fixture.also ?? [])].toSorted(),
      id,
    );
    t.match(
      found.find(({ rule }) => rule === id),
      { severity },
    );
  }
});

t.test('content that is about to be signed is found by its rule', async (t) => {
  for (const { id, fixture, only, profile, severity } of ROWS) {
    if (only === 'received' || profile !== undefined || severity === 'notice') continue;
    const found = await lintBeforeSigning(key, fixture);
    if (found === undefined || found.some(({ rule }) => rule.endsWith('-structure'))) continue;
    t.ok(
      found.some(({ rule }) => rule === id),
      `${id}: ${found.map(({ rule }) => rule).join()}`,
    );
  }
});
