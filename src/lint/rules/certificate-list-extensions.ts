/** Extensions of CRLs (RFC 5280 §5.2). */

import { primitiveFault } from '../../formats/der/primitive-rules.ts';
import { elementOf } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { knownExtensionOid } from '../../formats/known-oids.ts';
import { extensionOid } from '../../formats/oids.ts';
import { describeIssuingDistributionPoint } from '../../x509/extensions/crl-extensions.ts';
import { checkDistributionPoints } from '../../x509/extensions/distribution-points.ts';
import type { Extension } from '../../x509/extensions/extension.ts';
import { SCOPE, type CertificateListView } from '../certificate-list-view.ts';
import { rulesWith, type Rule } from '../rule.ts';

/** RFC 5280 §5.2.3: non-negative, and of at most 20 octets. */
function isNumber(extension: Extension | undefined): boolean {
  const { tag, contents } = extension ? elementOf(extension.value) : { tag: TAG.null, contents: NONE };
  const isInteger = tag === TAG.integer && primitiveFault(tag, contents) === undefined;
  return isInteger && (contents[0] ?? 0x80) < 0x80 && contents.length <= 20;
}

const NONE = new Uint8Array();

/** RFC 5280 §5.2: a relying party that does not know a critical extension must not use the CRL. */
const CRITICAL: ReadonlySet<string> = new Set([
  extensionOid.issuingDistributionPoint,
  extensionOid.deltaCRLIndicator,
]);

const EXTENSIONS = rulesWith<CertificateListView>()(
  {},
  {
    id: 'rfc5280-crl-extensions-known',
    clause: 'RFC 5280 §5.2',
    where: 'crlExtensions',
    requires: 'A critical extension must be one that relying parties process',
    check: ({ extensions }) => extensions.every(({ oid, critical }) => !critical || CRITICAL.has(oid)),
  },
  {
    id: 'rfc5280-crl-authority-key-identifier',
    clause: 'RFC 5280 §5.2.1',
    where: 'crlExtensions.authorityKeyIdentifier',
    requires: 'A CRL must have the key identifier of its issuer',
    check: (view) => view.value('authorityKeyIdentifier')?.keyIdentifier !== undefined,
  },
  {
    id: 'rfc5280-crl-issuer-alternative-name-not-critical',
    clause: 'RFC 5280 §5.2.2',
    severity: 'warning',
    where: 'crlExtensions.issuerAltName',
    requires: 'The extension should not be critical',
    check: (view) => view.isCritical('issuerAltName') !== true,
  },
  {
    id: 'rfc5280-crl-number',
    clause: 'RFC 5280 §5.2.3',
    where: 'crlExtensions.cRLNumber',
    requires: 'A CRL must have a number that is not negative, of at most 20 octets',
    check: (view) => isNumber(view.find(knownExtensionOid.cRLNumber)),
  },
  {
    id: 'rfc5280-crl-number-not-critical',
    clause: 'RFC 5280 §5.2.3',
    where: 'crlExtensions.cRLNumber',
    requires: 'The extension must not be critical',
    check: (view) => view.find(knownExtensionOid.cRLNumber)?.critical !== true,
  },
  {
    id: 'rfc5280-crl-delta-indicator',
    clause: 'RFC 5280 §5.2.4',
    where: 'crlExtensions.deltaCRLIndicator',
    requires: 'The indicator of a delta CRL must be critical, and the number of its base CRL',
    applies: ({ isDelta }) => isDelta,
    check: (view) =>
      view.isCritical('deltaCRLIndicator') === true && isNumber(view.find(extensionOid.deltaCRLIndicator)),
  },
  {
    id: 'rfc5280-crl-freshest-crl',
    clause: 'RFC 5280 §5.2.6',
    where: 'crlExtensions.freshestCRL',
    requires: 'A complete CRL can name its delta CRL, in an extension that is not critical',
    applies: (view) => view.has('freshestCRL'),
    check: (view) => {
      const found = view.find(extensionOid.freshestCRL);
      if (found) checkDistributionPoints(found.value);
      return view.isCritical('freshestCRL') === false && !view.isDelta;
    },
  },
);

const SCOPE_RULES = rulesWith<CertificateListView>()(
  {
    where: 'crlExtensions.issuingDistributionPoint',
    applies: (view: CertificateListView) => view.has('issuingDistributionPoint'),
  },
  {
    id: 'rfc5280-crl-issuing-distribution-point',
    clause: 'RFC 5280 §5.2.5',
    requires: 'The extension must be critical and not empty',
    check: (view) => {
      const found = view.find(extensionOid.issuingDistributionPoint);
      return found?.critical === true && describeIssuingDistributionPoint(found.value).length > 0;
    },
  },
  {
    id: 'rfc5280-crl-one-scope',
    clause: 'RFC 5280 §5.2.5',
    requires: 'A CRL must have at most one of the scopes user, CA and attribute certificates',
    check: (view) => view.scopes.length <= 1,
  },
  {
    id: 'rfc5280-crl-no-attribute-certificates',
    clause: 'RFC 5280 §5.2.5',
    requires: 'The CRL of a CA must not be for attribute certificates',
    check: (view) => !view.scopes.includes(SCOPE.attributes),
  },
);

export const CERTIFICATE_LIST_EXTENSION_RULES: readonly Rule<CertificateListView>[] = [
  ...EXTENSIONS,
  ...SCOPE_RULES,
];
