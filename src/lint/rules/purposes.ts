/** What the key of an end entity is for (RFC 5280 §4.2.1.12, RFC 3161 §2.3, X509-SVID). */

import { extendedKeyUsageOid, extensionOid } from '../../formats/oids.ts';
import type { KeyUsage } from '../../x509/extensions/key-usage.ts';
import { isSpiffeUri, spiffeIdFault } from '../../x509/names/spiffe-id.ts';
import { criticality, type CertificateContent } from '../content.ts';
import type { Rule } from '../rule.ts';

const { serverAuth, clientAuth, codeSigning, emailProtection, timeStamping, OCSPSigning } =
  extendedKeyUsageOid;

/** The bits of keyUsage that fit each purpose: one of them is enough (RFC 5280 §4.2.1.12). */
const FITTING: ReadonlyMap<string, readonly KeyUsage[]> = new Map<string, readonly KeyUsage[]>([
  [serverAuth, ['digitalSignature', 'keyEncipherment', 'keyAgreement']],
  [clientAuth, ['digitalSignature', 'keyAgreement']],
  [codeSigning, ['digitalSignature']],
  [emailProtection, ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyAgreement']],
  [timeStamping, ['digitalSignature', 'nonRepudiation']],
  [OCSPSigning, ['digitalSignature', 'nonRepudiation']],
]);

const isEndEntity = ({ basicConstraints }: CertificateContent): boolean => basicConstraints?.cA !== true;

const isTimeStamper = (content: CertificateContent): boolean =>
  isEndEntity(content) && content.extendedKeyUsage?.includes(timeStamping) === true;

const urisOf = ({ subjectAltName = [] }: CertificateContent): readonly string[] =>
  subjectAltName.flatMap((name) => (name.kind === 'URI' ? [name.value] : []));

/** An end entity with a SPIFFE ID. */
const isSvid = (content: CertificateContent): boolean =>
  isEndEntity(content) && urisOf(content).some(isSpiffeUri);

export const PURPOSE_RULES: readonly Rule<CertificateContent>[] = [
  {
    id: 'rfc3161-time-stamping-critical',
    clause: 'RFC 3161 §2.3',
    severity: 'error',
    where: 'extensions.extendedKeyUsage',
    check: (content) =>
      !isTimeStamper(content) || criticality(content, extensionOid.extendedKeyUsage) === true,
  },
  {
    id: 'rfc3161-time-stamping-alone',
    clause: 'RFC 3161 §2.3',
    severity: 'error',
    where: 'extensions.extendedKeyUsage',
    check: (content) => !isTimeStamper(content) || content.extendedKeyUsage?.length === 1,
  },
  {
    id: 'rfc5280-purposes-fit-key-usage',
    clause: 'RFC 5280 §4.2.1.12',
    severity: 'warning',
    where: 'extensions.keyUsage',
    check: (content) => {
      const { keyUsage, extendedKeyUsage = [] } = content;
      if (keyUsage === undefined || !isEndEntity(content)) return true;
      return extendedKeyUsage.every(
        (purpose) => FITTING.get(purpose)?.some((usage) => keyUsage.includes(usage)) ?? true,
      );
    },
  },
  // Any certificate may have these names, so the next three are warnings; the profile svid refuses them.
  {
    id: 'svid-one-uri',
    clause: 'X509-SVID §2',
    severity: 'warning',
    where: 'extensions.subjectAltName',
    check: (content) => !isSvid(content) || urisOf(content).length === 1,
  },
  {
    id: 'svid-spiffe-id',
    clause: 'X509-SVID §2',
    severity: 'warning',
    where: 'extensions.subjectAltName',
    check: (content) =>
      !isSvid(content) ||
      urisOf(content)
        .filter(isSpiffeUri)
        .every((uri) => spiffeIdFault(uri) === undefined),
  },
  {
    id: 'svid-key-usage',
    clause: 'X509-SVID §4.3',
    severity: 'warning',
    where: 'extensions.keyUsage',
    check: (content) => !isSvid(content) || content.keyUsage?.includes('digitalSignature') === true,
  },
];
