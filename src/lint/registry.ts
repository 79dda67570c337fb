/** The one list of all rules, by what they are about. */

import { ALTERNATIVE_NAME_RULES } from './rules/alternative-names.ts';
import { KEY_STRENGTH_RULES, SIGNATURE_STRENGTH_RULES } from './rules/algorithms.ts';
import { ATTRIBUTE_RULES, ISSUER_ATTRIBUTE_RULES } from './rules/attributes.ts';
import { SMIME_KEY_RULES, SMIME_RULES, SMIME_SIGNATURE_RULES } from './rules/cabf-smime.ts';
import { TLS_EXTENSION_RULES, TLS_NAME_RULES } from './rules/cabf-tls-content.ts';
import {
  TLS_CA_RULES,
  TLS_CERTIFICATE_RULES,
  TLS_END_ENTITY_RULES,
  TLS_KEY_RULES,
  TLS_LIST_RULES,
  TLS_OCSP_RULES,
  TLS_SIGNATURE_RULES,
} from './rules/cabf-tls.ts';
import { CERTIFICATE_LIST_RULES } from './rules/certificate-list.ts';
import { CNSA2_KEY_RULES, CNSA2_RULES, CNSA2_SIGNATURE_RULES } from './rules/cnsa2.ts';
import { ACCESS_RULES, DISTRIBUTION_RULES, OTHER_EXTENSION_RULES } from './rules/distribution.ts';
import { ENCODING_RULES } from './rules/encoding.ts';
import { FIELD_RULES } from './rules/fields.ts';
import { KEY_IDENTIFIER_RULES, VALUE_RULES } from './rules/key-identifiers.ts';
import { CA_RULES, USAGE_RULES } from './rules/key-usage.ts';
import { NAME_CONSTRAINT_RULES } from './rules/name-constraints.ts';
import { OCSP_ENVELOPE_RULES, RECEIVED_OCSP_RULES } from './rules/ocsp-envelope.ts';
import { OCSP_RULES } from './rules/ocsp.ts';
import { POLICY_LIMIT_RULES, POLICY_MAPPING_RULES, POLICY_RULES } from './rules/policies.ts';
import { KEM_REQUEST_RULES, POST_QUANTUM_KEY_RULES, SIGNATURE_RULES } from './rules/post-quantum.ts';
import { END_ENTITY_RULES, PURPOSE_RULES, SVID_RULES } from './rules/purposes.ts';
import { REQUEST_ONLY_RULES } from './rules/requests.ts';
import { RELATED_RULES, RESPONDER_RULES, REVOCATION_RULES } from './rules/revocation.ts';
import { SERVER_RULES } from './rules/server-names.ts';
import { STRUCTURE_RULES } from './rules/structure.ts';
import { SUBJECT_NAME_RULES, SUBJECT_RULES } from './rules/subject.ts';
import type { CertificateListView } from './certificate-list-view.ts';
import type { OcspView } from './ocsp-view.ts';
import type { LintProfile, Rule, RuleFacts, Severity, SignedKind } from './rule.ts';
import type { CertificateView, NamedKeyView, RequestView, SignedView } from './views.ts';

export { OCSP_ENVELOPE_RULES };

/** Of everything that is signed. */
const SIGNED: readonly Rule<SignedView>[] = [
  ...ENCODING_RULES,
  ...SIGNATURE_RULES,
  ...SIGNATURE_STRENGTH_RULES,
  ...CNSA2_SIGNATURE_RULES,
  ...TLS_SIGNATURE_RULES,
  ...SMIME_SIGNATURE_RULES,
];

/** Of certificates and requests. */
const NAMED_KEY: readonly Rule<NamedKeyView>[] = [
  ...SUBJECT_RULES,
  ...SUBJECT_NAME_RULES,
  ...ATTRIBUTE_RULES,
  ...ALTERNATIVE_NAME_RULES,
  ...VALUE_RULES,
  ...USAGE_RULES,
  ...PURPOSE_RULES,
  ...POST_QUANTUM_KEY_RULES,
  ...KEY_STRENGTH_RULES,
  ...CNSA2_KEY_RULES,
  ...TLS_KEY_RULES,
  ...SMIME_KEY_RULES,
];

