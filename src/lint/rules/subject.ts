/** Names and keys of certificates and requests alike (RFC 5280 §4.1.2.6, §4.2.1.6; RFC 2986 asks for the same). */

import { ifReadable, PkiError } from '../../base/errors.ts';
import { UNNOTED } from '../../formats/reading.ts';
import { isCanonicalKey, readPublicKey } from '../../keys/public-key.ts';
import { isKnownAttribute } from '../../x509/names/attribute-type.ts';
import { checkDistinguishedName } from '../../x509/names/distinguished-name.ts';
import { checkGeneralNames } from '../../x509/names/general-name-check.ts';
import { POST_QUANTUM } from '../algorithms.ts';
import { rulesWith } from '../rule.ts';
import type { AnyName } from '../list-values.ts';
import type { NamedKeyView } from '../views.ts';

/** Whether `check` throws no PkiError. */
const passes = (check: () => void): boolean =>
  ifReadable(() => {
    check();
    return true;
  }) ?? false;

const hasWritableName = ({ subjectName }: NamedKeyView): boolean => {
  const known = subjectName.map((rdn) => rdn.filter(({ type }) => isKnownAttribute(type)));
  return passes(() => checkDistinguishedName(known.filter((rdn) => rdn.length > 0)));
};

/** Other rules are about the lengths of post-quantum keys. */
function hasKnownLength({ key, keyBits }: NamedKeyView): boolean {
  const { keyLength } = POST_QUANTUM.get(key?.oid ?? '') ?? {};
  return keyLength === undefined || keyLength === keyBits?.length;
}

/** An algorithm that is not supported here keeps the standard all the same. */
function hasRightKey({ subjectPublicKeyInfo }: NamedKeyView): boolean {
  try {
    return readPublicKey(subjectPublicKeyInfo, UNNOTED).bits.length > 0;
  } catch (error) {
    if (error instanceof PkiError) return error.code === 'unsupported-algorithm';
    throw error;
  }
}

const namesOf = (view: NamedKeyView): readonly AnyName[] => view.value('subjectAltName') ?? [];

export const SUBJECT_RULES = rulesWith<NamedKeyView>()(
  { where: 'subject' },
  {
    id: 'rfc5280-subject-attributes',
    clause: 'RFC 5280 §4.1.2.6, appendix A.1',
    requires: 'Each attribute must have the string type, the length and the characters of its type',
    only: 'issued',
    check: ({ subjectName }) => {
      checkDistinguishedName(subjectName);
      return true;
    },
  },
  {
    id: 'rfc5280-subject-syntax',
    clause: 'RFC 5280 §4.1.2.6, appendix A.1',
    severity: 'warning',
    requires: 'Each attribute should have the string type, the length and the characters of its type',
    only: 'received',
    check: hasWritableName,
  },
  {
    id: 'rfc5280-subject-or-names',
    clause: 'RFC 5280 §4.1.2.6',
    requires: 'A subject must have a name: the field, or alternative names',
    check: (view) => view.subjectName.length > 0 || view.has('subjectAltName'),
  },
  {
    id: 'rfc5280-public-key',
    clause: 'RFC 5280 §4.1.2.7',
    where: 'subjectPublicKeyInfo',
    requires: 'The public key must be encoded as its algorithm requires',
    only: 'issued',
    check: ({ subjectPublicKeyInfo }) => isCanonicalKey(subjectPublicKeyInfo),
  },
  {
    id: 'rfc5280-public-key-value',
    clause: 'RFC 5280 §4.1.2.7',
    where: 'subjectPublicKeyInfo',
    requires: 'The public key must be valid for its algorithm',
    only: 'received',
    applies: hasKnownLength,
    check: hasRightKey,
  },
);

export const SUBJECT_NAME_RULES = rulesWith<NamedKeyView>()(
  { where: 'extensions.subjectAltName', applies: (view: NamedKeyView) => view.has('subjectAltName') },
  {
    id: 'rfc5280-names-critical-without-subject',
    clause: 'RFC 5280 §4.2.1.6',
    requires: 'The extension must be critical when the subject is empty',
    check: (view) => view.subjectName.length > 0 || view.isCritical('subjectAltName') === true,
  },
  {
    id: 'rfc5280-names-not-critical-with-subject',
    clause: 'RFC 5280 §4.2.1.6',
    severity: 'warning',
    requires: 'The extension should not be critical when the subject is not empty',
    check: (view) => view.subjectName.length === 0 || view.isCritical('subjectAltName') !== true,
  },
  {
    id: 'rfc5280-alternative-names',
    clause: 'RFC 5280 §4.2.1.6',
    requires: 'Each name must have the syntax of its kind',
    only: 'issued',
    check: (view) => {
      checkGeneralNames(namesOf(view), { allowUnderscore: true });
      return true;
    },
  },
  {
    // The caller allowed it
    id: 'rfc1123-no-underscore',
    clause: 'RFC 1123 §2.1, RFC 5280 §4.2.1.6',
    severity: 'warning',
    requires: 'The name of a host should not have an underscore',
    check: (view) => !namesOf(view).some((name) => name.kind === 'DNS' && name.value.includes('_')),
  },
);
