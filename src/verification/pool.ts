/** The certificates that paths are built from, by their names. */

import type { Member } from './member.ts';
import type { VerificationRequest } from './request.ts';

export interface Pool {
  readonly anchors: ReadonlySet<Member>;
  /** Certificates whose subject is this name, each once; trust anchors first. */
  named(subject: string): readonly Member[];
  /** Whether names lead from this certificate to a trust anchor. */
  isConnected(member: Member): boolean;
}

export function createPool({
  anchors,
  intermediates,
}: Pick<VerificationRequest, 'anchors' | 'intermediates'>): Pool {
  const members = unique([...anchors, ...intermediates]);
  const bySubject = Map.groupBy(members, ({ subject }) => subject);
  const connected = connectedNames(members);
  return {
    anchors: new Set(members.filter(({ source }) => source === 'anchors')),
    named: (subject) => bySubject.get(subject) ?? [],
    isConnected: (member) => connected.has(member.issuer),
  };
}

/** A certificate that was given twice counts once. */
function unique(members: readonly Member[]): readonly Member[] {
  const known = new Map<string, Member>();
  for (const member of members) {
    const key = Buffer.from(member.certificate.der).toString('latin1');
    if (!known.has(key)) known.set(key, member);
  }
  return [...known.values()];
}

/** The subjects of trust anchors, and of certificates that such a subject issued, and so on. */
function connectedNames(members: readonly Member[]): ReadonlySet<string> {
  const byIssuer = Map.groupBy(members, ({ issuer }) => issuer);
  const names = new Set(members.filter(({ source }) => source === 'anchors').map(({ subject }) => subject));
  // A Set also iterates over the elements that are added meanwhile
  for (const name of names) for (const { subject } of byIssuer.get(name) ?? []) names.add(subject);
  return names;
}
