/** Finds the certificates that may sign a CRL: valid ones below the trust anchor of the path (RFC 5280 §6.3.3 (f)). */

import type { Evaluator } from './evaluate.ts';
import { hasSameKey, type Member } from './member.ts';
import { lastOf, type PathFinder } from './paths.ts';
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

/** Each certificate is validated once for each trust anchor. */
export function createSignerSearch(parts: Parts, contextOf: () => RevocationContext): SignerSearch {
  const known = new Map<Member, Map<Member, State>>();
  const budget = createBudget();
  let depth = 0;

  async function hasValidPath(member: Member, anchor: Member): Promise<boolean> {
    for await (const path of parts.finder.paths(member)) {
      if (!hasSameKey(lastOf(path), anchor)) continue;
      if (!budget.take()) return false;
      const { failures } = await parts.evaluator.evaluateSigner(path, contextOf());
      if (failures.length === 0) return true;
    }
    return false;
  }

  async function validate(member: Member, anchor: Member, states: Map<Member, State>): Promise<State> {
    const before = states.get(member);
    if (before !== undefined) return before;
    // Not the last word: a search that is less deep can decide it
    if (depth >= MAX_DEPTH) return 'invalid';
    states.set(member, 'open');
    depth += 1;
    const isValid = await hasValidPath(member, anchor).finally(() => (depth -= 1));
    // What was validated with the help of an invalid certificate is validated again
    if (!isValid) for (const [other, state] of states) if (state !== 'open') states.delete(other);
    states.set(member, isValid ? 'valid' : 'invalid');
    return isValid ? 'valid' : 'invalid';
  }

  return {
    async *signersBelow(subject, anchor) {
      const states = known.get(anchor) ?? new Map<Member, State>();
      known.set(anchor, states);
      for (const member of parts.pool.named(subject).slice(0, MAX_SIGNERS)) {
        const state = await validate(member, anchor, states);
        if (state !== 'invalid') yield { member, isUnproven: state === 'open' };
      }
    },
    get isLimited() {
      return budget.isExceeded;
    },
  };
}
