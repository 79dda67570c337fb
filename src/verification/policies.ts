/**
 * The certificate policies of a path (RFC 5280 §6.1.2-§6.1.5), as a graph with one node for each policy and certificate
 * (RFC 9618 §5): its size is linear in that of the certificates, which a tree's is not.
 */

import { pause } from '../base/next-turn.ts';
import { ANY_POLICY, oidName } from '../formats/oids.ts';
import { failure, type Failure } from './checks.ts';
import type { Member } from './member.ts';
import type { Path } from './paths.ts';
import type { PolicyInputs } from './request.ts';

interface Node {
  /** Policies that the next certificate can have for this one (expected_policy_set). */
  expected: ReadonlySet<string>;
  /** Valid policies of the parents, which are in the level before. */
  readonly parents: Set<string>;
}

/** The nodes of one depth, by their valid_policy. Without any, the graph is NULL. */
type Level = Map<string, Node>;

interface State {
  readonly levels: Level[];
  explicitPolicy: number;
  policyMapping: number;
  inhibitAnyPolicy: number;
}

export interface PolicyResult {
  /** Whether the path must have a policy (explicit_policy is 0). */
  readonly isRequired: boolean;
  /** The policies of the trust anchor's domain that the path is valid for, as dotted OIDs. */
  readonly authority: readonly string[];
  /** Those of them that the caller accepts. */
  readonly user: readonly string[];
  readonly failures: readonly Failure[];
}

/** Processes the certificates below the trust anchor, with a pause after each: it can have 5,000 policies. */
export async function processPolicies(path: Path, inputs: PolicyInputs): Promise<PolicyResult> {
  const certificates = path.slice(0, -1).toReversed();
  const state = initialState(inputs, certificates.length);
  const failures: Failure[] = [];
  for (const [index, member] of certificates.entries()) {
    const isLast = index === certificates.length - 1;
    addLevel(state, member, isLast);
    if (isLast) wrapUp(state, member);
    else failures.push(...prepareNext(state, member));
    await pause();
  }
  const authority = authorityPolicies(state.levels);
  const user = userPolicies(authority, inputs.initialPolicies);
  const isRequired = state.explicitPolicy === 0;
  // §6.1.5 (g)
  if (isRequired && user.length === 0 && certificates.length > 0)
    failures.push(failure('policies', path[0], explain(authority, inputs)));
  return { isRequired, authority, user, failures };
}

/** §6.1.2 (a), (d)-(f) */
function initialState(inputs: PolicyInputs, length: number): State {
  const none = length + 1;
  return {
    levels: [new Map([[ANY_POLICY, { expected: new Set([ANY_POLICY]), parents: new Set() }]])],
    explicitPolicy: inputs.explicitPolicy ? 0 : none,
    policyMapping: inputs.policyMappingInhibit ? 0 : none,
    inhibitAnyPolicy: inputs.inhibitAnyPolicy ? 0 : none,
  };
}

/** §6.1.3 (d)-(f), RFC 9618 §5.2 */
function addLevel(state: State, { facts, isSelfIssued }: Member, isLast: boolean): void {
  const above = state.levels.at(-1) ?? new Map<string, Node>();
  const level: Level = new Map();
  state.levels.push(level);
  const { policies } = facts;
  if (policies === undefined || above.size === 0) return;
  const expecting = expectingNodes(above);
  for (const policy of policies) {
    if (policy === ANY_POLICY) continue;
    const parents = expecting.get(policy) ?? (above.has(ANY_POLICY) ? [ANY_POLICY] : []);
    if (parents.length > 0) addNode(level, policy, parents);
  }
  const isAnyAllowed = state.inhibitAnyPolicy > 0 || (!isLast && isSelfIssued);
  if (!policies.includes(ANY_POLICY) || !isAnyAllowed) return;
  for (const [policy, parents] of expecting) if (!level.has(policy)) addNode(level, policy, parents);
}

const addNode = (level: Level, policy: string, parents: readonly string[]): unknown =>
  level.set(policy, { expected: new Set([policy]), parents: new Set(parents) });

