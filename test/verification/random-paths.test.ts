/** Random paths, beside the verdict of OpenSSL (RFC 5280 §6). */

import t from 'tap';
import * as fc from 'fast-check';
import {
  contextPrimitive,
  objectIdentifier,
  sequence,
  unsignedInteger,
} from '../../src/formats/der/writer.ts';
import { ANY_POLICY, extendedKeyUsageOid } from '../../src/formats/oids.ts';
import { parseReferenceHost } from '../../src/x509/names/reference-name.ts';
import { encodeNameConstraints } from '../../src/x509/extensions/name-constraints-writer.ts';
import { parseSubtree } from '../../src/x509/names/subtree-text.ts';
import { encodeGeneralNames } from '../../src/x509/names/general-name-encoding.ts';
import { parseGeneralNames } from '../../src/x509/names/general-name.ts';
import { craftMember, type Member } from '../ca/hierarchy.ts';
import { extension, name, validity, type CertificateParts } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { opensslMissing } from '../support/openssl.ts';
import { codesOf, extendedKeyUsage, opensslVerdict, verify, type Given } from './verifying.ts';

const { keys } = await openDomain(t);
const member = craftMember(keys);
const { serverAuth, clientAuth } = extendedKeyUsageOid;

const option = <T>(arbitrary: fc.Arbitrary<T>, freq = 6): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq });
/** Absent in two of three cases. */
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof(fc.constant(undefined), fc.constant(undefined), arbitrary);
const lists = <T extends string>(...values: readonly T[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });

const POLICIES = [ANY_POLICY, '1.2.3.1', '1.2.3.2'];
const NAMES = ['www.a.test', 'a.test', 'b.test', '*.a.test', 'x.www.a.test'];
const BASES = ['a.test', 'www.a.test', 'b.test'];

/** What one certificate has that can make a path invalid. */
const flaws = fc.record({
  isExpired: fc.constantFrom(...Array(14).fill(false), true),
  hasUnknown: fc.constantFrom(...Array(14).fill(false), true),
  isBroken: fc.constantFrom(...Array(14).fill(false), true),
  purposes: rarely(lists(serverAuth, clientAuth)),
  policies: option(lists(...POLICIES), 3),
});

const arbitraryCa = fc.record({
  flaws,
  basic: fc.constantFrom(...Array(14).fill('ca'), 'absent', 'end entity'),
  usage: fc.constantFrom(...Array(14).fill('03 02 01 06'), '03 02 01 02', '03 02 07 80', undefined),
  pathLength: option(fc.integer({ min: 0, max: 2 }), 2),
  isSelfIssued: fc.constantFrom(false, false, false, true),
  permitted: rarely(lists(...BASES)),
  // A wildcard that includes an excluded host is refused here, but not by OpenSSL (CVE-2025-61727)
  excluded: rarely(fc.constantFrom('a.test', 'b.test')),
  explicit: rarely(fc.integer({ min: 0, max: 2 })),
  noAny: rarely(fc.integer({ min: 0, max: 2 })),
});

type Flaws = typeof flaws extends fc.Arbitrary<infer T> ? T : never;
type Ca = typeof arbitraryCa extends fc.Arbitrary<infer T> ? T : never;

const partsOf = ({ isExpired, hasUnknown, purposes, policies }: Flaws): CertificateParts => ({
  ...(isExpired && { validity: validity('2020-01-01T00:00:00Z', '2026-05-01T00:00:00Z') }),
  extensions: {
    unknown: hasUnknown ? extension('1.3.6.1.4.1.32473.1', true, '05 00') : undefined,
    purposes: purposes && extendedKeyUsage(...purposes),
    policies:
      policies &&
      extension('2.5.29.32', false, sequence(...policies.map((oid) => sequence(objectIdentifier(oid))))),
  },
});

