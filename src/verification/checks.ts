/** What is checked of a path, each with the clause that requires it. */

import type { Member } from './member.ts';

/** By code. The order is that of RFC 5280 §6.1. */
export const CHECKS = Object.freeze({
  'no-path': { clause: 'RFC 5280 §6.1', title: 'A path to a trust anchor exists' },
  'search-limit': { clause: 'RFC 5280 §6.1', title: 'The search for paths stays within its limits' },
  signature: { clause: 'RFC 5280 §6.1.3 (a) (1)', title: 'The key of the issuer verifies each signature' },
  'signature-algorithm': {
    clause: 'RFC 5280 §4.1.1.2, §6.1.3 (a) (1)',
    title: 'Each signature and key has one algorithm that is supported and not weak',
  },
  validity: { clause: 'RFC 5280 §6.1.3 (a) (2)', title: 'Each certificate is valid at the time' },
  revoked: { clause: 'RFC 5280 §6.1.3 (a) (3)', title: 'No certificate is revoked' },
  'revocation-status': {
    clause: 'RFC 5280 §6.3.3, RFC 6960 §3.2',
    title: 'The revocation status of the certificates is known',
  },
  'name-constraints': {
    clause: 'RFC 5280 §6.1.3 (b), (c)',
    title: 'The names are within the name constraints of the CAs',
  },
  policies: { clause: 'RFC 5280 §6.1.5 (g), RFC 9618 §5', title: 'The certificates have a required policy' },
  'policy-mappings': { clause: 'RFC 5280 §6.1.4 (a)', title: 'No mapping is from or to anyPolicy' },
  'ca-certificate': {
    clause: 'RFC 5280 §6.1.4 (k)',
    title: 'Each issuer has a version 3 certificate of a CA (basicConstraints)',
  },
  'path-length': { clause: 'RFC 5280 §6.1.4 (l), (m)', title: 'No pathLenConstraint is exceeded' },
  'key-cert-sign': { clause: 'RFC 5280 §6.1.4 (n)', title: 'The keyUsage of each issuer has keyCertSign' },
  'critical-extension': {
    clause: 'RFC 5280 §6.1.4 (o), §6.1.5 (f)',
    title: 'Every critical extension is supported',
  },
  'extension-value': { clause: 'RFC 5280 §4.2', title: 'The extensions have the structure of their type' },
  'duplicate-extension': { clause: 'RFC 5280 §4.2', title: 'No extension occurs twice' },
  purpose: { clause: 'RFC 5280 §4.2.1.12', title: 'The extendedKeyUsage allows the purpose' },
  'key-usage': { clause: 'RFC 5280 §4.2.1.3', title: 'The keyUsage of the certificate allows the purpose' },
  name: { clause: 'RFC 9525 §6', title: 'The certificate is for the host, address or mailbox' },
  'related-certificate': {
    clause: 'RFC 9763 §4.1',
    title: 'The RelatedCertificate extension is the hash of the related certificate',
  },
  profile: { clause: 'RFC 5280 §4', title: 'The certificates keep the rules of the profile' },
} as const);

export type CheckCode = keyof typeof CHECKS;

export const CHECK_CODES = Object.freeze(Object.keys(CHECKS) as CheckCode[]);

/** Why a path is not valid. */
export interface Failure {
  readonly code: CheckCode;
  /** More exact than that of the check where a rule has its own. */
  readonly clause: string;
  /** The certificate at fault; undefined when it is none. */
  readonly member: Member | undefined;
  /** A whole sentence without its full stop. */
  readonly detail: string;
  /** Of the linter, for a rule of a profile. */
  readonly rule?: string;
}

export const failure = (code: CheckCode, member: Member | undefined, detail: string): Failure => ({
  code,
  clause: CHECKS[code].clause,
  member,
  detail,
});
