/** What is wrong with a subject alternative name (RFC 5280 §4.2.1.6). */

import { isAscii } from 'node:buffer';
import { isIPv4 } from 'node:net';
import { ifReadable } from '../base/errors.ts';
import { pause } from '../base/next-turn.ts';
import { checkGeneralName } from '../x509/names/general-name-check.ts';
import type { AnyName } from './list-values.ts';

export type NameFault =
  | 'blank'
  | 'not-ascii'
  | 'trailing-dot'
  | 'label-length'
  | 'name-length'
  | 'character'
  | 'hyphen'
  | 'wildcard'
  | 'address-as-name'
  | 'mail-form'
  | 'mail-ascii'
  | 'uri-relative'
  | 'uri-host'
  | 'uri-character'
  | 'address-length'
  | 'empty-directory-name'
  | 'unusual-kind'
  | 'syntax';

type Test = readonly [fault: NameFault, isPresent: (text: string) => boolean];

const labels = (text: string): readonly string[] => text.replace(/^\*\./, '').split('.');

const isPlainAscii = (text: string): boolean => isAscii(Buffer.from(text, 'latin1'));

/** The first one that is present counts. */
const DNS: readonly Test[] = [
  ['blank', (text) => text.trim() === ''],
  ['not-ascii', (text) => !isPlainAscii(text)],
  ['address-as-name', isIPv4],
  ['trailing-dot', (text) => text.endsWith('.')],
  ['wildcard', (text) => text.includes('*') && (!text.startsWith('*.') || text.lastIndexOf('*') > 0)],
  ['character', (text) => !/^[\w.*-]*$/.test(text)],
  ['label-length', (text) => labels(text).some(({ length }) => length < 1 || length > 63)],
  ['name-length', ({ length }) => length > 253],
  ['hyphen', (text) => labels(text).some((label) => label.startsWith('-') || label.endsWith('-'))],
];

const MAIL: readonly Test[] = [
  ['mail-ascii', (text) => !isPlainAscii(text)],
  ['mail-form', (text) => !/^[^\s<>@]+@[^\s<>@]+$/.test(text)],
];

const URI: readonly Test[] = [
  ['uri-relative', (text) => !/^[a-z][a-z\d+.-]*:./i.test(text)],
  ['uri-character', (text) => /[^\x21-\x7e]|["<>\\^`{|}]/.test(text)],
  ['uri-host', (text) => /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#]*@)?(?::\d*)?(?:[/?#]|$)/i.test(text)],
];

const firstOf = (tests: readonly Test[], text: string): NameFault | undefined =>
  tests.find(([, isPresent]) => isPresent(text))?.[0];

const EMPTY_URI_HOST_ALLOWED = /^(?:file|ldap|ldaps|urn|spiffe):/i;

function ownFault(name: AnyName): NameFault | undefined {
  switch (name.kind) {
    case 'DNS':
      return firstOf(DNS, name.value);
    case 'email':
      return firstOf(MAIL, name.value);
    case 'URI':
      return firstOf(EMPTY_URI_HOST_ALLOWED.test(name.value) ? URI.slice(0, 2) : URI, name.value);
    case 'IP':
      return name.octets.length === 4 || name.octets.length === 16 ? undefined : 'address-length';
    case 'dirName':
      return name.name.length === 0 ? 'empty-directory-name' : undefined;
    case 'other':
      return name.tag === 0 ? undefined : 'unusual-kind';
    case 'RID':
    case 'otherName':
      return undefined;
  }
}

/** No standard here has rules for the text of these. */
const isFree = ({ kind }: AnyName): boolean => kind === 'other' || kind === 'otherName';

const isWritten = (name: AnyName): boolean =>
  ifReadable(() => {
    checkGeneralName(name, { allowUnderscore: true });
    return true;
  }) ?? false;

const findFault = (name: AnyName): NameFault | undefined =>
  ownFault(name) ?? (isFree(name) || isWritten(name) ? undefined : 'syntax');

export interface NameWithFault {
  readonly name: AnyName;
  readonly fault: NameFault | undefined;
}

const known = new WeakMap<AnyName, NameWithFault>();

function withFault(name: AnyName): NameWithFault {
  const found = known.get(name) ?? { name, fault: findFault(name) };
  known.set(name, found);
  return found;
}

/** Each fault is found once, when it is asked for: what is about to be signed is checked by another rule. */
export const namesWithFaults = (names: readonly AnyName[]): readonly NameWithFault[] => names.map(withFault);

/** Names that are checked without a pause: one that is not valid takes 40 µs. */
const NAMES_AT_ONCE = 25;

/** Finds the faults of names with pauses: those of 9,000 names take 400 ms. */
export async function findFaults(names: readonly AnyName[]): Promise<void> {
  for (let start = 0; start < names.length; start += NAMES_AT_ONCE) {
    namesWithFaults(names.slice(start, start + NAMES_AT_ONCE));
    await pause();
  }
}
