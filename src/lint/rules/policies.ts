/** Certificate policies, and the extensions that limit them (RFC 5280 §4.2.1.4, §4.2.1.5, §4.2.1.11, §4.2.1.14). */

import { decodeText, membersOf, type DerElement } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { ANY_POLICY, policyQualifierOid } from '../../formats/oids.ts';
import { rulesWith } from '../rule.ts';
import type { CertificateView } from '../views.ts';

const policiesOf = (view: CertificateView) => view.value('certificatePolicies') ?? [];

const qualifiersOf = (view: CertificateView, type: string): readonly DerElement[] =>
  policiesOf(view).flatMap(({ qualifiers }) =>
    qualifiers.filter(({ oid }) => oid === type).map(({ qualifier }) => qualifier),
  );

/** UserNotice ::= SEQUENCE { noticeRef NoticeReference OPTIONAL, explicitText DisplayText OPTIONAL } */
const noticesOf = (view: CertificateView): readonly DerElement[] =>
  qualifiersOf(view, policyQualifierOid.userNotice).flatMap((notice) => [...membersOf(notice)]);

const textsOf = (view: CertificateView): readonly DerElement[] =>
  noticesOf(view).filter(({ tag }) => tag !== TAG.sequence);

const hasPolicies = (view: CertificateView): boolean => view.has('certificatePolicies');

export const POLICY_RULES = rulesWith<CertificateView>()(
  { where: 'extensions.certificatePolicies' },
  {
    id: 'rfc5280-certificate-policies',
    clause: 'RFC 5280 §4.2.1.4',
    requires: 'A policy must not occur twice',
    applies: hasPolicies,
    check: (view) => new Set(policiesOf(view).map(({ oid }) => oid)).size === policiesOf(view).length,
  },
  {
    id: 'rfc5280-any-policy-qualifiers',
    clause: 'RFC 5280 §4.2.1.4',
    requires: 'anyPolicy must have only the qualifiers CPS and user notice',
    applies: hasPolicies,
    check: (view) =>
      policiesOf(view)
        .filter(({ oid }) => oid === ANY_POLICY)
        .every(({ qualifiers }) => qualifiers.every(({ oid }) => KNOWN_QUALIFIERS.has(oid))),
  },
  {
    id: 'rfc5280-cps-ia5',
    clause: 'RFC 5280 §4.2.1.4',
    requires: 'The URI of a certification practice statement must be an IA5String',
    applies: hasPolicies,
    check: (view) => qualifiersOf(view, policyQualifierOid.cps).every(({ tag }) => tag === TAG.ia5String),
  },
  {
    id: 'rfc5280-explicit-text-type',
    clause: 'RFC 5280 §4.2.1.4',
    requires: 'explicitText must not be an IA5String, VisibleString or BMPString',
    applies: hasPolicies,
    check: (view) => textsOf(view).every(({ tag }) => tag === TAG.utf8String),
  },
  {
    id: 'rfc5280-explicit-text-length',
    clause: 'RFC 5280 §4.2.1.4',
    requires: 'explicitText must have at most 200 characters',
    applies: hasPolicies,
    check: (view) => textsOf(view).every((text) => Array.from(decodeText(text) ?? '').length <= 200),
  },
  {
    id: 'rfc5280-explicit-text-control',
    clause: 'RFC 5280 §4.2.1.4',
    severity: 'warning',
    requires: 'explicitText should not have control characters',
    applies: hasPolicies,
    check: (view) => textsOf(view).every((text) => !/\p{Cc}/u.test(decodeText(text) ?? '')),
  },
  {
    id: 'rfc5280-notice-reference',
    clause: 'RFC 5280 §4.2.1.4',
    severity: 'warning',
    requires: 'A user notice should not have noticeRef',
    applies: hasPolicies,
    check: (view) => noticesOf(view).every(({ tag }) => tag !== TAG.sequence),
  },
);

const KNOWN_QUALIFIERS: ReadonlySet<string> = new Set(Object.values(policyQualifierOid));

const mappingsOf = (view: CertificateView) => view.value('policyMappings') ?? [];

export const POLICY_MAPPING_RULES = rulesWith<CertificateView>()(
  { where: 'extensions.policyMappings' },
  {
    id: 'rfc5280-policy-mappings-ca',
    clause: 'RFC 5280 §4.2.1.5',
    requires: 'Only the certificate of a CA can have policy mappings',
    applies: (view) => view.has('policyMappings'),
    check: ({ isCa }) => isCa,
  },
  {
    id: 'rfc5280-policy-mappings-critical',
    clause: 'RFC 5280 §4.2.1.5',
    severity: 'warning',
    requires: 'The extension should be critical',
    check: (view) => view.isCritical('policyMappings') !== false,
  },
  {
    id: 'rfc5280-policy-mappings-any-policy',
    clause: 'RFC 5280 §4.2.1.5',
    requires: 'Policies must not be mapped from or to anyPolicy',
    applies: (view) => view.has('policyMappings'),
    check: (view) =>
      mappingsOf(view).every(
        ({ issuerPolicy, subjectPolicy }) => issuerPolicy !== ANY_POLICY && subjectPolicy !== ANY_POLICY,
      ),
  },
  {
    id: 'rfc5280-policy-mappings-listed',
    clause: 'RFC 5280 §4.2.1.5',
    severity: 'warning',
    requires: 'certificatePolicies should have each issuerDomainPolicy',
    applies: (view) => view.has('policyMappings'),
    check: (view) => {
      const listed = new Set(policiesOf(view).map(({ oid }) => oid));
      return mappingsOf(view).every(({ issuerPolicy }) => listed.has(issuerPolicy));
    },
  },
);

export const POLICY_LIMIT_RULES = rulesWith<CertificateView>()(
  {},
  {
    id: 'rfc5280-policy-constraints-critical',
    clause: 'RFC 5280 §4.2.1.11',
    where: 'extensions.policyConstraints',
    requires: 'The extension must be critical',
    check: (view) => view.isCritical('policyConstraints') !== false,
  },
  {
    id: 'rfc5280-policy-constraints-not-empty',
    clause: 'RFC 5280 §4.2.1.11',
    where: 'extensions.policyConstraints',
    requires: 'requireExplicitPolicy or inhibitPolicyMapping must be present',
    applies: (view) => view.has('policyConstraints'),
    check: (view) => Object.values(view.value('policyConstraints') ?? {}).some(Number.isFinite),
  },
  {
    id: 'rfc5280-policy-constraints-ca',
    clause: 'RFC 5280 §4.2.1.11',
    where: 'extensions.policyConstraints',
    requires: 'Only the certificate of a CA can have policy constraints',
    check: (view) => view.isCa || !view.has('policyConstraints'),
  },
  {
    id: 'rfc5280-inhibit-any-policy-critical',
    clause: 'RFC 5280 §4.2.1.14',
    where: 'extensions.inhibitAnyPolicy',
    requires: 'The extension must be critical',
    check: (view) => view.isCritical('inhibitAnyPolicy') !== false,
  },
  {
    id: 'rfc5280-inhibit-any-policy-ca',
    clause: 'RFC 5280 §4.2.1.14',
    where: 'extensions.inhibitAnyPolicy',
    requires: 'Only the certificate of a CA can have inhibitAnyPolicy',
    check: (view) => view.isCa || !view.has('inhibitAnyPolicy'),
  },
);
