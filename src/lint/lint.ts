/** The linter: checks content that is about to be signed against the rules of the standards. */

import { PkiError } from '../base/errors.ts';
import type { Der } from '../formats/der/header.ts';
import { readDer } from '../formats/der/lenient.ts';
import { checkDer } from '../formats/der/strict.ts';
import { TAG } from '../formats/der/writer.ts';
import { LENIENT } from '../formats/reading.ts';
import { readTbsCertificate } from '../x509/certificate.ts';
import { readCertificationRequestInfo } from '../x509/certification-request.ts';
import { certificateListView } from './certificate-list-view.ts';
import { findingOf, findingsOf } from './engine.ts';
import { ocspView } from './ocsp-view.ts';
import { RULES, selectRules } from './registry.ts';
import { STRUCTURE_RULES, structureRuleOf } from './rules/structure.ts';
import type { Finding, Rule, Severity, SignedKind } from './rule.ts';
import { CertificateView, RequestView } from './views.ts';

export type { Finding, SignedKind } from './rule.ts';

export type LintedAtOnce = Exclude<SignedKind, 'certificate-list'>;

/** Errors stop a signature; a preview shows warnings too. */
type Scope = 'errors' | 'warnings';

const OF_SCOPE: Readonly<Record<Scope, readonly Severity[]>> = {
  errors: ['error'],
  warnings: ['error', 'warning'],
};

const ofScope = (scope: Scope) => {
  const options = { use: 'issued', severities: OF_SCOPE[scope] } as const;
  return {
    certificate: selectRules(RULES.certificate, options),
    'certification-request': selectRules(RULES['certification-request'], options),
    'certificate-list': selectRules(RULES['certificate-list'], options),
    'ocsp-response': selectRules(RULES['ocsp-response'], options),
  };
};

const BY_SCOPE = Object.freeze({ errors: ofScope('errors'), warnings: ofScope('warnings') });

/** Identifiers of all rules that can stop a signature, each once. */
export const LINT_RULES: readonly string[] = Object.freeze([
  ...new Set(
    [STRUCTURE_RULES, ...Object.values(BY_SCOPE.errors)].flatMap(
      (rules: readonly Pick<Rule<never>, 'id'>[]) => rules.map(({ id }) => id),
    ),
  ),
]);

/** What is checked of each kind: octets that a key with this signature algorithm, DER, is about to sign. */
const CHECKS: Readonly<
  Record<LintedAtOnce, (octets: Uint8Array, algorithm: Der, scope: Scope) => readonly Finding[]>
> = {
  certificate: (octets, algorithm, scope) =>
    findingsOf(BY_SCOPE[scope].certificate, certificateView(octets, algorithm)),
  'certification-request': (octets, algorithm, scope) =>
    findingsOf(BY_SCOPE[scope]['certification-request'], requestView(octets, algorithm)),
  'ocsp-response': (octets, algorithm, scope) =>
    findingsOf(BY_SCOPE[scope]['ocsp-response'], ocspView(octets, { signatureAlgorithm: algorithm })),
};

/**
 * Returns what is wrong with a TBSCertificate, CertificationRequestInfo or ResponseData, DER, that a key with this
 * signature algorithm, DER, is about to sign; `[]` when nothing is wrong.
 */
export function lint(
  kind: LintedAtOnce,
  toBeSigned: Uint8Array,
  signatureAlgorithm: Der,
  scope: Scope = 'warnings',
): readonly Finding[] {
  try {
    return CHECKS[kind](toBeSigned, signatureAlgorithm, scope);
  } catch (error) {
    return [unreadable(kind, error)];
  }
}

/** {@link lint} for a TBSCertList, in parts: a long one would hold the event loop. */
export async function lintCertificateList(
  toBeSigned: Uint8Array,
  signerAlgorithm: Der,
  scope: Scope = 'warnings',
): Promise<readonly Finding[]> {
  try {
    const view = await certificateListView(toBeSigned, { signerAlgorithm });
    return findingsOf(BY_SCOPE[scope]['certificate-list'], view);
  } catch (error) {
    return [unreadable('certificate-list', error)];
  }
}

/** Throws what is no PkiError. */
function unreadable(kind: SignedKind, error: unknown): Finding {
  if (error instanceof PkiError) return findingOf(structureRuleOf(kind));
  throw error;
}

function certificateView(octets: Uint8Array, signerAlgorithm: Der): CertificateView {
  const der = checkExceptIssuer(octets);
  const tbs = readTbsCertificate(der);
  return new CertificateView({ tbs, der, signerAlgorithm, signatureAlgorithm: tbs.signatureAlgorithm });
}

function requestView(octets: Uint8Array, signatureAlgorithm: Der): RequestView {
  const info = readCertificationRequestInfo(checkDer(octets));
  return new RequestView({ ...info, signatureAlgorithm, attributes: info.attributeEncodings });
}

/**
 * The issuer is the subject of the CA octet for octet (RFC 5280 §4.1.2.4), whose strings and sets may deviate. Everything
 * else must be strict DER. Throws PkiError invalid-der.
 */
function checkExceptIssuer(octets: Uint8Array): Der {
  const { der } = readDer(octets, { reading: LENIENT });
  if (der === octets) return der;
  const { issuer } = readTbsCertificate(der);
  const start = Buffer.from(octets).indexOf(issuer);
  const masked = octets.slice();
  // The same octets as the contents of an OCTET STRING, which are not checked
  masked[start] = TAG.octetString;
  checkDer(masked);
  return der;
}
