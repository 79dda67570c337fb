/** Findings on certificates and requests that were received to be shown. Nothing is refused because of them. */

import type { Note } from '../formats/reading.ts';
import { TOLERANCES, type ToleranceCode } from '../formats/tolerances.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { CertificationRequest } from '../x509/certification-request.ts';
import { keeps } from './keeps.ts';
import {
  receivedCertificate,
  receivedRequest,
  type Received,
  type ReceivedCertificate,
} from './received-content.ts';
import type { Finding, ReceivedRule, Rule } from './rule.ts';
import { EXTENSION_RULES } from './rules/extensions.ts';
import { PURPOSE_RULES } from './rules/purposes.ts';
import { RECEIVED_CERTIFICATE_RULES, RECEIVED_RULES } from './rules/received.ts';
import { REVOCATION_RULES } from './rules/revocation.ts';
import { RFC5280_RULES } from './rules/rfc5280.ts';
import { RFC9881_RULES } from './rules/rfc9881.ts';
import { STRENGTH_RULES } from './rules/strength.ts';
import { SUBJECT_RULES } from './rules/subject.ts';

/** Rules on what this service writes, which is less than the standards allow. `rules/received.ts` has others for them. */
const STRICTER_THAN_STANDARD: ReadonlySet<string> = new Set([
  'rfc5280-version-3',
  'rfc5280-validity-encoding',
  'rfc5280-critical-extensions-known',
  'rfc5280-subject-attributes',
  'rfc5280-alternative-names',
  'rfc5280-public-key',
]);

const asReceived = <Content>({ check, where, ...rule }: Rule<Content>): ReceivedRule<Content> => ({
  ...rule,
  find: (content) => (keeps({ check }, content) ? [] : [where]),
});

const isOfStandard = ({ id }: { readonly id: string }): boolean => !STRICTER_THAN_STANDARD.has(id);

const REQUEST_RULES: readonly ReceivedRule<Received>[] = [
  ...[...SUBJECT_RULES, ...RFC9881_RULES].filter(isOfStandard).map((rule) => asReceived(rule)),
  ...RECEIVED_RULES,
  ...STRENGTH_RULES,
];

const CERTIFICATE_RULES: readonly ReceivedRule<ReceivedCertificate>[] = [
  ...[...RFC5280_RULES, ...EXTENSION_RULES, ...PURPOSE_RULES, ...REVOCATION_RULES]
    .filter(isOfStandard)
    .map((rule) => asReceived(rule)),
  ...RECEIVED_CERTIFICATE_RULES,
  ...REQUEST_RULES,
];

/** Identifiers of all rules for received content, each once. */
export const RECEIVED_RULE_IDS: readonly string[] = Object.freeze(CERTIFICATE_RULES.map(({ id }) => id));

/** `notes` are those of the reading of the certificate. */
export const certificateFindings = (certificate: Certificate, notes: readonly Note[]): readonly Finding[] => [
  ...notes.flatMap(findingOfNote),
  ...findingsOf(CERTIFICATE_RULES, receivedCertificate(certificate)),
];

/** `notes` are those of the reading of the request. */
export const requestFindings = (
  request: CertificationRequest,
  notes: readonly Note[],
): readonly Finding[] => [
  ...notes.flatMap(findingOfNote),
  ...findingsOf(REQUEST_RULES, receivedRequest(request)),
];

/** Of one rule: a list of 1,000 wrong extensions needs no 1,000 findings. */
const MAX_PLACES = 10;

const placesOf = <Content>({ find }: ReceivedRule<Content>, content: Content): readonly string[] =>
  [...new Set(find(content))].slice(0, MAX_PLACES);

const findingsOf = <Content>(rules: readonly ReceivedRule<Content>[], content: Content): readonly Finding[] =>
  rules.flatMap((rule) =>
    placesOf(rule, content).map((where) => ({
      rule: rule.id,
      clause: rule.clause,
      severity: rule.severity,
      where,
    })),
  );

/** Deviations from what a standard recommends. */
const RECOMMENDED: ReadonlySet<ToleranceCode> = new Set(['microsoft-extensions', 'unknown-type']);

const isTolerance = (code: Note['code']): code is ToleranceCode => Object.hasOwn(TOLERANCES, code);

const findingOfNote = ({ code, where = '' }: Note): readonly Finding[] =>
  isTolerance(code)
    ? [
        {
          rule: code,
          clause: TOLERANCES[code].clause,
          severity: RECOMMENDED.has(code) ? 'warning' : 'error',
          where,
        },
      ]
    : [];
