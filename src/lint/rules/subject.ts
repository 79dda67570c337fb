/** Names and usages of certificates and requests alike (RFC 5280 §4.1.2.6, §4.2.1; RFC 2986 asks for the same). */

import { extendedKeyUsageOid, extensionOid } from '../../formats/oids.ts';
import { isCanonicalKey } from '../../keys/public-key.ts';
import { checkDistinguishedName } from '../../x509/names/distinguished-name.ts';
import { checkGeneralNames } from '../../x509/names/general-name-check.ts';
import { criticality, type NamedKey } from '../content.ts';
import type { Rule } from '../rule.ts';

export const SUBJECT_RULES: readonly Rule<NamedKey>[] = [
  {
    id: 'rfc5280-subject-attributes',
    clause: 'RFC 5280 §4.1.2.6, appendix A.1',
    severity: 'error',
    where: 'subject',
    check: ({ subjectName }) => {
      checkDistinguishedName(subjectName);
      return true;
    },
  },
  {
    id: 'rfc5280-subject-or-names',
    clause: 'RFC 5280 §4.1.2.6',
    severity: 'error',
    where: 'subject',
    check: ({ subjectName, subjectAltName }) => subjectName.length > 0 || subjectAltName !== undefined,
  },
  {
    id: 'rfc5280-names-critical-without-subject',
    clause: 'RFC 5280 §4.2.1.6',
    severity: 'error',
    where: 'extensions.subjectAltName',
    check: (content) =>
      content.subjectName.length > 0 || criticality(content, extensionOid.subjectAltName) !== false,
  },
  {
    id: 'rfc5280-names-not-critical-with-subject',
    clause: 'RFC 5280 §4.2.1.6',
    severity: 'warning',
    where: 'extensions.subjectAltName',
    check: (content) =>
      content.subjectName.length === 0 || criticality(content, extensionOid.subjectAltName) !== true,
  },
  {
    id: 'rfc5280-alternative-names',
    clause: 'RFC 5280 §4.2.1.6',
    severity: 'error',
    where: 'extensions.subjectAltName',
    check: ({ subjectAltName = [] }) => {
      checkGeneralNames(subjectAltName, { allowUnderscore: true });
      return true;
    },
  },
  {
    // The caller allowed it
    id: 'rfc1123-no-underscore',
    clause: 'RFC 1123 §2.1, RFC 5280 §4.2.1.6',
    severity: 'warning',
    where: 'extensions.subjectAltName',
    check: ({ subjectAltName = [] }) =>
      !subjectAltName.some((name) => name.kind === 'DNS' && name.value.includes('_')),
  },
  {
    id: 'rfc5280-public-key',
    clause: 'RFC 5280 §4.1.2.7',
    severity: 'error',
    where: 'subjectPublicKeyInfo',
    check: ({ subjectPublicKeyInfo }) => isCanonicalKey(subjectPublicKeyInfo),
  },
  {
    id: 'rfc5280-any-purpose-not-critical',
    clause: 'RFC 5280 §4.2.1.12',
    severity: 'warning',
    where: 'extensions.extendedKeyUsage',
    check: (content) =>
      content.extendedKeyUsage?.includes(extendedKeyUsageOid.anyExtendedKeyUsage) !== true ||
      criticality(content, extensionOid.extendedKeyUsage) === false,
  },
];
