/** Rules of certificate profiles, which the linter has. Those that verification adds are in `profile-rules.ts`. */

import { certificateFindings } from '../../lint/received.ts';
import type { Finding } from '../../lint/rule.ts';
import type { Failure } from '../checks.ts';
import type { Member } from '../member.ts';
import type { Path } from '../paths.ts';
import type { VerificationRequest } from '../request.ts';
import { brokenRules, isRequired, positionOf } from './profile-rules.ts';

export type ConformanceChecker = (
  path: Path,
  member: Member,
  request: VerificationRequest,
) => Promise<readonly Failure[]>;

/** Lints each certificate once. */
export function createConformanceChecker(): ConformanceChecker {
  const known = new Map<Member, Promise<readonly Finding[]>>();
  const findingsOf = (member: Member): Promise<readonly Finding[]> => {
    const findings = known.get(member) ?? certificateFindings(member.certificate, member.notes);
    known.set(member, findings);
    return findings;
  };
  return async (path, member, { profile }) => {
    if (profile === 'path') return [];
    const position = positionOf(path, member);
    const found = await findingsOf(member);
    const findings = found.filter((finding) => isRequired(finding, profile, position));
    return [
      ...findings.map((finding) => failureOf(finding, member)),
      ...brokenRules(member, profile, position),
    ];
  };
}

const failureOf = ({ rule, clause, where }: Finding, member: Member): Failure => ({
  code: 'profile',
  clause,
  member,
  detail: `${where === '' ? 'The certificate' : where} breaks the rule ${rule}`,
  rule,
});
