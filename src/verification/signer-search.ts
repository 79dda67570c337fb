/** Finds the certificates that may sign a CRL: valid ones below the trust anchor of the path (RFC 5280 §6.3.3 (f)). */

import type { Evaluator } from './evaluate.ts';
import { hasSameKey, type Member } from './member.ts';
import { lastOf, type PathFinder } from './paths.ts';
import type { Pool } from './pool.ts';
import type { RevocationContext } from './revocation/check-revocation.ts';

interface SignerSearch {
  readonly pool: Pool;
  readonly finder: PathFinder;
  readonly evaluator: Evaluator;
}

/** The signer of a CRL has a status too, by a CRL that has a signer. */
const MAX_DEPTH = 3;
/** Certificates of one name that are tried. */
const MAX_SIGNERS = 8;

/** Each certificate is validated once for each trust anchor. */
export function createSignerSearch(
  search: SignerSearch,
  contextOf: () => RevocationContext,
): RevocationContext['signersBelow'] {
  const known = new Map<Member, Map<Member, boolean>>();
  let depth = 0;

  async function isValidBelow(member: Member, anchor: Member): Promise<boolean> {
    depth += 1;
    try {
      return depth <= MAX_DEPTH && (await hasValidPath(search, member, anchor, contextOf()));
    } finally {
      depth -= 1;
    }
  }

  return async function* signersBelow(subject, anchor) {
    for (const member of search.pool.named(subject).slice(0, MAX_SIGNERS)) {
      const below = known.get(anchor) ?? new Map<Member, boolean>();
      known.set(anchor, below);
      const before = below.get(member);
      // A CRL can be about the certificate of its own signer: it is valid unless its CRL says that it is revoked
      below.set(member, before ?? true);
      const isValid = before ?? (await isValidBelow(member, anchor));
      // What was validated with the help of an invalid certificate is validated again
      if (!isValid && before === undefined) below.clear();
      below.set(member, isValid);
      if (isValid) yield member;
    }
  };
}

async function hasValidPath(
  { finder, evaluator }: SignerSearch,
  member: Member,
  anchor: Member,
  context: RevocationContext,
): Promise<boolean> {
  for await (const path of finder.paths(member)) {
    if (!hasSameKey(lastOf(path), anchor)) continue;
    if ((await evaluator.evaluateSigner(path, context)).failures.length === 0) return true;
  }
  return false;
}
