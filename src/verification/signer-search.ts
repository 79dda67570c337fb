/** Finds the certificates that may sign a CRL: valid ones below the trust anchor of the path (RFC 5280 §6.3.3 (f)). */

import type { Evaluator } from './evaluate.ts';
import { hasSameKey, type Member } from './member.ts';
import { lastOf, lineageOf, type PathFinder } from './paths.ts';
import type { Pool } from './pool.ts';
import { LIMITS } from './request.ts';
import type { RevocationContext } from './revocation/check-revocation.ts';

interface Parts {
  readonly pool: Pool;
  readonly finder: PathFinder;
  readonly evaluator: Evaluator;
}

export interface SignerSearch {
  signersBelow: RevocationContext['signersBelow'];
  /** Whether paths were left out because of the limits. */
  readonly isLimited: boolean;
}

/** The signer of a CRL has a status too, by a CRL that has a signer. */
const MAX_DEPTH = 3;
/** Certificates of one name that are tried. */
const MAX_SIGNERS = 8;

type State = 'open' | 'valid' | 'invalid';

/** Counts the paths that are checked. */
function createBudget() {
  let used = 0;
  return {
    take: (): boolean => (used += 1) <= LIMITS.signerPaths,
    get isExceeded() {
      return used > LIMITS.signerPaths;
    },
  };
}

/** Where the path of a signer ends, and the names of its CAs if they must be those of another path. */
interface Goal {
  readonly anchor: Member;
  readonly lineage: string | undefined;
  /** Of the certificates that were validated for it. */
  readonly states: Map<Member, State>;
}

/** Returns each goal once. */
function createGoals(): (anchor: Member, lineage: string | undefined) => Goal {
  const goals: Goal[] = [];
  return (anchor, lineage) => {
    const found = goals.find((goal) => goal.anchor === anchor && goal.lineage === lineage);
    if (found !== undefined) return found;
    const goal = { anchor, lineage, states: new Map<Member, State>() };
    goals.push(goal);
    return goal;
  };
}

/** Each certificate is validated once for each goal. */
export function createSignerSearch(parts: Parts, contextOf: () => RevocationContext): SignerSearch {
  const goalOf = createGoals();
  const budget = createBudget();
  let depth = 0;

  async function hasValidPath(member: Member, { anchor, lineage }: Goal): Promise<boolean> {
    for await (const path of parts.finder.paths(member)) {
      if (!hasSameKey(lastOf(path), anchor)) continue;
      if (lineage !== undefined && lineageOf(path) !== lineage) continue;
      if (!budget.take()) return false;
      const { failures } = await parts.evaluator.evaluateSigner(path, contextOf());
      if (failures.length === 0) return true;
    }
    return false;
  }

  async function validate(member: Member, goal: Goal): Promise<State> {
    const { states } = goal;
    const before = states.get(member);
    if (before !== undefined) return before;
    // Not the last word: a search that is less deep can decide it
    if (depth >= MAX_DEPTH) return 'invalid';
    states.set(member, 'open');
    depth += 1;
    const isValid = await hasValidPath(member, goal).finally(() => (depth -= 1));
    // What was validated with the help of an invalid certificate is validated again
    if (!isValid) for (const [other, state] of states) if (state !== 'open') states.delete(other);
    states.set(member, isValid ? 'valid' : 'invalid');
    return isValid ? 'valid' : 'invalid';
  }

  return {
    async *signersBelow(subject, anchor, lineage) {
      const goal = goalOf(anchor, lineage);
      for (const member of parts.pool.named(subject).slice(0, MAX_SIGNERS)) {
        const state = await validate(member, goal);
        if (state !== 'invalid') yield { member, isUnproven: state === 'open' };
      }
    },
    get isLimited() {
      return budget.isExceeded;
    },
  };
}
