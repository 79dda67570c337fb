/** Reads the names of a certification request, and checks that they are allowed in a new certificate. */

import type { Der } from '../../formats/der/header.ts';
import { elementOf, membersOf } from '../../formats/der/reader.ts';
import {
  checkDistinguishedName,
  decodeDistinguishedName,
  type DistinguishedName,
} from './distinguished-name.ts';
import { decodeGeneralNames, type GeneralName } from './general-name-encoding.ts';
import { checkGeneralNames, checkNameCount } from './general-name.ts';

/** Reads a Name; it can be empty. Throws PkiError invalid-subject. */
export function readRequestedSubject(der: Der): DistinguishedName {
  const name = decodeDistinguishedName(der);
  checkDistinguishedName(name);
  return name;
}

/** Reads the value of a subjectAltName. Throws PkiError invalid-san. */
export function readRequestedNames(der: Der): GeneralName[] {
  // Counted before anything is decoded
  checkNameCount([...membersOf(elementOf(der))].length);
  const names = decodeGeneralNames(der);
  checkGeneralNames(names);
  return names.filter((name) => name.kind !== 'other');
}
