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
import type { DnsNameOptions } from './dns-name.ts';
import { decodeGeneralNames, type GeneralName } from './general-name-encoding.ts';
import { checkGeneralNames } from './general-name-check.ts';
import { checkNameCount } from './general-name.ts';
import { selectGrantedNames, type SelectedNames } from './granted-names.ts';
import { writableOtherName } from './other-name-text.ts';

/** Reads a Name; it can be empty. The result is encoded again to be certified. Throws PkiError invalid-subject. */
export function readRequestedSubject(der: Der, reading: Reading): DistinguishedName {
  const name = writableName(decodeDistinguishedName(der), reading);
  checkDistinguishedName(name);
  return name;
}

export interface NameRules extends DnsNameOptions {
  /** The types of otherName that are granted: dotted OIDs. */
  readonly otherNames: readonly string[];
  readonly reading: Reading;
}

/**
 * Reads the value of a subjectAltName. The names that are granted are checked, and are encoded again to be certified.
 * Throws PkiError invalid-san.
 */
export function readRequestedNames(der: Der, rules: NameRules): SelectedNames {
  // Counted before anything is decoded
  checkNameCount([...membersOf(elementOf(der))].length);
  const { granted, ignored } = selectGrantedNames(decodeGeneralNames(der), rules.otherNames);
  const names = granted.map((name) => writable(name, rules.reading));
  checkGeneralNames(names, rules);
  return { granted: names, ignored };
}

function writable(name: GeneralName, reading: Reading): GeneralName {
  if (name.kind === 'dirName') return { ...name, name: writableName(name.name, reading) };
  return name.kind === 'otherName' ? writableOtherName(name) : name;
}
