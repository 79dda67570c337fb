/**
 * Finds the paths from a certificate to the trust anchors (RFC 4158). Names decide which certificates can follow, and their
 * order is a guess which path is valid: the checks come later.
 */

import { pause } from '../base/next-turn.ts';
import { hasSameKey, isCa, isSameCertificate, type Member } from './member.ts';
import type { Pool } from './pool.ts';
import { LIMITS } from './request.ts';
import type { Signatures } from './signatures.ts';

/** From the certificate to the trust anchor. */
export type Path = readonly [Member, ...Member[]];

export interface PathFinder {
  /** Paths whose signatures are valid; with `isUnverified`, all paths that names allow. */
  paths(leaf: Member, options?: { readonly isUnverified?: boolean }): AsyncGenerator<Path, void>;
  /** The certificates above `leaf` as far as names lead, for a leaf without any path. */
  dangling(leaf: Member): Path;
  /** Whether paths were left out because of the limits. */
  readonly isLimited: boolean;
}

export function createPathFinder(pool: Pool, signatures: Signatures, time: Date): PathFinder {
  const candidates = createCandidates(pool, time);
  let steps = 0;
  let isLimited = false;

  function mayStep(path: Path): boolean {
    steps += 1;
    if (steps <= LIMITS.steps && path.length < LIMITS.depth) return true;
    isLimited = true;
    return false;
  }

  async function* extend(path: Path, isUnverified: boolean): AsyncGenerator<Path, void> {
    const last = lastOf(path);
    await pause();
    for (const ca of candidates(last)) {
      if (!pool.anchors.has(ca) && !pool.isConnected(ca)) continue;
      if (isRepeated(path, ca)) continue;
      if (!mayStep(path)) return;
      if (!isUnverified && !(await isSigned(signatures, last, ca))) continue;
      if (pool.anchors.has(ca)) yield [...path, ca];
      else yield* extend([...path, ca], isUnverified);
    }
  }

  return {
    async *paths(leaf, { isUnverified = false } = {}) {
      const anchor = pool.named(leaf.subject).find((member) => isSameCertificate(member, leaf));
      if (anchor !== undefined && pool.anchors.has(anchor)) yield [leaf];
      yield* extend([leaf], isUnverified);
    },
    dangling: (leaf) => dangling(candidates, leaf),
    get isLimited() {
      return isLimited || signatures.isExhausted;
    },
  };
}

export const lastOf = (path: Path): Member => path.at(-1) ?? path[0];

/**
 * The names of the CAs from these certificates to their trust anchor as one text, self-issued ones left out. They are the
 * same for two certificates of one CA: every CA gives a name to one subject only (RFC 5280 §4.1.2.6).
 */
export const lineageOf = (path: readonly Member[]): string =>
  JSON.stringify(
    path.map(({ subject }) => subject).filter((name, depth, names) => name !== names[depth - 1]),
  );

const isSigned = async (signatures: Signatures, { certificate }: Member, ca: Member): Promise<boolean> =>
  (await signatures.verify(certificate, ca.certificate.subjectPublicKeyInfo)).is === 'valid';

/** RFC 4158 §5.2: a path with the same name and key twice is no better than the shorter one without the loop. */
const isRepeated = (path: Path, ca: Member): boolean =>
  path.some((member) => member.subject === ca.subject && hasSameKey(member, ca));

/** Returns the certificates that names allow as issuer, the most likely first. */
type Candidates = (member: Member) => readonly Member[];

/**
 * A search asks for them thousands of times. Validity comes first, then key identifiers, CAs, trust anchors, and a later
 * notAfter.
 */
function createCandidates(pool: Pool, time: Date): Candidates {
  const ofName = new Map<string, readonly Member[]>();
  const ofMember = new Map<Member, readonly Member[]>();
  const ranked = (name: string): readonly Member[] => {
    const found = ofName.get(name) ?? pool.named(name).toSorted(byRank(pool));
    ofName.set(name, found);
    return found;
  };
  return (member) => {
    const rankOf = (ca: Member): number => (isValidAt(ca, time) ? 0 : 2) + (isIdentified(member, ca) ? 0 : 1);
    const known = ofMember.get(member);
    if (known !== undefined) return known;
    const groups = Map.groupBy(ranked(member.issuer), rankOf);
    const found = [0, 1, 2, 3].flatMap((rank) => groups.get(rank) ?? []);
    ofMember.set(member, found);
    return found;
  };
}

/** Each criterion decides among those that are equal by the ones before it. */
function byRank({ anchors }: Pool): (a: Member, b: Member) => number {
  const criteria = [isCa, (ca: Member) => anchors.has(ca)];
  return (a, b) => {
    for (const isBetter of criteria) {
      const difference = Number(isBetter(b)) - Number(isBetter(a));
      if (difference !== 0) return difference;
    }
    return b.certificate.validity.notAfter.getTime() - a.certificate.validity.notAfter.getTime() || 0;
  };
}

export const isValidAt = ({ certificate: { validity } }: Member, time: Date): boolean =>
  validity.notBefore <= time && time <= validity.notAfter;

/** RFC 4158 §3.5.12: key identifiers are hints only. */
function isIdentified({ facts }: Member, ca: Member): boolean {
  const expected = facts.authorityKeyIdentifier?.keyIdentifier;
  const own = ca.facts.subjectKeyIdentifier;
  return expected === undefined || own === undefined || Buffer.compare(expected, own) === 0;
}

function dangling(candidates: Candidates, leaf: Member): Path {
  let path: Path = [leaf];
  for (;;) {
    const next = candidates(lastOf(path)).find((ca) => !isRepeated(path, ca));
    if (next === undefined || path.length >= LIMITS.depth) return path;
    path = [...path, next];
  }
}
