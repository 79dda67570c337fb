/** CRLs (RFC 5280 §5). */

import { primitiveFault } from '../../formats/der/primitive-rules.ts';
import { elementOf } from '../../formats/der/reader.ts';
import { decodeTime } from '../../formats/der/time.ts';
import { TAG } from '../../formats/der/writer.ts';
import { knownExtensionOid } from '../../formats/known-oids.ts';
import { extensionOid } from '../../formats/oids.ts';
import { describeIssuingDistributionPoint } from '../../x509/extensions/crl-extensions.ts';
import { checkDistributionPoints } from '../../x509/extensions/distribution-points.ts';
import type { Extension } from '../../x509/extensions/extension.ts';
import { readAuthorityKeyIdentifier } from '../../x509/extensions/key-identifiers.ts';
import type { CertificateListContent } from '../certificate-list-content.ts';
import type { EntryFault } from '../certificate-list-entries.ts';
import type { Rule } from '../rule.ts';
import { isWrittenTime } from '../written-time.ts';

type ListRule = Rule<CertificateListContent>;

/** A rule of RFC 5280 that a CRL must keep. */
const required = (id: string, section: string, where: string, check: ListRule['check']): ListRule => ({
  id: `rfc5280-crl-${id}`,
  clause: `RFC 5280 §${section}`,
  severity: 'error',
  where,
  check,
});

/** A rule that every entry must keep. */
const ofEntries = (fault: EntryFault, section: string): ListRule =>
  required(fault, section, 'revokedCertificates', ({ entryFaults }) => !entryFaults.has(fault));

const find = ({ extensions }: CertificateListContent, oid: string): Extension | undefined =>
  extensions.find((extension) => extension.oid === oid);

/** Whether the extension has this criticality and passes `check`, if it is present. */
function keeps(
  content: CertificateListContent,
  oid: string,
  { critical, check }: { readonly critical: boolean; readonly check: (value: Extension['value']) => boolean },
): boolean {
  const found = find(content, oid);
  return found === undefined || (found.critical === critical && check(found.value));
}

const timeOf = ({ tag, contents }: CertificateListContent['thisUpdate']): number =>
  decodeTime(tag, contents)?.getTime() ?? NaN;

/** RFC 5280 §5.2.3: non-negative, and of at most 20 octets. */
function isNumber(value: Extension['value']): boolean {
  const { tag, contents } = elementOf(value);
  const isInteger = tag === TAG.integer && primitiveFault(tag, contents) === undefined;
  return isInteger && (contents[0] ?? 0x80) < 0x80 && contents.length <= 20;
}

/** RFC 5280 §5.2: a relying party that does not know a critical extension must not use the CRL. */
const CRITICAL: ReadonlySet<string> = new Set([
  extensionOid.issuingDistributionPoint,
  extensionOid.deltaCRLIndicator,
]);

const isDelta = (content: CertificateListContent): boolean =>
  find(content, extensionOid.deltaCRLIndicator) !== undefined;

export const CERTIFICATE_LIST_RULES: readonly ListRule[] = [
  required('version-2', '5.1.2.1', 'version', ({ version }) => version === 1),
  required(
    'signature-algorithm',
    '5.1.1.2',
    'signature',
    ({ signatureAlgorithm, signerAlgorithm }) => Buffer.compare(signatureAlgorithm, signerAlgorithm) === 0,
  ),
  required('issuer-not-empty', '5.1.2.3', 'issuer', ({ issuerName }) => issuerName.length > 0),
  required('this-update', '5.1.2.4', 'thisUpdate', ({ thisUpdate }) => isWrittenTime(thisUpdate)),
  required(
    'next-update',
    '5.1.2.5',
    'nextUpdate',
    ({ thisUpdate, nextUpdate }) =>
      nextUpdate !== undefined && isWrittenTime(nextUpdate) && timeOf(nextUpdate) > timeOf(thisUpdate),
  ),
  required('no-empty-entries', '5.1.2.6', 'revokedCertificates', ({ entryCount }) => entryCount !== 0),
  ofEntries('serial-number', '4.1.2.2'),
  ofEntries('repeated-serial-number', '5.1.2.6'),
  ofEntries('revocation-date', '5.1.2.6'),
  ofEntries('critical-extension', '5.3'),
  ofEntries('reason-code', '5.3.1'),
  { ...ofEntries('reason-unspecified', '5.3.1'), severity: 'warning' },
  required(
    'remove-from-crl',
    '5.3.1',
    'revokedCertificates',
    (content) => isDelta(content) || !content.entryFaults.has('remove-from-crl'),
  ),
  ofEntries('invalidity-date', '5.3.2'),
  required('extensions-known', '5.2', 'crlExtensions', ({ extensions }) =>
    extensions.every(({ oid, critical }) => !critical || CRITICAL.has(oid)),
  ),
  required('authority-key-identifier', '5.2.1', 'crlExtensions.authorityKeyIdentifier', (content) => {
    const found = find(content, extensionOid.authorityKeyIdentifier);
    return found !== undefined && readAuthorityKeyIdentifier(found.value).keyIdentifier !== undefined;
  }),
  required('number', '5.2.3', 'crlExtensions.cRLNumber', (content) => {
    const found = find(content, knownExtensionOid.cRLNumber);
    return found !== undefined && isNumber(found.value);
  }),
  required('delta-indicator', '5.2.4', 'crlExtensions.deltaCRLIndicator', (content) =>
    keeps(content, extensionOid.deltaCRLIndicator, { critical: true, check: isNumber }),
  ),
  required('issuing-distribution-point', '5.2.5', 'crlExtensions.issuingDistributionPoint', (content) =>
    keeps(content, extensionOid.issuingDistributionPoint, {
      critical: true,
      check: (value) => describeIssuingDistributionPoint(value).length > 0,
    }),
  ),
  required('freshest-crl', '5.2.6', 'crlExtensions.freshestCRL', (content) =>
    keeps(content, extensionOid.freshestCRL, {
      critical: false,
      check: (value) => {
        checkDistributionPoints(value);
        return !isDelta(content);
      },
    }),
  ),
];
