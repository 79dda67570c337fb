/** The attributes of names that were received (RFC 5280 §4.1.2.4, appendix A.1). What is issued is checked as a whole. */

import { TAG } from '../../formats/der/writer.ts';
import { attributeType, isKnownAttribute } from '../../x509/names/attribute-type.ts';
import type { NameAttribute } from '../name-attributes.ts';
import { rulesWith, type Rule } from '../rule.ts';
import type { CertificateView, NamedKeyView } from '../views.ts';

const COUNTRY = '2.5.4.6';
const COMMON_NAME = '2.5.4.3';
const EMAIL = '1.2.840.113549.1.9.1';

/** DirectoryString without the types that are no longer used. */
const OLD_STRINGS: ReadonlySet<number> = new Set([TAG.teletexString, TAG.bmpString, TAG.universalString]);
const PRINTABLE_TYPES: ReadonlySet<string> = new Set([COUNTRY, '2.5.4.5', '2.5.4.46']);
const IA5_TYPES: ReadonlySet<string> = new Set([EMAIL, '0.9.2342.19200300.100.1.25']);

const isTooLong = ({ type, text }: NameAttribute): boolean =>
  text !== undefined && isKnownAttribute(type) && Array.from(text).length > attributeType(type).maximum;

const isOf = (types: ReadonlySet<string>, tag: number) => (attribute: NameAttribute) =>
  !types.has(attribute.type) || attribute.tag === tag;

const none = (
  attributes: readonly NameAttribute[],
  isBroken: (attribute: NameAttribute) => boolean,
): boolean => !attributes.some(isBroken);

function hasTypeTwice(attributes: readonly NameAttribute[]): boolean {
  const seen = new Set<string>();
  return attributes.some(({ rdn, type }) => seen.size === seen.add(`${rdn} ${type}`).size);
}

export const ATTRIBUTE_RULES: readonly Rule<NamedKeyView>[] = rulesWith<NamedKeyView>()(
  {
    where: 'subject',
    only: 'received',
    applies: ({ subjectAttributes }: NamedKeyView) => subjectAttributes.length > 0,
  },
  {
    id: 'rfc5280-string-type',
    clause: 'RFC 5280 §4.1.2.4',
    severity: 'warning',
    requires: 'A new name should not have a TeletexString, BMPString or UniversalString',
    check: ({ subjectAttributes }) => none(subjectAttributes, ({ tag }) => OLD_STRINGS.has(tag)),
  },
  {
    id: 'rfc5280-printable-attributes',
    clause: 'RFC 5280 appendix A.1',
    requires: 'C, serialNumber and dnQualifier must be PrintableString',
    check: ({ subjectAttributes }) => subjectAttributes.every(isOf(PRINTABLE_TYPES, TAG.printableString)),
  },
  {
    id: 'rfc5280-ia5-attributes',
    clause: 'RFC 5280 appendix A.1',
    requires: 'emailAddress and DC must be IA5String',
    check: ({ subjectAttributes }) => subjectAttributes.every(isOf(IA5_TYPES, TAG.ia5String)),
  },
  {
    id: 'rfc5280-country-code',
    clause: 'RFC 5280 appendix A.1, ISO 3166-1',
    requires: 'C must be a code of two capital letters',
    check: ({ subjectAttributes }) =>
      none(subjectAttributes, ({ type, text }) => type === COUNTRY && !/^[A-Z]{2}$/.test(text ?? '')),
  },
  {
    id: 'rfc5280-upper-bounds',
    clause: 'RFC 5280 appendix A.1',
    requires: 'A value must have at most as many characters as its attribute allows, such as 64 for CN and O',
    check: ({ subjectAttributes }) => none(subjectAttributes, isTooLong),
  },
  {
    id: 'rfc5280-value-not-empty',
    clause: 'RFC 5280 appendix A.1',
    requires: 'A value must have at least one character',
    check: ({ subjectAttributes }) => none(subjectAttributes, ({ contents }) => contents.length === 0),
  },
  {
    id: 'x520-control-characters',
    clause: 'X.520 §6.1',
    severity: 'warning',
    requires: 'A value should not have control characters, which can change what a program shows',
    check: ({ subjectAttributes }) => none(subjectAttributes, ({ text = '' }) => /\p{Cc}/u.test(text)),
  },
  {
    id: 'x520-white-space',
    clause: 'X.520 §7.6',
    severity: 'notice',
    requires: 'White space at the start or end of a value is ignored when names are compared',
    check: ({ subjectAttributes }) =>
      none(subjectAttributes, ({ text = '' }) => text !== '' && text !== text.trim()),
  },
  {
    id: 'x501-type-once',
    clause: 'X.501 §9.3',
    requires: 'An attribute must not occur twice in one part of a name',
    check: ({ subjectAttributes }) => !hasTypeTwice(subjectAttributes),
  },
  {
    id: 'rfc5280-email-in-subject',
    clause: 'RFC 5280 §4.1.2.6',
    severity: 'notice',
    requires: 'A new certificate has mailboxes in subjectAltName, not in emailAddress of the subject',
    check: ({ subjectAttributes }) => none(subjectAttributes, ({ type }) => type === EMAIL),
  },
  {
    id: 'rfc5280-common-name-once',
    clause: 'X.521 §6, RFC 9525 §2',
    severity: 'notice',
    requires: 'Programs that read CN read only one of several',
    check: ({ subjectAttributes }) =>
      subjectAttributes.filter(({ type }) => type === COMMON_NAME).length <= 1,
  },
);

export const ISSUER_ATTRIBUTE_RULES: readonly Rule<CertificateView>[] = rulesWith<CertificateView>()(
  { where: 'issuer', only: 'received' },
  {
    id: 'rfc5280-issuer-control-characters',
    clause: 'X.520 §6.1',
    severity: 'warning',
    requires: 'A value should not have control characters, which can change what a program shows',
    check: ({ issuerAttributes }) => none(issuerAttributes, ({ text = '' }) => /\p{Cc}/u.test(text)),
  },
);
