/** Extensions of certificates (RFC 5280 §4.2). */

import { extensionOid } from '../../formats/oids.ts';
import { unknownCriticalExtension } from '../../x509/extensions/extension.ts';
import { readNameConstraints } from '../../x509/extensions/name-constraints.ts';
import { criticality, type CertificateContent } from '../content.ts';
import type { Rule } from '../rule.ts';

const isCa = ({ basicConstraints }: CertificateContent): boolean => basicConstraints?.cA === true;

const isSelfIssued = ({ tbs }: CertificateContent): boolean => Buffer.compare(tbs.issuer, tbs.subject) === 0;

export const EXTENSION_RULES: readonly Rule<CertificateContent>[] = [
  {
    id: 'rfc5280-critical-extensions-known',
    clause: 'RFC 5280 §4.2',
    severity: 'error',
    where: 'extensions',
    check: (content) => unknownCriticalExtension(content) === undefined,
  },
  {
    id: 'rfc5280-authority-key-identifier',
    clause: 'RFC 5280 §4.2.1.1',
    severity: 'error',
    where: 'extensions.authorityKeyIdentifier',
    check: (content) => isSelfIssued(content) || content.authorityKeyIdentifier?.keyIdentifier !== undefined,
  },
  {
    id: 'rfc5280-authority-key-identifier-not-critical',
    clause: 'RFC 5280 §4.2.1.1',
    severity: 'error',
    where: 'extensions.authorityKeyIdentifier',
    check: (content) => criticality(content, extensionOid.authorityKeyIdentifier) !== true,
  },
  {
    id: 'rfc5280-ca-subject-key-identifier',
    clause: 'RFC 5280 §4.2.1.2',
    severity: 'error',
    where: 'extensions.subjectKeyIdentifier',
    check: (content) => !isCa(content) || content.subjectKeyIdentifier !== undefined,
  },
  {
    id: 'rfc5280-subject-key-identifier-not-critical',
    clause: 'RFC 5280 §4.2.1.2',
    severity: 'error',
    where: 'extensions.subjectKeyIdentifier',
    check: (content) => criticality(content, extensionOid.subjectKeyIdentifier) !== true,
  },
  {
    id: 'rfc5280-ca-key-usage',
    clause: 'RFC 5280 §4.2.1.3',
    severity: 'error',
    where: 'extensions.keyUsage',
    check: (content) => !isCa(content) || content.keyUsage?.includes('keyCertSign') === true,
  },
  {
    id: 'rfc5280-key-cert-sign-needs-ca',
    clause: 'RFC 5280 §4.2.1.9',
    severity: 'error',
    where: 'extensions.basicConstraints',
    check: (content) => isCa(content) || content.keyUsage?.includes('keyCertSign') !== true,
  },
  {
    id: 'rfc5280-key-usage-critical',
    clause: 'RFC 5280 §4.2.1.3',
    severity: 'warning',
    where: 'extensions.keyUsage',
    check: (content) => criticality(content, extensionOid.keyUsage) !== false,
  },
  {
    id: 'rfc5280-ca-basic-constraints-critical',
    clause: 'RFC 5280 §4.2.1.9',
    severity: 'error',
    where: 'extensions.basicConstraints',
    check: (content) => !isCa(content) || criticality(content, extensionOid.basicConstraints) === true,
  },
  {
    id: 'rfc5280-ca-subject-not-empty',
    clause: 'RFC 5280 §4.1.2.6',
    severity: 'error',
    where: 'subject',
    check: (content) => !isCa(content) || content.subjectName.length > 0,
  },
  {
    id: 'rfc5280-name-constraints',
    clause: 'RFC 5280 §4.2.1.10',
    severity: 'error',
    where: 'extensions.nameConstraints',
    check: (content) => {
      const found = content.extensions.find(({ oid }) => oid === extensionOid.nameConstraints);
      if (found === undefined) return true;
      readNameConstraints(found.value);
      return isCa(content) && found.critical;
    },
  },
];
