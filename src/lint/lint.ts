/** The linter: checks content that is about to be signed against the rules of the standards. */

import { PkiError } from '../base/errors.ts';
import type { Der } from '../formats/der/header.ts';
import { certificateListContent } from './certificate-list-content.ts';
import { certificateContent, ocspContent, requestContent } from './content.ts';
import { keeps } from './keeps.ts';
import type { Finding, Rule } from './rule.ts';
import { CERTIFICATE_LIST_RULES } from './rules/certificate-list.ts';
import { EXTENSION_RULES } from './rules/extensions.ts';
import { OCSP_RULES } from './rules/ocsp.ts';
import { PURPOSE_RULES } from './rules/purposes.ts';
import { REVOCATION_RULES } from './rules/revocation.ts';
import { RFC5280_RULES } from './rules/rfc5280.ts';
import { RFC9881_RULES, SIGNATURE_RULES } from './rules/rfc9881.ts';
import { SUBJECT_RULES } from './rules/subject.ts';

export type { Finding } from './rule.ts';

/** The structures of X.509 that are signed. */
export type SignedKind = LintedAtOnce | 'certificate-list';

export type LintedAtOnce = 'certificate' | 'certification-request' | 'ocsp-response';

/** Content that cannot be parsed breaks this rule; its other rules have nothing to check. */
const STRUCTURE = {
  certificate: {
    id: 'rfc5280-structure',
    clause: 'RFC 5280 §4.1, X.690 §10',
    severity: 'error',
    where: 'tbsCertificate',
  },
  'certification-request': {
    id: 'rfc2986-structure',
    clause: 'RFC 2986 §4.1, X.690 §10',
    severity: 'error',
    where: 'certificationRequestInfo',
  },
  'certificate-list': {
    id: 'rfc5280-crl-structure',
    clause: 'RFC 5280 §5.1, X.690 §10',
    severity: 'error',
    where: 'tbsCertList',
  },
  'ocsp-response': {
    id: 'rfc6960-structure',
    clause: 'RFC 6960 §4.2.1, X.690 §10',
    severity: 'error',
    where: 'tbsResponseData',
  },
} as const;

const REQUEST_RULES = [...SUBJECT_RULES, ...RFC9881_RULES];
const CERTIFICATE_RULES = [
  ...RFC5280_RULES,
  ...EXTENSION_RULES,
  ...PURPOSE_RULES,
  ...REVOCATION_RULES,
  ...REQUEST_RULES,
];
const OCSP_RESPONSE_RULES = [...OCSP_RULES, ...SIGNATURE_RULES];
const LIST_RULES = [...CERTIFICATE_LIST_RULES, ...SIGNATURE_RULES];

/** Identifiers of all rules, each once. */
export const LINT_RULES: readonly string[] = Object.freeze([
  ...Object.values(STRUCTURE).map(({ id }) => id),
  ...[...CERTIFICATE_RULES, ...OCSP_RULES, ...CERTIFICATE_LIST_RULES].map(({ id }) => id),
]);

/** What is checked of each kind: octets that a key with this signature algorithm, DER, is about to sign. */
const CHECKS: Readonly<Record<LintedAtOnce, (octets: Uint8Array, algorithm: Der) => readonly Finding[]>> = {
  certificate: (octets, algorithm) => findingsOf(CERTIFICATE_RULES, certificateContent(octets, algorithm)),
  'certification-request': (octets, algorithm) =>
    findingsOf(REQUEST_RULES, requestContent(octets, algorithm)),
  'ocsp-response': (octets, algorithm) => findingsOf(OCSP_RESPONSE_RULES, ocspContent(octets, algorithm)),
};

/**
 * Returns what is wrong with a TBSCertificate, CertificationRequestInfo or ResponseData, DER, that a key with this
 * signature algorithm, DER, is about to sign; `[]` when nothing is wrong.
 */
export function lint(
  kind: LintedAtOnce,
  toBeSigned: Uint8Array,
  signatureAlgorithm: Der,
): readonly Finding[] {
  try {
    return CHECKS[kind](toBeSigned, signatureAlgorithm);
  } catch (error) {
    if (error instanceof PkiError) return [findingOf(STRUCTURE[kind])];
    throw error;
  }
}

/** {@link lint} for a TBSCertList, in parts: a long one would hold the event loop. */
export async function lintCertificateList(
  toBeSigned: Uint8Array,
  signatureAlgorithm: Der,
): Promise<readonly Finding[]> {
  try {
    return findingsOf(LIST_RULES, await certificateListContent(toBeSigned, signatureAlgorithm));
  } catch (error) {
    if (error instanceof PkiError) return [findingOf(STRUCTURE['certificate-list'])];
    throw error;
  }
}

const findingsOf = <Content>(rules: readonly Rule<Content>[], content: Content): readonly Finding[] =>
  rules.filter((rule) => !keeps(rule, content)).map(findingOf);

const findingOf = ({ id, clause, severity, where }: Omit<Rule<never>, 'check'>): Finding => ({
  rule: id,
  clause,
  severity,
  where,
});
