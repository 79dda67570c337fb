/**
 * The certificate policies that a path allows (RFC 5280 §6.1.2-§6.1.5), for relying parties that accept any policy. The
 * clause keeps a tree of policies; only its lowest level decides, so it is a set here.
 */

import { PkiError } from '../../base/errors.ts';
import type { Der } from '../../formats/der/header.ts';
import { ANY_POLICY, extensionOid, oidName } from '../../formats/oids.ts';
import type { Certificate } from '../certificate.ts';
import { readPolicyIdentifiers } from '../extensions/certificate-policies.ts';
import { extensionValue } from '../extensions/extension.ts';
import {
  readInhibitAnyPolicy,
  readPolicyConstraints,
  readPolicyMappings,
  type PolicyMapping,
} from '../extensions/policy-processing.ts';
import type { IssuingPath } from './issuing-path.ts';
import { isSelfIssued, isSelfSigned } from './link.ts';

/** The state variables of §6.1.2. Numbers count the certificates that can follow. */
interface State {
  /** Dotted OIDs that the next certificate can have; all of them with anyPolicy. Empty: the tree is NULL. */
  readonly expected: ReadonlySet<string>;
  readonly explicitPolicy: number;
  readonly policyMapping: number;
  readonly inhibitAnyPolicy: number;
}

const INITIAL: State = {
  expected: new Set([ANY_POLICY]),
  explicitPolicy: Infinity,
  policyMapping: Infinity,
  inhibitAnyPolicy: Infinity,
};

/**
 * `policies` are those of the certificate that the first CA of `path` is about to issue, as dotted OIDs. Throws PkiError
 * unsuitable-issuer when the CAs require a policy that the certificate does not have.
 */
export function requirePolicies(path: IssuingPath, policies: readonly string[]): void {
  // §6.1: the trust anchor is not a certificate of the path
  const processed = path.toReversed().filter((ca) => !isSelfSigned(ca));
  if (processed.every(({ extensions }) => !extensionValue(extensions, extensionOid.policyConstraints)))
    return;
  const { expected, explicitPolicy, inhibitAnyPolicy } = processed.reduce(afterCa, INITIAL);
  // §6.1.5 (a), (g)
  if (explicitPolicy > 1 || matching(policies, expected, inhibitAnyPolicy > 0).size > 0) return;
  throw new PkiError('unsuitable-issuer', explain(expected));
}

function explain(expected: ReadonlySet<string>): string {
  const required = 'The CA certificates require a certificate policy (policyConstraints)';
  if (expected.size === 0) return `${required}, but they have no policy in common`;
  const SHOWN = 5;
  const names = [...expected].slice(0, SHOWN).map(oidName);
  return `${required}; the certificate must have one of: ${names.join(', ')}${expected.size > SHOWN ? ', …' : ''}`;
}

/** §6.1.3 (d)-(f), §6.1.4 (a)-(j) */
function afterCa(state: State, ca: Certificate): State {
  const value = (oid: string): Der | undefined => extensionValue(ca.extensions, oid);
  const isCounted = !isSelfIssued(ca);
  const next = (count: number): number => (isCounted ? Math.max(count - 1, 0) : count);
  const policies = value(extensionOid.certificatePolicies);
  const mappings = value(extensionOid.policyMappings);
  const constraints = value(extensionOid.policyConstraints);
  const inhibit = value(extensionOid.inhibitAnyPolicy);
  const own = policies ? readPolicyIdentifiers(policies) : [];
  const limits = constraints ? readPolicyConstraints(constraints) : undefined;
  const found = matching(own, state.expected, state.inhibitAnyPolicy > 0 || !isCounted);
  return {
    expected: mappings ? mapped(found, readPolicyMappings(mappings), state.policyMapping > 0) : found,
    explicitPolicy: Math.min(next(state.explicitPolicy), limits?.requireExplicitPolicy ?? Infinity),
    policyMapping: Math.min(next(state.policyMapping), limits?.inhibitPolicyMapping ?? Infinity),
    inhibitAnyPolicy: Math.min(
      next(state.inhibitAnyPolicy),
      inhibit ? readInhibitAnyPolicy(inhibit) : Infinity,
    ),
  };
}

/** §6.1.3 (d): those of `policies` that are expected; with anyPolicy, all that are expected. */
function matching(
  policies: readonly string[],
  expected: ReadonlySet<string>,
  isAnyAllowed: boolean,
): ReadonlySet<string> {
  const isExpected = (oid: string): boolean =>
    oid !== ANY_POLICY && (expected.has(oid) || expected.has(ANY_POLICY));
  const found = policies.filter(isExpected);
  return new Set(policies.includes(ANY_POLICY) && isAnyAllowed ? [...expected, ...found] : found);
}

/** §6.1.4 (b): each policy becomes those that the CA maps it to, or is removed when mapping is inhibited. */
function mapped(
  found: ReadonlySet<string>,
  mappings: readonly PolicyMapping[],
  isAllowed: boolean,
): ReadonlySet<string> {
  const sources = new Set(mappings.map(({ issuerPolicy }) => issuerPolicy));
  const kept = [...found].filter((oid) => !sources.has(oid));
  if (!isAllowed) return new Set(kept);
  const applied = mappings.filter(({ issuerPolicy }) => found.has(issuerPolicy) || found.has(ANY_POLICY));
  return new Set([...kept, ...applied.map(({ subjectPolicy }) => subjectPolicy)]);
}