interface RulesByKind {
  readonly certificate: readonly Rule<CertificateView>[];
  readonly 'certification-request': readonly Rule<RequestView>[];
  readonly 'certificate-list': readonly Rule<CertificateListView>[];
  readonly 'ocsp-response': readonly Rule<OcspView>[];
}

export const RULES: RulesByKind = Object.freeze({
  certificate: [
    ...SIGNED,
    ...FIELD_RULES,
    ...KEY_IDENTIFIER_RULES,
    ...CA_RULES,
    ...NAME_CONSTRAINT_RULES,
    ...POLICY_RULES,
    ...POLICY_MAPPING_RULES,
    ...POLICY_LIMIT_RULES,
    ...END_ENTITY_RULES,
    ...SVID_RULES,
    ...REVOCATION_RULES,
    ...RESPONDER_RULES,
    ...RELATED_RULES,
    ...DISTRIBUTION_RULES,
    ...ACCESS_RULES,
    ...OTHER_EXTENSION_RULES,
    ...ISSUER_ATTRIBUTE_RULES,
    ...SERVER_RULES,
    ...CNSA2_RULES,
    ...TLS_CERTIFICATE_RULES,
    ...TLS_END_ENTITY_RULES,
    ...TLS_CA_RULES,
    ...TLS_NAME_RULES,
    ...TLS_EXTENSION_RULES,
    ...SMIME_RULES,
    ...NAMED_KEY,
  ],
  'certification-request': [...SIGNED, ...REQUEST_ONLY_RULES, ...KEM_REQUEST_RULES, ...NAMED_KEY],
  'certificate-list': [...SIGNED, ...CERTIFICATE_LIST_RULES, ...TLS_LIST_RULES],
  'ocsp-response': [...SIGNED, ...OCSP_RULES, ...RECEIVED_OCSP_RULES, ...TLS_OCSP_RULES],
});

export interface Selection {
  /** Whether the content is about to be signed here, or was received. */
  readonly use: 'issued' | 'received';
  readonly severities: readonly Severity[];
  readonly profile?: LintProfile | undefined;
}

/** The rules of a profile are added to those of all. */
export const selectRules = <View>(
  rules: readonly Rule<View>[],
  { use, severities, profile }: Selection,
): readonly Rule<View>[] =>
  rules.filter(
    (rule) =>
      (rule.only ?? use) === use &&
      severities.includes(rule.severity) &&
      (rule.profile === undefined || rule.profile === profile),
  );

export interface ListedRule extends RuleFacts {
  readonly kinds: readonly SignedKind[];
}

const KINDS = Object.keys(RULES) as SignedKind[];

function listRules(): ListedRule[] {
  const listed = new Map<string, ListedRule>();
  for (const rule of STRUCTURE_RULES) listed.set(rule.id, { ...factsOf(rule), kinds: [rule.kind] });
  for (const rule of OCSP_ENVELOPE_RULES) listed.set(rule.id, { ...factsOf(rule), kinds: ['ocsp-response'] });
  for (const kind of KINDS)
    for (const rule of RULES[kind])
      listed.set(rule.id, { ...factsOf(rule), kinds: [...(listed.get(rule.id)?.kinds ?? []), kind] });
  return [...listed.values()];
}

const factsOf = ({ id, clause, severity, where, requires, profile, only }: RuleFacts): RuleFacts => ({
  id,
  clause,
  severity,
  where,
  requires,
  ...(profile && { profile }),
  ...(only && { only }),
});

/** Every rule once, with the kinds that it is about. */
export const LISTED_RULES: readonly ListedRule[] = Object.freeze(listRules());