/** Each expected policy, with the valid policies of the nodes that expect it. */
function expectingNodes(level: Level): ReadonlyMap<string, readonly string[]> {
  const nodes = new Map<string, string[]>();
  for (const [valid, { expected }] of level) {
    for (const policy of expected) {
      const known = nodes.get(policy);
      if (known === undefined) nodes.set(policy, [valid]);
      else known.push(valid);
    }
  }
  return nodes;
}

/** §6.1.4 (a), (b), (h)-(j) */
function prepareNext(state: State, member: Member): readonly Failure[] {
  const { mappings = [], policyConstraints, inhibitAnyPolicy } = member.facts;
  const isAny = mappings.some(
    ({ issuerPolicy, subjectPolicy }) => issuerPolicy === ANY_POLICY || subjectPolicy === ANY_POLICY,
  );
  applyMappings(state, member);
  if (!member.isSelfIssued) countDown(state);
  const { requireExplicitPolicy = Infinity, inhibitPolicyMapping = Infinity } = policyConstraints ?? {};
  state.explicitPolicy = Math.min(state.explicitPolicy, requireExplicitPolicy);
  state.policyMapping = Math.min(state.policyMapping, inhibitPolicyMapping);
  state.inhibitAnyPolicy = Math.min(state.inhibitAnyPolicy, inhibitAnyPolicy ?? Infinity);
  if (!isAny) return [];
  return [failure('policy-mappings', member, 'The policyMappings map from or to anyPolicy')];
}

function countDown(state: State): void {
  state.explicitPolicy = Math.max(state.explicitPolicy - 1, 0);
  state.policyMapping = Math.max(state.policyMapping - 1, 0);
  state.inhibitAnyPolicy = Math.max(state.inhibitAnyPolicy - 1, 0);
}

/** §6.1.4 (b), RFC 9618 §5.3 */
function applyMappings({ levels, policyMapping }: State, { facts: { mappings = [] } }: Member): void {
  const level = levels.at(-1) ?? new Map<string, Node>();
  const targets = Map.groupBy(mappings, ({ issuerPolicy }) => issuerPolicy);
  for (const [policy, mapped] of targets) {
    if (policyMapping === 0) {
      level.delete(policy);
      continue;
    }
    if (policy === ANY_POLICY) continue;
    if (!level.has(policy) && level.has(ANY_POLICY)) addNode(level, policy, [ANY_POLICY]);
    const node = level.get(policy);
    if (node !== undefined) node.expected = new Set(mapped.map(({ subjectPolicy }) => subjectPolicy));
  }
}

/** §6.1.5 (a), (b) */
function wrapUp(state: State, { facts: { policyConstraints } }: Member): void {
  state.explicitPolicy = Math.max(state.explicitPolicy - 1, 0);
  if (policyConstraints?.requireExplicitPolicy === 0) state.explicitPolicy = 0;
}

/** RFC 9618 §5.4: policies with anyPolicy as parent, of those that lead to the last certificate. */
function authorityPolicies(levels: readonly Level[]): readonly string[] {
  const found = new Set<string>();
  let living = new Set(levels.at(-1)?.keys());
  if (living.has(ANY_POLICY)) found.add(ANY_POLICY);
  for (const level of levels.toReversed()) {
    const above = new Set<string>();
    for (const policy of living) {
      const parents = level.get(policy)?.parents ?? [];
      for (const parent of parents) {
        above.add(parent);
        if (parent === ANY_POLICY && policy !== ANY_POLICY) found.add(policy);
      }
    }
    living = above;
  }
  return [...found];
}

function userPolicies(authority: readonly string[], initial: readonly string[]): readonly string[] {
  if (initial.includes(ANY_POLICY)) return authority;
  return authority.includes(ANY_POLICY)
    ? [...new Set(initial)]
    : authority.filter((policy) => initial.includes(policy));
}

const SHOWN = 5;

function explain(authority: readonly string[], { initialPolicies }: PolicyInputs): string {
  const names = authority.slice(0, SHOWN).map(oidName).join(', ');
  if (authority.length === 0)
    return 'A certificate policy is required, but the certificates have none in common';
  const accepted = initialPolicies.slice(0, SHOWN).map(oidName).join(', ');
  return `The path is valid for the certificate policies ${names}, but accepted are only ${accepted}`;
}
