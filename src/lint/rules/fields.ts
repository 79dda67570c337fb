/** Fields of the TBSCertificate (RFC 5280 §4.1). */

import { asBuffer } from '../../base/octets.ts';
import { unknownCriticalExtension, type Extension } from '../../x509/extensions/extension.ts';
import { encodeValidity } from '../../x509/validity.ts';
import { extensionNamed } from '../extension-values.ts';
import { rulesWith } from '../rule.ts';
import type { CertificateView } from '../views.ts';

/** Of the INTEGER, in octets. */
const MAX_SERIAL_LENGTH = 20;

const isReadable = (time: Date): boolean => !Number.isNaN(time.getTime());

const hasWrittenValidity = ({ tbs: { validity }, der }: CertificateView): boolean =>
  isReadable(validity.notBefore) &&
  isReadable(validity.notAfter) &&
  asBuffer(der).includes(asBuffer(encodeValidity(validity)));

const isUnknown = (extension: Extension): boolean =>
  unknownCriticalExtension({ extensions: [extension] }) !== undefined;

export const FIELD_RULES = rulesWith<CertificateView>()(
  {},
  {
    id: 'rfc5280-version-3',
    clause: 'RFC 5280 §4.1.2.1',
    where: 'version',
    requires: 'A certificate must have version 3',
    only: 'issued',
    check: ({ tbs }) => tbs.version === 3,
  },
  {
    id: 'rfc5280-version',
    clause: 'RFC 5280 §4.1.2.1',
    where: 'version',
    requires: 'A certificate with extensions must have version 3',
    only: 'received',
    check: ({ tbs: { version, extensions } }) => extensions.length === 0 || version === 3,
  },
  {
    id: 'rfc5280-serial-positive',
    clause: 'RFC 5280 §4.1.2.2',
    where: 'serialNumber',
    requires: 'The serial number must be positive',
    check: ({ tbs: { serialNumber } }) =>
      (serialNumber[0] ?? 0) < 0x80 && serialNumber.some((octet) => octet > 0),
  },
  {
    id: 'rfc5280-serial-length',
    clause: 'RFC 5280 §4.1.2.2',
    where: 'serialNumber',
    requires: 'The serial number must have at most 20 octets',
    check: ({ tbs }) => tbs.serialNumber.length <= MAX_SERIAL_LENGTH,
  },
  {
    id: 'rfc5280-signature-algorithm',
    clause: 'RFC 5280 §4.1.1.2',
    where: 'signatureAlgorithm',
    requires: 'The algorithm in tbsCertificate must be the algorithm of the signature, octet for octet',
    check: ({ signatureAlgorithm, signerAlgorithm }) =>
      Buffer.compare(signatureAlgorithm, signerAlgorithm) === 0,
  },
  {
    id: 'rfc5280-issuer-not-empty',
    clause: 'RFC 5280 §4.1.2.4',
    where: 'issuer',
    requires: 'The issuer must not be empty',
    check: ({ issuerName }) => issuerName.length > 0,
  },
  {
    // UTCTime until 2049, GeneralizedTime from 2050, both in whole seconds and with Z
    id: 'rfc5280-validity-encoding',
    clause: 'RFC 5280 §4.1.2.5',
    where: 'validity',
    requires: 'Times must be UTCTime until 2049 and GeneralizedTime from 2050',
    only: 'issued',
    check: hasWrittenValidity,
  },
  {
    id: 'rfc5280-validity-form',
    clause: 'RFC 5280 §4.1.2.5',
    where: 'validity',
    requires: 'Times must be UTCTime until 2049 and GeneralizedTime from 2050, in whole seconds and with Z',
    only: 'received',
    check: hasWrittenValidity,
  },
  {
    id: 'rfc5280-unique-identifiers-absent',
    clause: 'RFC 5280 §4.1.2.8',
    where: 'issuerUniqueID',
    requires: 'A CA must not write unique identifiers',
    check: ({ tbs }) => tbs.issuerUniqueId === undefined && tbs.subjectUniqueId === undefined,
  },
  {
    id: 'rfc5280-critical-extensions-known',
    clause: 'RFC 5280 §4.2',
    where: 'extensions',
    requires: 'A critical extension must be one that relying parties process',
    only: 'issued',
    check: (view) => unknownCriticalExtension(view) === undefined,
  },
  {
    id: 'rfc5280-critical-extension-unknown',
    clause: 'RFC 5280 §4.2',
    severity: 'warning',
    where: 'extensions',
    requires: 'Relying parties reject a certificate with a critical extension that they do not know',
    only: 'received',
    check: (view) => view.extensions.filter(isUnknown).map(({ oid }) => extensionNamed(oid)),
  },
);
