/** Certificates whose revocation is not checked, and certificates of OCSP responders (RFC 9608, RFC 6960, RFC 9919). */

import type { Der } from '../../formats/der/header.ts';
import { nullValue } from '../../formats/der/writer.ts';
import { accessMethodOid, extendedKeyUsageOid } from '../../formats/oids.ts';
import { rulesWith } from '../rule.ts';
import type { CertificateView } from '../views.ts';

const NULL = nullValue();

const isNull = (value: Der | undefined): boolean => value !== undefined && Buffer.compare(value, NULL) === 0;

const namesResponder = (view: CertificateView): boolean =>
  view.value('authorityInfoAccess')?.some(({ method }) => method === accessMethodOid.ocsp) === true;

const isUnrevoked = (view: CertificateView): boolean => view.has('noRevAvail');

export const REVOCATION_RULES = rulesWith<CertificateView>()(
  { where: 'extensions.noRevAvail', applies: isUnrevoked },
  {
    id: 'rfc9608-no-rev-avail-value',
    clause: 'RFC 9608 §2',
    requires: 'The value must be NULL',
    check: (view) => isNull(view.value('noRevAvail')),
  },
  {
    id: 'rfc9608-no-rev-avail-not-critical',
    clause: 'RFC 9608 §2',
    requires: 'The extension must not be critical',
    check: (view) => view.isCritical('noRevAvail') !== true,
  },
  {
    id: 'rfc9608-no-rev-avail-not-ca',
    clause: 'RFC 9608 §3',
    requires: 'The certificate of a CA must not have the extension',
    check: ({ isCa }) => !isCa,
  },
  {
    id: 'rfc9608-no-rev-avail-alone',
    clause: 'RFC 9608 §3',
    requires: 'A certificate with the extension must not name a CRL or an OCSP responder',
    check: (view) => !view.has('cRLDistributionPoints') && !view.has('freshestCRL') && !namesResponder(view),
  },
);

const isResponder = (view: CertificateView): boolean => view.hasPurpose(extendedKeyUsageOid.OCSPSigning);

export const RESPONDER_RULES = rulesWith<CertificateView>()(
  { where: 'extensions.ocspNoCheck' },
  {
    id: 'rfc6960-ocsp-no-check',
    clause: 'RFC 6960 §4.2.2.2.1',
    requires: 'The value must be NULL, and only a responder has the extension',
    applies: (view) => view.has('ocspNoCheck'),
    check: (view) => isNull(view.value('ocspNoCheck')) && isResponder(view),
  },
  {
    id: 'rfc6960-ocsp-no-check-not-critical',
    clause: 'RFC 6960 §4.2.2.2.1',
    severity: 'warning',
    requires: 'The extension should not be critical',
    check: (view) => view.isCritical('ocspNoCheck') !== true,
  },
  {
    id: 'rfc9919-responder-no-check',
    clause: 'RFC 9919 §3.2.2',
    severity: 'warning',
    requires: 'The certificate of a responder should have the extension',
    applies: (view) => !view.isCa && isResponder(view),
    check: (view) => view.has('ocspNoCheck'),
  },
  {
    id: 'rfc9919-responder-no-pointers',
    clause: 'RFC 9919 §3.2.2',
    severity: 'warning',
    where: 'extensions',
    requires: 'A certificate whose revocation is not checked should not name a CRL or an OCSP responder',
    applies: (view) => view.has('ocspNoCheck'),
    check: (view) => !view.has('cRLDistributionPoints') && !namesResponder(view),
  },
  {
    id: 'rfc6960-responder-key-usage',
    clause: 'RFC 6960 §4.2.2.2',
    where: 'extensions.keyUsage',
    requires: 'The key of a responder must be for digitalSignature or nonRepudiation',
    applies: (view) => !view.isCa && isResponder(view) && view.keyUsage !== undefined,
    check: ({ keyUsage = [] }) =>
      keyUsage.includes('digitalSignature') || keyUsage.includes('nonRepudiation'),
  },
);

/** In octets, by OID of the hash. */
const HASH_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['2.16.840.1.101.3.4.2.1', 32],
  ['2.16.840.1.101.3.4.2.2', 48],
  ['2.16.840.1.101.3.4.2.3', 64],
  ['2.16.840.1.101.3.4.2.8', 32],
  ['2.16.840.1.101.3.4.2.9', 48],
  ['2.16.840.1.101.3.4.2.10', 64],
]);

export const RELATED_RULES = rulesWith<CertificateView>()(
  {
    where: 'extensions.relatedCertificate',
    applies: (view: CertificateView) => view.has('relatedCertificate'),
  },
  {
    id: 'rfc9763-related-certificate-not-ca',
    clause: 'RFC 9763 §4.1',
    requires: 'Only the certificate of an end entity can have the extension',
    check: ({ isCa }) => !isCa,
  },
  {
    id: 'rfc9763-related-certificate-not-critical',
    clause: 'RFC 9763 §4.1',
    severity: 'warning',
    requires: 'The extension should not be critical',
    check: (view) => view.isCritical('relatedCertificate') !== true,
  },
  {
    id: 'rfc9763-related-certificate-hash',
    clause: 'RFC 9763 §4.1',
    requires: 'The hash must have the length of its algorithm, SHA-2 or SHA-3 of at least 256 bits',
    check: (view) => {
      const related = view.value('relatedCertificate');
      return related === undefined || HASH_LENGTHS.get(related.algorithm) === related.hash.length;
    },
  },
);
