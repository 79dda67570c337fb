/** What the key of an end entity is for (RFC 5280 §4.2.1.12, RFC 3161 §2.3, X509-SVID). */

import { extendedKeyUsageOid } from '../../formats/oids.ts';
import type { KeyUsage } from '../../x509/extensions/key-usage.ts';
import { isSpiffeUri, spiffeIdFault } from '../../x509/names/spiffe-id.ts';
import { rulesWith } from '../rule.ts';
import type { CertificateView, NamedKeyView } from '../views.ts';

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

const isTimeStamper = (view: CertificateView): boolean => !view.isCa && view.hasPurpose(timeStamping);

const urisOf = (view: CertificateView): readonly string[] =>
  (view.value('subjectAltName') ?? []).flatMap((name) => (name.kind === 'URI' ? [name.value] : []));

/** An end entity with a SPIFFE ID. */
const isSvid = (view: CertificateView): boolean => !view.isCa && urisOf(view).some(isSpiffeUri);

export const PURPOSE_RULES = rulesWith<NamedKeyView>()(
  { where: 'extensions.extendedKeyUsage' },
  {
    id: 'rfc5280-purposes-once',
    clause: 'RFC 5280 §4.2.1.12',
    requires: 'A purpose must occur once',
    check: ({ purposes }) => new Set(purposes).size === purposes.length,
  },
  {
    id: 'rfc5280-any-purpose-not-critical',
    clause: 'RFC 5280 §4.2.1.12',
    severity: 'warning',
    requires: 'The extension should not be critical when it has anyExtendedKeyUsage',
    check: (view) =>
      !view.hasPurpose(extendedKeyUsageOid.anyExtendedKeyUsage) ||
      view.isCritical('extendedKeyUsage') === false,
  },
);

export const END_ENTITY_RULES = rulesWith<CertificateView>()(
  { where: 'extensions.extendedKeyUsage' },
  {
    id: 'rfc3161-time-stamping-critical',
    clause: 'RFC 3161 §2.3',
    requires: 'The extension must be critical in the certificate of a time-stamping authority',
    check: (view) => !isTimeStamper(view) || view.isCritical('extendedKeyUsage') === true,
  },
  {
    id: 'rfc3161-time-stamping-alone',
    clause: 'RFC 3161 §2.3',
    requires: 'timeStamping must be the only purpose',
    check: (view) => !isTimeStamper(view) || view.purposes.length === 1,
  },
  {
    id: 'rfc5280-purposes-fit-key-usage',
    clause: 'RFC 5280 §4.2.1.12',
    severity: 'warning',
    where: 'extensions.keyUsage',
    requires: 'keyUsage should have a bit that fits each purpose',
    check: ({ keyUsage, purposes, isCa }) =>
      keyUsage === undefined ||
      isCa ||
      purposes.every((purpose) => FITTING.get(purpose)?.some((usage) => keyUsage.includes(usage)) ?? true),
  },
);

/** Any certificate may have these names, so these are warnings; the profile svid refuses them. */
export const SVID_RULES = rulesWith<CertificateView>()(
  { severity: 'warning', where: 'extensions.subjectAltName' },
  {
    id: 'svid-one-uri',
    clause: 'X509-SVID §2',
    requires: 'An X.509-SVID must have exactly one URI',
    check: (view) => !isSvid(view) || urisOf(view).length === 1,
  },
  {
    id: 'svid-spiffe-id',
    clause: 'X509-SVID §2',
    requires: 'The URI of an X.509-SVID must be a SPIFFE ID',
    check: (view) =>
      !isSvid(view) ||
      urisOf(view)
        .filter(isSpiffeUri)
        .every((uri) => spiffeIdFault(uri) === undefined),
  },
  {
    id: 'svid-key-usage',
    clause: 'X509-SVID §4.3',
    where: 'extensions.keyUsage',
    requires: 'The key of an X.509-SVID must be for digitalSignature',
    check: (view) => !isSvid(view) || view.keyUsage?.includes('digitalSignature') === true,
  },
);
