/** Identifiers of keys (RFC 5280 §4.2.1.1, §4.2.1.2), and the values of extensions as a whole. */

import { rulesWith } from '../rule.ts';
import type { CertificateView, NamedKeyView } from '../views.ts';

export const VALUE_RULES = rulesWith<NamedKeyView>()(
  {},
  {
    id: 'rfc5280-extension-value',
    clause: 'RFC 5280 §4.2',
    where: 'extensions',
    requires: 'The value of an extension must have the structure of its type',
    check: (view) => view.malformed(),
  },
);

export const KEY_IDENTIFIER_RULES = rulesWith<CertificateView>()(
  {},
  {
    id: 'rfc5280-authority-key-identifier',
    clause: 'RFC 5280 §4.2.1.1',
    where: 'extensions.authorityKeyIdentifier',
    requires: 'A certificate that is not self-signed must have the key identifier of its issuer',
    check: (view) => view.isSelfIssued || view.value('authorityKeyIdentifier')?.keyIdentifier !== undefined,
  },
  {
    id: 'rfc5280-authority-key-identifier-not-critical',
    clause: 'RFC 5280 §4.2.1.1',
    where: 'extensions.authorityKeyIdentifier',
    requires: 'The extension must not be critical',
    check: (view) => view.isCritical('authorityKeyIdentifier') !== true,
  },
  {
    id: 'rfc5280-authority-key-identifier-pair',
    clause: 'RFC 5280 §4.2.1.1',
    where: 'extensions.authorityKeyIdentifier',
    requires: 'authorityCertIssuer and authorityCertSerialNumber must both be present or both be absent',
    applies: (view) => view.has('authorityKeyIdentifier'),
    check: (view) => {
      const { issuer, serialNumber } = view.value('authorityKeyIdentifier') ?? {};
      return (issuer === undefined) === (serialNumber === undefined);
    },
  },
  {
    id: 'rfc5280-self-signed-key-identifiers',
    clause: 'RFC 5280 §4.2.1.1',
    severity: 'warning',
    where: 'extensions.authorityKeyIdentifier',
    requires: 'The key identifiers of a root certificate must be equal',
    applies: (view) => view.isSelfIssued && view.has('authorityKeyIdentifier'),
    check: (view) => {
      const issuer = view.value('authorityKeyIdentifier')?.keyIdentifier;
      const own = view.value('subjectKeyIdentifier');
      return issuer === undefined || own === undefined || Buffer.compare(issuer, own) === 0;
    },
  },
  {
    id: 'rfc5280-ca-subject-key-identifier',
    clause: 'RFC 5280 §4.2.1.2',
    where: 'extensions.subjectKeyIdentifier',
    requires: 'The certificate of a CA must have a subject key identifier',
    check: (view) => !view.isCa || view.value('subjectKeyIdentifier') !== undefined,
  },
  {
    id: 'rfc5280-subject-key-identifier-not-critical',
    clause: 'RFC 5280 §4.2.1.2',
    where: 'extensions.subjectKeyIdentifier',
    requires: 'The extension must not be critical',
    check: (view) => view.isCritical('subjectKeyIdentifier') !== true,
  },
  {
    id: 'rfc5280-subject-key-identifier',
    clause: 'RFC 5280 §4.2.1.2',
    severity: 'warning',
    where: 'extensions.subjectKeyIdentifier',
    requires: 'A certificate should have a subject key identifier',
    only: 'received',
    applies: ({ tbs, isCa }) => tbs.version === 3 && !isCa,
    check: (view) => view.has('subjectKeyIdentifier'),
  },
);
