/** Fields of the TBSCertificate (RFC 5280 §4.1). */

import { asBuffer } from '../../base/octets.ts';
import { encodeValidity } from '../../x509/validity.ts';
import type { CertificateContent } from '../content.ts';
import type { Rule } from '../rule.ts';

/** Of the INTEGER, in octets. */
const MAX_SERIAL_LENGTH = 20;

export const RFC5280_RULES: readonly Rule<CertificateContent>[] = [
  {
    id: 'rfc5280-version-3',
    clause: 'RFC 5280 §4.1.2.1',
    severity: 'error',
    where: 'version',
    check: ({ tbs }) => tbs.version === 3,
  },
  {
    id: 'rfc5280-serial-positive',
    clause: 'RFC 5280 §4.1.2.2',
    severity: 'error',
    where: 'serialNumber',
    check: ({ tbs: { serialNumber } }) =>
      (serialNumber[0] ?? 0) < 0x80 && serialNumber.some((octet) => octet > 0),
  },
  {
    id: 'rfc5280-serial-length',
    clause: 'RFC 5280 §4.1.2.2',
    severity: 'error',
    where: 'serialNumber',
    check: ({ tbs }) => tbs.serialNumber.length <= MAX_SERIAL_LENGTH,
  },
  {
    id: 'rfc5280-signature-algorithm',
    clause: 'RFC 5280 §4.1.1.2',
    severity: 'error',
    where: 'signatureAlgorithm',
    check: ({ signatureAlgorithm, signerAlgorithm }) =>
      Buffer.compare(signatureAlgorithm, signerAlgorithm) === 0,
  },
  {
    id: 'rfc5280-issuer-not-empty',
    clause: 'RFC 5280 §4.1.2.4',
    severity: 'error',
    where: 'issuer',
    check: ({ issuerName }) => issuerName.length > 0,
  },
  {
    // UTCTime until 2049, GeneralizedTime from 2050, both in whole seconds and with Z
    id: 'rfc5280-validity-encoding',
    clause: 'RFC 5280 §4.1.2.5',
    severity: 'error',
    where: 'validity',
    check: ({ tbs, der }) => asBuffer(der).includes(asBuffer(encodeValidity(tbs.validity))),
  },
  {
    id: 'rfc5280-unique-identifiers-absent',
    clause: 'RFC 5280 §4.1.2.8',
    severity: 'error',
    where: 'issuerUniqueID',
    check: ({ tbs }) => tbs.issuerUniqueId === undefined && tbs.subjectUniqueId === undefined,
  },
];
