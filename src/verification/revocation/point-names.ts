/** Names of distribution points as texts: names that are the same have the same text. */

import { ifReadable } from '../../base/errors.ts';
import type { Der } from '../../formats/der/header.ts';
import type { DerElement } from '../../formats/der/reader.ts';
import {
  decodeDistinguishedName,
  encodeDistinguishedName,
  readRelativeDistinguishedName,
} from '../../x509/names/distinguished-name.ts';
import {
  encodeGeneralName,
  readGeneralNames,
  type GeneralName,
  type OtherGeneralName,
} from '../../x509/names/general-name-encoding.ts';
import { nameText } from '../member.ts';

/** DistributionPointName ::= CHOICE { fullName [0], nameRelativeToCRLIssuer [1] } */
export function namesOf(name: DerElement, issuer: Der): ReadonlySet<string> {
  const names = ifReadable(() => {
    if (name.tag !== RELATIVE) return readGeneralNames(name).map(textOf);
    const whole = [...decodeDistinguishedName(issuer), readRelativeDistinguishedName(name)];
    return [`dirName ${nameText(encodeDistinguishedName(whole))}`];
  });
  return new Set(names);
}

const RELATIVE = 0xa1;

export function textOf(name: GeneralName | OtherGeneralName): string {
  if (name.kind === 'dirName') return `dirName ${nameText(encodeDistinguishedName(name.name))}`;
  const der = name.kind === 'other' ? name.der : encodeGeneralName(name);
  return `${name.kind} ${Buffer.from(der).toString('hex')}`;
}
