/** Policies of random paths with random inputs, beside the verdict of OpenSSL (RFC 5280 §6.1, RFC 9618). */

import t from 'tap';
import * as fc from 'fast-check';
import { ANY_POLICY } from '../../src/formats/oids.ts';
import { craftMember, type Member } from '../ca/hierarchy.ts';
import { name } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { opensslMissing } from '../support/openssl.ts';
import {
  policiesExtension,
  policyExtensions,
  withoutInhibitedMapping,
} from '../support/policy-extensions.ts';
import { opensslVerdict, verify, type Given } from './verifying.ts';

const { keys } = await openDomain(t);
const member = craftMember(keys);

const NAMED = ['1.2.3.1', '1.2.3.2', '1.2.3.3'];
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });
const some = (values: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const count = maybe(fc.integer({ min: 0, max: 3 }));

const arbitraryCa = fc.record({
  policies: fc.option(some([ANY_POLICY, ...NAMED]), { nil: undefined, freq: 8 }),
  mappings: maybe(
    fc.uniqueArray(fc.tuple(fc.constantFrom(...NAMED), fc.constantFrom(...NAMED)), {
      minLength: 1,
      maxLength: 3,
      selector: (pair) => pair.join(' '),
    }),
  ),
  explicit: count,
  noMapping: count,
  noAny: count,
  isSelfIssued: fc.constantFrom(false, false, true),
});

type Ca = typeof arbitraryCa extends fc.Arbitrary<infer T> ? T : never;

async function craft(cas: readonly Ca[], policies: readonly string[] | undefined): Promise<Given> {
  const root = await member('Root');
  let by: Member = root;
  const intermediates: Member[] = [];
  for (const [depth, ca] of cas.entries()) {
    const subject = ca.isSelfIssued && depth > 0 ? by.subject : name(`CA ${depth}`);
    by = await member('', { extensions: policyExtensions(ca), subject, by });
    intermediates.push(by);
  }
  const leaf = await member('Leaf', {
    by,
    extensions: {
      basicConstraints: undefined,
      keyUsage: undefined,
      policies: policies && policiesExtension(policies),
    },
  });
  return { leaf, intermediates, anchors: [root] };
}

t.test('OpenSSL says the same of any policies', { skip: opensslMissing }, async (t) => {
  const seen = { true: 0, false: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(arbitraryCa, { minLength: 1, maxLength: 4 }),
      fc.option(some([ANY_POLICY, ...NAMED]), { nil: undefined, freq: 8 }),
      fc.oneof(fc.constant([ANY_POLICY]), some(NAMED)),
      fc.record({ isExplicit: fc.boolean(), noMapping: fc.boolean(), noAny: fc.boolean() }),
      async (cas, leafPolicies, initialPolicies, { isExplicit, noMapping, noAny }) => {
        const isInhibited = noAny || cas.some((ca) => ca.noAny !== undefined);
        const fair = cas.map((ca) => withoutInhibitedMapping(ca, isInhibited));
        const given = await craft(fair, leafPolicies);
        const policies = {
          initialPolicies,
          explicitPolicy: isExplicit,
          policyMappingInhibit: noMapping,
          inhibitAnyPolicy: noAny,
        };
        const { isValid, best } = await verify(keys, { ...given, options: { policies } });
        const verdict = await opensslVerdict(
          given,
          '-policy_check',
          ...initialPolicies.flatMap((policy) => ['-policy', policy]),
          ...(isExplicit ? ['-explicit_policy'] : []),
          ...(noMapping ? ['-inhibit_map'] : []),
          ...(noAny ? ['-inhibit_any'] : []),
        );
        seen[`${isValid}`] += 1;
        if (isValid === verdict.isValid) return;
        const { authority, user } = best.policies;
        throw new Error(`${isValid} ${JSON.stringify({ authority, user })}: ${verdict.message}`);
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 200) },
  );
  t.ok(seen.true > 0 && seen.false > 0, `${seen.true} accepted, ${seen.false} refused`);
});
