/** Usages of keys and constraints of CAs (RFC 5280 §4.2.1.3, §4.2.1.9). */

import { rulesWith } from '../rule.ts';
import type { CertificateView, NamedKeyView } from '../views.ts';

export const USAGE_RULES = rulesWith<NamedKeyView>()(
  { where: 'extensions.keyUsage' },
  {
    id: 'rfc5280-key-usage-not-empty',
    clause: 'RFC 5280 §4.2.1.3',
    requires: 'At least one bit must be set',
    check: ({ keyUsage }) => keyUsage === undefined || keyUsage.length > 0,
  },
  {
    id: 'x690-named-bits',
    clause: 'X.690 §11.2.2',
    requires: 'Named bits must have no zero bits at their end, and only the nine bits of RFC 5280',
    check: (view) => view.value('keyUsage')?.isShortest !== false,
  },
  {
    id: 'rfc5280-encipher-only-needs-agreement',
    clause: 'RFC 5280 §4.2.1.3',
    severity: 'warning',
    requires: 'encipherOnly and decipherOnly have a meaning only with keyAgreement',
    applies: ({ keyUsage = [] }) => keyUsage.includes('encipherOnly') || keyUsage.includes('decipherOnly'),
    check: ({ keyUsage = [] }) => keyUsage.includes('keyAgreement'),
  },
  {
    id: 'x690-ca-default-absent',
    clause: 'X.690 §11.5',
    where: 'extensions.basicConstraints',
    requires: 'cA must be absent when it is FALSE, its DEFAULT',
    check: (view) => view.value('basicConstraints')?.isFalseWritten !== true,
  },
  {
    id: 'rfc5280-path-length-needs-ca',
    clause: 'RFC 5280 §4.2.1.9',
    where: 'extensions.basicConstraints',
    requires: 'pathLenConstraint must be absent when cA is FALSE',
    check: (view) => view.isCa || view.value('basicConstraints')?.pathLength === undefined,
  },
  {
    id: 'rfc5280-path-length-not-negative',
    clause: 'RFC 5280 §4.2.1.9',
    where: 'extensions.basicConstraints',
    requires: 'pathLenConstraint must not be negative',
    check: (view) => (view.value('basicConstraints')?.pathLength?.[0] ?? 0) < 0x80,
  },
);

export const CA_RULES = rulesWith<CertificateView>()(
  {},
  {
    id: 'rfc5280-ca-key-usage',
    clause: 'RFC 5280 §4.2.1.3',
    where: 'extensions.keyUsage',
    requires: 'The certificate of a CA must have keyUsage with keyCertSign',
    check: ({ isCa, keyUsage }) => !isCa || keyUsage?.includes('keyCertSign') === true,
  },
  {
    id: 'rfc5280-ca-crl-sign',
    clause: 'RFC 5280 §4.2.1.3',
    severity: 'notice',
    where: 'extensions.keyUsage',
    requires: 'A CA without cRLSign cannot sign a CRL',
    applies: ({ isCa, keyUsage }) => isCa && keyUsage !== undefined,
    check: ({ keyUsage = [] }) => keyUsage.includes('cRLSign'),
  },
  {
    id: 'rfc5280-key-cert-sign-needs-ca',
    clause: 'RFC 5280 §4.2.1.9',
    where: 'extensions.basicConstraints',
    requires: 'keyCertSign needs cA TRUE',
    check: ({ isCa, keyUsage }) => isCa || keyUsage?.includes('keyCertSign') !== true,
  },
  {
    id: 'rfc5280-key-usage-critical',
    clause: 'RFC 5280 §4.2.1.3',
    severity: 'warning',
    where: 'extensions.keyUsage',
    requires: 'The extension should be critical',
    check: (view) => view.isCritical('keyUsage') !== false,
  },
  {
    id: 'rfc5280-ca-basic-constraints-critical',
    clause: 'RFC 5280 §4.2.1.9',
    where: 'extensions.basicConstraints',
    requires: 'The extension must be critical in the certificate of a CA',
    check: (view) => !view.isCa || view.isCritical('basicConstraints') === true,
  },
  {
    id: 'rfc5280-ca-subject-not-empty',
    clause: 'RFC 5280 §4.1.2.6',
    where: 'subject',
    requires: 'The subject of a CA must not be empty',
    check: ({ isCa, subjectName }) => !isCa || subjectName.length > 0,
  },
);