function caParts(ca: Ca): CertificateParts {
  const { basic, usage, pathLength, permitted = [], excluded, explicit, noAny } = ca;
  const { extensions, ...parts } = partsOf(ca.flaws);
  const length = basic === 'ca' && pathLength !== undefined ? [unsignedInteger(pathLength)] : [];
  const isTrue = Uint8Array.of(1, 1, 255);
  const subtrees = {
    permitted: permitted.map((base) => parseSubtree(`DNS:${base}`)),
    excluded: excluded === undefined ? [] : [parseSubtree(`DNS:${excluded}`)],
  };
  const isLimited = subtrees.permitted.length + subtrees.excluded.length > 0;
  return {
    ...parts,
    extensions: {
      ...extensions,
      basicConstraints:
        basic === 'absent'
          ? undefined
          : extension('2.5.29.19', true, sequence(...(basic === 'ca' ? [isTrue, ...length] : []))),
      keyUsage: usage === undefined ? undefined : extension('2.5.29.15', true, usage),
      constraints: isLimited ? extension('2.5.29.30', true, encodeNameConstraints(subtrees)) : undefined,
      explicit:
        explicit === undefined
          ? undefined
          : extension('2.5.29.36', true, sequence(contextPrimitive(0, Uint8Array.of(explicit)))),
      noAny: noAny === undefined ? undefined : extension('2.5.29.54', true, unsignedInteger(noAny)),
    },
  };
}

/** Returns the certificate with another last octet of its signature. */
const broken = (one: Member): Member => {
  const der = Uint8Array.from(one.der);
  der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
  const text = Buffer.from(der).toString('base64');
  return { ...one, der, pem: `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n` };
};

/** `cas` are below the root. */
async function craft(cas: readonly Ca[], leafFlaws: Flaws, names: readonly string[]): Promise<Given> {
  const root = await member('Root');
  let by = root;
  const intermediates: Member[] = [];
  for (const [depth, ca] of cas.entries()) {
    const subject = ca.isSelfIssued ? by.subject : name(`CA ${depth}`);
    const made = await member('', { ...caParts(ca), subject, by });
    intermediates.unshift(ca.flaws.isBroken ? broken(made) : made);
    by = made;
  }
  const { extensions, ...parts } = partsOf(leafFlaws);
  const leaf = await member('Leaf', {
    ...parts,
    by,
    extensions: {
      basicConstraints: undefined,
      keyUsage: extension('2.5.29.15', true, '03 02 07 80'),
      names: extension('2.5.29.17', false, encodeGeneralNames(parseGeneralNames(names))),
      ...extensions,
    },
  });
  return { leaf: leafFlaws.isBroken ? broken(leaf) : leaf, intermediates, anchors: [root] };
}

t.test('OpenSSL says the same of any path', { skip: opensslMissing }, async (t) => {
  const seen: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(
      fc.array(arbitraryCa, { maxLength: 3 }),
      flaws,
      lists(...NAMES),
      fc.constantFrom('www.a.test', 'a.test', 'y.a.test'),
      fc.record({ hasPurpose: fc.boolean(), hasHost: fc.boolean(), isExplicit: fc.boolean() }),
      async (cas, leafFlaws, names, host, { hasPurpose, hasHost, isExplicit }) => {
        const given = await craft(cas, leafFlaws, names);
        const result = await verify(keys, {
          ...given,
          options: {
            purpose: hasPurpose ? serverAuth : undefined,
            name: hasHost ? parseReferenceHost(host) : undefined,
            policies: {
              initialPolicies: [ANY_POLICY],
              explicitPolicy: isExplicit,
              policyMappingInhibit: false,
              inhibitAnyPolicy: false,
            },
          },
        });
        const verdict = await opensslVerdict(
          given,
          '-policy_check',
          '-policy',
          ANY_POLICY,
          ...(isExplicit ? ['-explicit_policy'] : []),
          ...(hasPurpose ? ['-purpose', 'sslserver'] : []),
          ...(hasHost ? ['-verify_hostname', host] : []),
        );
        for (const code of result.isValid ? ['valid'] : codesOf(result)) seen[code] = (seen[code] ?? 0) + 1;
        if (result.isValid === verdict.isValid) return;
        throw new Error(
          `${result.isValid} ${JSON.stringify(result.best.failures.map((f) => f.detail))}: ${verdict.message}`,
        );
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 200) },
  );
  t.comment(JSON.stringify(seen));
  const expected = ['valid', 'validity', 'signature', 'purpose', 'name', 'name-constraints', 'path-length'];
  for (const code of [...expected, 'ca-certificate', 'critical-extension', 'policies'])
    t.ok((seen[code] ?? 0) > 0, code);
});
