/** Which rules of the linter a profile requires, and rules that relying parties have beside them. */

import { extensionOid } from '../../formats/oids.ts';
import type { Finding } from '../../lint/rule.ts';
import type { Failure } from '../checks.ts';
import { isCa, type Member } from '../member.ts';
import { lastOf, type Path } from '../paths.ts';
import type { VerificationProfile } from '../request.ts';
import { alternativeNameFault, constraintFault } from './name-syntax.ts';
import { isNotCritical, type Position, type ProfileRule } from './rule.ts';
import { WEBPKI_RULES } from './webpki-rules.ts';

/**
 * Rules of which the breach makes a certificate invalid in the profile `rfc5280`. Those that are left out are common in
 * certificates in use, such as a CA without keyUsage, or are checked as a part of the algorithm.
 */
const RFC5280: ReadonlySet<string> = new Set([
  'rfc5280-version',
  'rfc5280-serial-positive',
  'rfc5280-serial-length',
  'rfc5280-signature-algorithm',
  'rfc5280-issuer-not-empty',
  'rfc5280-authority-key-identifier',
  'rfc5280-authority-key-identifier-not-critical',
  'rfc5280-ca-subject-key-identifier',
  'rfc5280-subject-key-identifier-not-critical',
  'rfc5280-key-cert-sign-needs-ca',
  'rfc5280-ca-basic-constraints-critical',
  'rfc5280-ca-subject-not-empty',
  'rfc5280-name-constraints',
  'rfc5280-extension-value',
  'rfc5280-subject-or-names',
  'rfc5280-names-critical-without-subject',
  'rfc5280-public-key-value',
  'rfc5280-authority-information-access',
  'rfc5280-crl-distribution-points',
  'rfc5280-certificate-policies',
  'rfc9608-no-rev-avail-value',
  'rfc9608-no-rev-avail-not-ca',
  'rfc9608-no-rev-avail-alone',
  'rfc9881-key-usage',
  'rfc9881-signature-parameters-absent',
  'certificate-version',
  'unreadable-value',
  'unreadable-name',
  'unreadable-key',
]);

/** Baseline Requirements §7.1.2.5.2: a CA may mark nameConstraints as not critical. It is read in any case. */
const NOT_WEBPKI: ReadonlySet<string> = new Set(['rfc5280-name-constraints']);

/** RFC 5280 §4.2.1.1: it helps to find the issuer, and a trust anchor needs none. */
const NOT_ANCHOR: ReadonlySet<string> = new Set(['rfc5280-authority-key-identifier']);

export const isRequired = (
  { rule }: Finding,
  profile: VerificationProfile,
  { isAnchor }: Position,
): boolean =>
  RFC5280.has(rule) && !(profile === 'webpki' && NOT_WEBPKI.has(rule)) && !(isAnchor && NOT_ANCHOR.has(rule));

export const positionOf = (path: Path, member: Member): Position => ({
  isLeaf: member === path[0],
  isAnchor: member === lastOf(path),
});

const RFC5280_RULES: readonly ProfileRule[] = [
  {
    id: 'rfc5280-inhibit-any-policy-critical',
    clause: 'RFC 5280 §4.2.1.14',
    fault: (member) =>
      isNotCritical(member.certificate, extensionOid.inhibitAnyPolicy)
        ? 'The extension inhibitAnyPolicy is not critical'
        : undefined,
  },
  {
    id: 'rfc5280-name-constraints-not-in-end-entity',
    clause: 'RFC 5280 §4.2.1.10',
    fault: (member) =>
      member.facts.nameConstraints !== undefined && !isCa(member)
        ? 'A certificate that is not one of a CA has nameConstraints'
        : undefined,
  },
  {
    id: 'rfc5280-name-constraint-syntax',
    clause: 'RFC 5280 §4.2.1.10',
    fault: ({ facts: { nameConstraints } }) => nameConstraints && constraintFault(nameConstraints),
  },
  {
    id: 'rfc5280-alternative-name-syntax',
    clause: 'RFC 5280 §4.2.1.6',
    fault: ({ facts: { names } }) => names && alternativeNameFault(names),
  },
];

export function brokenRules(
  member: Member,
  profile: VerificationProfile,
  position: Position,
): readonly Failure[] {
  const rules = profile === 'webpki' ? [...RFC5280_RULES, ...WEBPKI_RULES] : RFC5280_RULES;
  return rules.flatMap(({ id, clause, fault }) => {
    const detail = fault(member, position);
    return detail === undefined ? [] : { code: 'profile' as const, clause, member, detail, rule: id };
  });
}
