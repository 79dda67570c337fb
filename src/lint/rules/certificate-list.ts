/** CRLs (RFC 5280 §5). */

import type { DerElement } from '../../formats/der/reader.ts';
import { decodeTime } from '../../formats/der/time.ts';
import type { EntryFault } from '../certificate-list-entries.ts';
import type { CertificateListView } from '../certificate-list-view.ts';
import { rulesWith, type Rule, type Severity } from '../rule.ts';
import { isWrittenTime } from '../written-time.ts';
import { CERTIFICATE_LIST_EXTENSION_RULES } from './certificate-list-extensions.ts';

const required = rulesWith<CertificateListView>();

type EntryRow = readonly [fault: EntryFault, section: string, requires: string, severity?: Severity];

const ENTRY_ROWS: readonly EntryRow[] = [
  ['serial-number', '4.1.2.2', 'A serial number must be positive and have at most 20 octets'],
  ['repeated-serial-number', '5.1.2.6', 'A serial number must be listed once'],
  ['revocation-date', '5.1.2.6', 'Times must be UTCTime until 2049 and GeneralizedTime from 2050'],
  [
    'critical-extension',
    '5.3',
    'An entry must not have a critical extension that relying parties do not know',
  ],
  ['reason-code', '5.3.1', 'reasonCode must be an ENUMERATED from 0 to 10, and not 7'],
  ['reason-unspecified', '5.3.1', 'reasonCode should be absent when the reason is unspecified', 'warning'],
  ['invalidity-date', '5.3.2', 'invalidityDate must be a GeneralizedTime'],
];

/** A rule that every entry must keep. */
const ofEntries = ([
  fault,
  section,
  requires,
  severity = 'error',
]: EntryRow): readonly Rule<CertificateListView>[] =>
  required(
    { where: 'revokedCertificates' },
    {
      id: `rfc5280-crl-${fault}`,
      clause: `RFC 5280 §${section}`,
      severity,
      requires,
      check: ({ fields }) => !fields.entryFaults.has(fault),
    },
  );

const timeOf = ({ tag, contents }: DerElement): number => decodeTime(tag, contents)?.getTime() ?? NaN;

const FIELDS = required(
  {},
  {
    id: 'rfc5280-crl-version-2',
    clause: 'RFC 5280 §5.1.2.1',
    where: 'version',
    requires: 'A CRL must have version 2',
    check: ({ fields }) => fields.version === 1,
  },
  {
    id: 'rfc5280-crl-signature-algorithm',
    clause: 'RFC 5280 §5.1.1.2',
    where: 'signature',
    requires: 'The algorithm in tbsCertList must be the algorithm of the signature, octet for octet',
    check: ({ signatureAlgorithm, signerAlgorithm }) =>
      Buffer.compare(signatureAlgorithm, signerAlgorithm) === 0,
  },
  {
    id: 'rfc5280-crl-issuer-not-empty',
    clause: 'RFC 5280 §5.1.2.3',
    where: 'issuer',
    requires: 'The issuer must not be empty',
    check: ({ fields }) => fields.issuerName.length > 0,
  },
  {
    id: 'rfc5280-crl-this-update',
    clause: 'RFC 5280 §5.1.2.4',
    where: 'thisUpdate',
    requires: 'Times must be UTCTime until 2049 and GeneralizedTime from 2050',
    check: ({ fields }) => isWrittenTime(fields.thisUpdate),
  },
  {
    id: 'rfc5280-crl-next-update',
    clause: 'RFC 5280 §5.1.2.5',
    where: 'nextUpdate',
    requires: 'nextUpdate must be present and later than thisUpdate',
    check: ({ fields: { thisUpdate, nextUpdate } }) =>
      nextUpdate !== undefined && isWrittenTime(nextUpdate) && timeOf(nextUpdate) > timeOf(thisUpdate),
  },
  {
    id: 'rfc5280-crl-no-empty-entries',
    clause: 'RFC 5280 §5.1.2.6',
    where: 'revokedCertificates',
    requires: 'revokedCertificates must be absent when no certificate is revoked',
    check: ({ fields }) => fields.entryCount !== 0,
  },
  {
    id: 'rfc5280-crl-remove-from-crl',
    clause: 'RFC 5280 §5.3.1',
    where: 'revokedCertificates',
    requires: 'Only a delta CRL can have the reason removeFromCRL',
    check: ({ isDelta, fields }) => isDelta || !fields.entryFaults.has('remove-from-crl'),
  },
);

export const CERTIFICATE_LIST_RULES: readonly Rule<CertificateListView>[] = [
  ...FIELDS,
  ...ENTRY_ROWS.flatMap(ofEntries),
  ...CERTIFICATE_LIST_EXTENSION_RULES,
];
