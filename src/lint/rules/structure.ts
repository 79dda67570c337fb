/** Content that cannot be parsed breaks one of these rules; its other rules have nothing to check. */

import type { RuleFacts, SignedKind } from '../rule.ts';

export interface StructureRule extends RuleFacts {
  readonly kind: SignedKind;
}

const structureRule = (
  kind: SignedKind,
  id: string,
  clause: string,
  where: string,
  name: string,
): StructureRule => ({
  kind,
  id,
  clause: `${clause}, X.690 §10`,
  severity: 'error',
  where,
  requires: `${name} must have the structure of its type, in DER`,
});

export const STRUCTURE_RULES: readonly StructureRule[] = Object.freeze([
  structureRule('certificate', 'rfc5280-structure', 'RFC 5280 §4.1', 'tbsCertificate', 'A certificate'),
  structureRule(
    'certification-request',
    'rfc2986-structure',
    'RFC 2986 §4.1',
    'certificationRequestInfo',
    'A request',
  ),
  structureRule('certificate-list', 'rfc5280-crl-structure', 'RFC 5280 §5.1', 'tbsCertList', 'A CRL'),
  structureRule(
    'ocsp-response',
    'rfc6960-structure',
    'RFC 6960 §4.2.1',
    'tbsResponseData',
    'An OCSP response',
  ),
]);

/** Every kind has a rule for its structure. */
export function structureRuleOf(kind: SignedKind): StructureRule {
  const found = STRUCTURE_RULES.find((rule) => rule.kind === kind);
  if (found === undefined) throw new Error(`${kind} has no rule for its structure`);
  return found;
}
