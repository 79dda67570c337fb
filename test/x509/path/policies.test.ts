/** The certificate policies of a path, beside the verdict of OpenSSL (RFC 5280 §6.1). */

import t from 'tap';
import * as fc from 'fast-check';
import { checkDer } from '../../../src/formats/der/strict.ts';
import { readCertificate } from '../../../src/x509/certificate.ts';
import type { IssuingPath } from '../../../src/x509/path/issuing-path.ts';
import { requirePolicies } from '../../../src/x509/path/policies.ts';
import { craftMember, type Member } from '../../ca/hierarchy.ts';
import { name } from '../../support/crafted.ts';
import { openDomain } from '../../support/domain.ts';
import { openssl, opensslMissing } from '../../support/openssl.ts';
import {
  policiesExtension,
  policyExtensions,
  withoutInhibitedMapping,
  type PolicyExtensions,
} from '../../support/policy-extensions.ts';

const { keys } = await openDomain(t);
const member = craftMember(keys);

const ANY = '2.5.29.32.0';
const POLICIES = [ANY, '1.2.3.1', '1.2.3.2', '1.2.3.3'];

interface Ca extends PolicyExtensions {
  readonly isSelfIssued?: boolean | undefined;
}

/** `cas` are from the root to the issuer. Returns the path from the issuer, and a leaf below it. */
async function craft(cas: readonly Ca[], leafPolicies: readonly string[]) {
  let by: Member | undefined;
  const path: Member[] = [];
  for (const [depth, ca] of cas.entries()) {
    const subject = ca.isSelfIssued === true && by ? by.subject : name(`CA ${depth}`);
    by = await member('', { extensions: policyExtensions(ca), subject, ...(by && { by }) });
    path.unshift(by);
  }
  const leaf = await member('Leaf', {
    ...(by && { by }),
    extensions: {
      basicConstraints: undefined,
      keyUsage: undefined,
      policies: leafPolicies.length === 0 ? undefined : policiesExtension(leafPolicies),
    },
  });
  return { path, leaf };
}

function isAllowed(path: readonly Member[], policies: readonly string[]): boolean {
  const [issuer, ...above] = path.map(({ der }) => readCertificate(checkDer(der)));
  if (issuer === undefined) throw new RangeError('A path has an issuer');
  const whole: IssuingPath = [issuer, ...above];
  try {
    requirePolicies(whole, policies);
    return true;
  } catch {
    return false;
  }
}

async function isAllowedByOpenssl(path: readonly Member[], leaf: Member): Promise<boolean> {
  const files = { root: path.at(-1)?.pem ?? '', chain: path.map(({ pem }) => pem).join(''), leaf: leaf.pem };
  const args = `verify -policy_check -policy ${ANY} -CAfile root -untrusted chain leaf`.split(' ');
  const { code, stderr } = await openssl(args, { files });
  if (code !== 0 && !/error (?:42|43) /.test(stderr)) throw new Error(stderr);
  return code === 0;
}

const count = fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined, freq: 2 });
const list = (values: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const named = fc.constantFrom('1.2.3.1', '1.2.3.2', '1.2.3.3');
const mapping = fc.tuple(named, named);
const arbitraryCa: fc.Arbitrary<Ca> = fc.record({
  policies: fc.option(list(POLICIES), { nil: undefined, freq: 6 }),
  mappings: fc.option(
    fc.uniqueArray(mapping, { minLength: 1, maxLength: 2, selector: ([from, to]) => `${from} ${to}` }),
    { nil: undefined, freq: 2 },
  ),
  explicit: count,
  noMapping: count,
  noAny: count,
  isSelfIssued: fc.boolean(),
});

t.test('OpenSSL says the same of any path', { skip: opensslMissing }, async (t) => {
  const seen = { true: 0, false: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(arbitraryCa, { minLength: 2, maxLength: 4 }),
      fc.option(list(POLICIES), { nil: [] }),
      async ([root = {}, ...below], leafPolicies) => {
        const given = [{ ...root, isSelfIssued: false }, ...below];
        const isInhibited = given.some(({ noAny }) => noAny !== undefined);
        const cas = given.map((ca) => withoutInhibitedMapping<Ca>(ca, isInhibited));
        const { path, leaf } = await craft(cas, leafPolicies);
        const isAccepted = isAllowed(path, leafPolicies);
        seen[`${isAccepted}`] += 1;
        return isAccepted === (await isAllowedByOpenssl(path, leaf));
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 150) },
  );
  t.ok(seen.true > 0 && seen.false > 0, `${seen.true} accepted, ${seen.false} refused`);
});

t.test('an error names the policies that the CAs require', async (t) => {
  const of = async (...cas: readonly Ca[]) => {
    const { path } = await craft(cas, []);
    const [issuer, ...above] = path.map(({ der }) => readCertificate(checkDer(der)));
    return () => issuer && requirePolicies([issuer, ...above], []);
  };
  const explicit = 0;
  const refusal = (message: RegExp) => ({ code: 'unsuitable-issuer', message });
  t.throws(
    await of({}, { explicit, policies: ['1.2.3.1', '1.2.3.2'] }),
    refusal(/one of: 1\.2\.3\.1, 1\.2\.3\.2$/),
  );
  t.throws(await of({}, { explicit, policies: [ANY] }), refusal(/one of: anyPolicy$/));
  t.throws(await of({}, { explicit }), refusal(/no policy in common/));
  const many = Array.from({ length: 6 }, (_, i) => `1.2.4.${i}`);
  t.throws(await of({}, { explicit, policies: many }), refusal(/1\.2\.4\.4, …$/));
  t.doesNotThrow(await of({ explicit }), 'a trust anchor alone');
  t.doesNotThrow(await of({}, { explicit: 2 }));
});
