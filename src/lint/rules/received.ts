/** Rules for certificates and requests of any maker, which are shown whether they keep them or not. */

import { ifReadable, PkiError } from '../../base/errors.ts';
import { asBuffer } from '../../base/octets.ts';
import { UNNOTED } from '../../formats/reading.ts';
import { extendedKeyUsageOid, extensionOid } from '../../formats/oids.ts';
import { shownOidName } from '../../formats/known-oids.ts';
import { readPublicKey } from '../../keys/public-key.ts';
import { unknownCriticalExtension } from '../../x509/extensions/extension.ts';
import { isKnownAttribute } from '../../x509/names/attribute-type.ts';
import { checkDistinguishedName } from '../../x509/names/distinguished-name.ts';
import { checkGeneralName } from '../../x509/names/general-name-check.ts';
import type { GeneralName, OtherGeneralName } from '../../x509/names/general-name-encoding.ts';
import { formatIpAddress } from '../../x509/names/ip-address.ts';
import { encodeValidity } from '../../x509/validity.ts';
import type { NamedKey } from '../content.ts';
import type { Received, ReceivedCertificate } from '../received-content.ts';
import type { ReceivedRule } from '../rule.ts';

/** Whether `check` throws no PkiError. */
const passes = (check: () => void): boolean =>
  ifReadable(() => {
    check();
    return true;
  }) ?? false;

const extensionNamed = (oid: string): string => `extensions.${shownOidName(oid)}`;

/** An algorithm that is not supported here keeps the standard all the same. */
function isWrongKey({ subjectPublicKeyInfo }: NamedKey): boolean {
  try {
    return readPublicKey(subjectPublicKeyInfo, UNNOTED).bits.length === 0;
  } catch (error) {
    if (error instanceof PkiError) return error.code !== 'unsupported-algorithm';
    throw error;
  }
}

/** No standard here has rules for its text. */
const isOtherName = ({ kind }: GeneralName | OtherGeneralName): boolean =>
  kind === 'other' || kind === 'otherName';

export const RECEIVED_RULES: readonly ReceivedRule<Received>[] = [
  {
    id: 'rfc5280-extension-value',
    clause: 'RFC 5280 §4.2',
    severity: 'error',
    find: ({ malformed }) => malformed.map(extensionNamed),
  },
  {
    id: 'rfc5280-subject-syntax',
    clause: 'RFC 5280 §4.1.2.6, appendix A.1',
    severity: 'warning',
    find: ({ subjectName }) => {
      const known = subjectName.map((rdn) => rdn.filter(({ type }) => isKnownAttribute(type)));
      const name = known.filter((rdn) => rdn.length > 0);
      return passes(() => checkDistinguishedName(name)) ? [] : ['subject'];
    },
  },
  {
    id: 'rfc5280-alternative-name-syntax',
    clause: 'RFC 5280 §4.2.1.6',
    severity: 'warning',
    find: ({ subjectAltName = [] }) =>
      subjectAltName.every(
        (name) => isOtherName(name) || passes(() => checkGeneralName(name, { allowUnderscore: true })),
      )
        ? []
        : ['extensions.subjectAltName'],
  },
  {
    id: 'rfc5280-public-key-value',
    clause: 'RFC 5280 §4.1.2.7',
    severity: 'error',
    find: (content) => (isWrongKey(content) ? ['subjectPublicKeyInfo'] : []),
  },
];

const hasServerAuth = ({ extendedKeyUsage, basicConstraints }: NamedKey): boolean =>
  basicConstraints?.cA !== true && extendedKeyUsage?.includes(extendedKeyUsageOid.serverAuth) === true;

const COMMON_NAME = '2.5.4.3';

/** The texts of the names that a server can have. */
const serverNames = ({ subjectAltName = [] }: NamedKey): readonly string[] =>
  subjectAltName.flatMap((name) => {
    if (name.kind === 'IP') return [formatIpAddress(name.octets)];
    return name.kind === 'DNS' ? [name.value.toLowerCase()] : [];
  });

const commonNames = ({ subjectName }: NamedKey): readonly string[] =>
  subjectName
    .flat()
    .filter(({ type }) => type === COMMON_NAME)
    .map(({ value }) => value.toLowerCase());

const isReadable = (time: Date): boolean => !Number.isNaN(time.getTime());

export const RECEIVED_CERTIFICATE_RULES: readonly ReceivedRule<ReceivedCertificate>[] = [
  {
    id: 'rfc5280-version',
    clause: 'RFC 5280 §4.1.2.1',
    severity: 'error',
    find: ({ tbs: { version, extensions } }) => (extensions.length > 0 && version !== 3 ? ['version'] : []),
  },
  {
    id: 'rfc5280-validity-form',
    clause: 'RFC 5280 §4.1.2.5',
    severity: 'error',
    find: ({ tbs: { validity }, der }) => {
      const { notBefore, notAfter } = validity;
      if (!isReadable(notBefore) || !isReadable(notAfter)) return ['validity'];
      return asBuffer(der).includes(asBuffer(encodeValidity(validity))) ? [] : ['validity'];
    },
  },
  {
    id: 'rfc5280-subject-key-identifier',
    clause: 'RFC 5280 §4.2.1.2',
    severity: 'warning',
    find: ({ tbs, subjectKeyIdentifier }) =>
      tbs.version === 3 && subjectKeyIdentifier === undefined ? ['extensions.subjectKeyIdentifier'] : [],
  },
  {
    id: 'rfc5280-critical-extension-unknown',
    clause: 'RFC 5280 §4.2',
    severity: 'warning',
    find: ({ extensions }) =>
      extensions
        .filter((extension) => unknownCriticalExtension({ extensions: [extension] }) !== undefined)
        .map(({ oid }) => extensionNamed(oid)),
  },
  {
    id: 'rfc9525-server-names',
    clause: 'RFC 9525 §2',
    severity: 'warning',
    find: (content) =>
      hasServerAuth(content) && !content.extensions.some(({ oid }) => oid === extensionOid.subjectAltName)
        ? ['extensions.subjectAltName']
        : [],
  },
  {
    id: 'cabf-common-name-in-names',
    clause: 'CA/Browser Forum BR §7.1.4.3',
    severity: 'warning',
    find: (content) => {
      const names = serverNames(content);
      const isOther = commonNames(content).some((name) => !names.includes(name));
      return hasServerAuth(content) && isOther ? ['subject'] : [];
    },
  },
];
