/** Name constraints (RFC 5280 §6.1.3 (b), (c)), those of the trust anchor included (RFC 5937 §3.2). */

import { PkiError } from '../../base/errors.ts';
import { pause } from '../../base/next-turn.ts';
import { requireNames } from '../../x509/path/path-validation.ts';
import { failure, type Failure } from '../checks.ts';
import { isCa, type Member } from '../member.ts';
import type { Path } from '../paths.ts';
import { LIMITS } from '../request.ts';

export type NameChecker = (path: Path) => Promise<readonly Failure[]>;

/** Checks each certificate once below each CA, and no more than the limit of comparisons. */
export function createNameChecker(): NameChecker {
  const known = new Map<Member, Map<Member, readonly Failure[]>>();
  let comparisons = 0;
  async function check(ca: Member, below: Member): Promise<readonly Failure[]> {
    const ofCa = known.get(ca) ?? new Map<Member, readonly Failure[]>();
    known.set(ca, ofCa);
    const before = ofCa.get(below);
    if (before !== undefined) return before;
    comparisons += sizeOf(ca, below);
    const failures = comparisons > LIMITS.comparisons ? [tooMany(below)] : failuresOf(ca, below);
    ofCa.set(below, failures);
    await pause();
    return failures;
  }
  return async (path) => {
    const failures: Failure[] = [];
    for (const [depth, ca] of path.entries()) {
      if (depth === 0 || ca.facts.nameConstraints === undefined) continue;
      const limited = path.slice(0, depth).filter((member, index) => index === 0 || !member.isSelfIssued);
      for (const below of limited) failures.push(...(await check(ca, below)));
    }
    return failures;
  };
}

const tooMany = (member: Member): Failure =>
  failure('search-limit', member, `More than ${LIMITS.comparisons} comparisons of names are needed`);

/** An upper bound: every attribute and name has three octets or more. No pair is compared beyond a limit of its own. */
const MAX_PAIR = 250_000;

function sizeOf({ facts }: Member, { certificate, facts: below }: Member): number {
  const { permitted = [], excluded = [] } = facts.nameConstraints ?? {};
  const names = (below.names?.length ?? 0) + certificate.subject.length / 3;
  return Math.min(names * (permitted.length + excluded.length), MAX_PAIR);
}

function failuresOf({ facts: { nameConstraints } }: Member, below: Member): readonly Failure[] {
  try {
    if (nameConstraints !== undefined) requireNames(nameConstraints, below.certificate, !isCa(below));
    return [];
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return [failure('name-constraints', below, error.message)];
  }
}
