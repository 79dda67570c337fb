/** Reads the names of a certification request, and checks that they are allowed in a new certificate. */

import type { Der } from '../../formats/der/header.ts';
import { elementOf, membersOf } from '../../formats/der/reader.ts';
import type { Reading } from '../../formats/reading.ts';
import {
  checkDistinguishedName,
  decodeDistinguishedName,
  writableName,
  type DistinguishedName,
} from './distinguished-name.ts';
import { decodeGeneralNames, type GeneralName } from './general-name-encoding.ts';
import { checkGeneralNames, checkNameCount } from './general-name.ts';

/** Reads a Name; it can be empty. The result is encoded again to be certified. Throws PkiError invalid-subject. */
export function readRequestedSubject(der: Der, reading: Reading): DistinguishedName {
  const name = writableName(decodeDistinguishedName(der), reading);
  checkDistinguishedName(name);
  return name;
}

/** Reads the value of a subjectAltName. Throws PkiError invalid-san. */
export function readRequestedNames(der: Der, reading: Reading): GeneralName[] {
  // Counted before anything is decoded
  checkNameCount([...membersOf(elementOf(der))].length);
  const names = decodeGeneralNames(der).map((name) =>
    name.kind === 'dirName' ? { ...name, name: writableName(name.name, reading) } : name,
  );
  checkGeneralNames(names);
  return names.filter((name) => name.kind !== 'other');
}
