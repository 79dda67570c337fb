/**
 * NameConstraints ::= SEQUENCE {
 *      permittedSubtrees       [0]     GeneralSubtrees OPTIONAL,
 *      excludedSubtrees        [1]     GeneralSubtrees OPTIONAL }
 *
 * GeneralSubtrees ::= SEQUENCE SIZE (1..MAX) OF GeneralSubtree
 *
 * GeneralSubtree ::= SEQUENCE {
 *      base                    GeneralName,
 *      minimum         [0]     BaseDistance DEFAULT 0,
 *      maximum         [1]     BaseDistance OPTIONAL }        -- RFC 5280 §4.2.1.10
 */

import { isAscii } from 'node:buffer';
import { asBuffer } from '../../base/octets.ts';
import type { Der } from '../../formats/der/header.ts';
import type { DerElement } from '../../formats/der/reader.ts';
import type { StructureReader } from '../../formats/der/structure-reader.ts';
import { canonicalName, type CanonicalName } from '../names/comparison.ts';
import type { DistinguishedName } from '../names/distinguished-name.ts';
import { readDirectoryName } from '../names/general-name-encoding.ts';
import { formatIpAddress } from '../names/ip-address.ts';
import { formatOneLine } from '../names/name-text.ts';
import { decodeOtherName } from '../names/other-name.ts';
import { escapeOctets } from '../names/printable-text.ts';
import { invalidExtension, openExtension } from './extension.ts';

/** A base for mail or URIs is a host, `.domain`, or (mail only) a whole mailbox. */
export interface TextSubtree {
  readonly kind: 'DNS' | 'email' | 'URI';
  readonly value: string;
  readonly lowerCase: string;
}

/** The base of a subtree. */
export type Subtree =
  | TextSubtree
  | { readonly kind: 'IP'; readonly address: Uint8Array; readonly mask: Uint8Array }
  | { readonly kind: 'dirName'; readonly name: DistinguishedName; readonly canonical: CanonicalName }
  /** Names of this type, a dotted OID; they are not matched here. */
  | { readonly kind: 'otherName'; readonly type: string }
  /** A kind that is not matched here (registeredID, …). */
  | { readonly kind: 'RID' | 'other' };

export interface NameConstraints {
  readonly permitted: readonly Subtree[];
  readonly excluded: readonly Subtree[];
}

const PERMITTED = 0xa0;
const EXCLUDED = 0xa1;

/** Throws PkiError invalid-extension. */
export function readNameConstraints(value: Der): NameConstraints {
  const reader = openExtension('NameConstraints', value);
  if (!reader.hasMore)
    throw invalidExtension('NameConstraints must have permittedSubtrees or excludedSubtrees');
  const permitted = readSubtrees(reader.optionalStructure('permittedSubtrees', PERMITTED));
  const excluded = readSubtrees(reader.optionalStructure('excludedSubtrees', EXCLUDED));
  reader.end();
  return { permitted, excluded };
}

function readSubtrees(list: StructureReader | undefined): Subtree[] {
  const subtrees: Subtree[] = [];
  if (list === undefined) return subtrees;
  if (!list.hasMore) throw list.fault('GeneralSubtree', 'is missing: an empty list must be absent');
  while (list.hasMore) {
    const subtree = list.structure('GeneralSubtree');
    subtrees.push(readBase(subtree.element('base')));
    // RFC 5280 §4.2.1.10: minimum is 0, its DEFAULT, and maximum is absent
    subtree.end();
  }
  return subtrees;
}

/** Kinds of GeneralName with text as contents, by their tags. */
const TEXT_KINDS: ReadonlyMap<number, 'email' | 'DNS' | 'URI'> = new Map([
  [0x81, 'email'],
  [0x82, 'DNS'],
  [0x86, 'URI'],
]);
const IP_ADDRESS = 0x87;
const REGISTERED_ID = 0x88;
const DIRECTORY_NAME = 0xa4;
const OTHER_NAME = 0xa0;

function readBase(base: DerElement): Subtree {
  const { tag, contents } = base;
  const kind = TEXT_KINDS.get(tag);
  if (kind !== undefined) return readText(kind, contents);
  if (tag === IP_ADDRESS) return readNetwork(contents);
  if (tag === DIRECTORY_NAME) return readDirectory(base);
  const otherName = tag === OTHER_NAME ? decodeOtherName(base) : undefined;
  if (otherName !== undefined) return { kind: 'otherName', type: otherName.type };
  return { kind: tag === REGISTERED_ID ? 'RID' : 'other' };
}

function readText(kind: 'email' | 'DNS' | 'URI', contents: Uint8Array): Subtree {
  const value = asBuffer(contents).toString('latin1');
  if (isAscii(contents)) return { kind, value, lowerCase: value.toLowerCase() };
  throw invalidExtension('NameConstraints must not have a base that is not ASCII');
}

function readDirectory(base: DerElement): Subtree {
  const name = readDirectoryName(base);
  const canonical = canonicalName(name);
  if (canonical !== undefined) return { kind: 'dirName', name, canonical };
  throw invalidExtension('NameConstraints must not have a directoryName that is too long to be compared');
}

/** Address and mask, 4 or 16 octets each (RFC 5280 §4.2.1.10). */
function readNetwork(contents: Uint8Array): Subtree {
  if (contents.length !== 8 && contents.length !== 32)
    throw invalidExtension(
      `An iPAddress of NameConstraints must have 8 or 32 octets, not ${contents.length}`,
    );
  const half = contents.length / 2;
  return { kind: 'IP', address: contents.subarray(0, half), mask: contents.subarray(half) };
}

export function describeNameConstraints(value: Der): string[] {
  const { permitted, excluded } = readNameConstraints(value);
  return [
    ...permitted.map((subtree) => `permitted ${describeSubtree(subtree)}`),
    ...excluded.map((subtree) => `excluded ${describeSubtree(subtree)}`),
  ];
}

function describeSubtree(subtree: Subtree): string {
  switch (subtree.kind) {
    case 'IP':
      return `IP:${formatIpAddress(subtree.address)}/${formatIpAddress(subtree.mask)}`;
    case 'dirName':
      return `dirName:${formatOneLine(subtree.name)}`;
    case 'otherName':
      return `otherName:${subtree.type}`;
    case 'RID':
    case 'other':
      return subtree.kind;
    default:
      return `${subtree.kind}:${escapeOctets(subtree.value)}`;
  }
}
