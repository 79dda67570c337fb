/**
 * GeneralSubtrees ::= SEQUENCE SIZE (1..MAX) OF GeneralSubtree
 *
 * GeneralSubtree ::= SEQUENCE {
 *      base                    GeneralName,
 *      minimum         [0]     BaseDistance DEFAULT 0,
 *      maximum         [1]     BaseDistance OPTIONAL }        -- RFC 5280 §4.2.1.10
 */

import { isAscii } from 'node:buffer';
import { PkiError } from '../../base/errors.ts';
import type { Der } from '../../formats/der/header.ts';
import type { DerElement } from '../../formats/der/reader.ts';
import { openSequence, type StructureReader } from '../../formats/der/structure-reader.ts';
import { readDirectoryName } from '../names/general-name-encoding.ts';
import { canonicalName } from '../names/comparison.ts';
import type { NameConstraints, Subtree } from '../path/name-constraints.ts';

const PERMITTED = 0xa0;
const EXCLUDED = 0xa1;

/** Throws PkiError invalid-extension. */
export function readNameConstraints(value: Der): NameConstraints {
  const reader = openSequence(value, { name: 'NameConstraints', code: 'invalid-extension' });
  if (!reader.hasMore) throw invalid('NameConstraints must have permittedSubtrees or excludedSubtrees');
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

function readBase(base: DerElement): Subtree {
  const { tag, contents } = base;
  const kind = TEXT_KINDS.get(tag);
  if (kind !== undefined) return { kind, value: readText(contents) };
  if (tag === IP_ADDRESS) return readNetwork(contents);
  if (tag === DIRECTORY_NAME) return readDirectory(base);
  return { kind: tag === REGISTERED_ID ? 'RID' : 'other' };
}

function readText(contents: Uint8Array): string {
  if (isAscii(contents)) return Buffer.from(contents).toString('latin1');
  throw invalid('NameConstraints must not have a base that is not ASCII');
}

function readDirectory(base: DerElement): Subtree {
  const name = readDirectoryName(base);
  return { kind: 'dirName', name, canonical: canonicalName(name) };
}

/** Address and mask, 4 or 16 octets each (RFC 5280 §4.2.1.10). */
function readNetwork(contents: Uint8Array): Subtree {
  if (contents.length !== 8 && contents.length !== 32)
    throw invalid(`An iPAddress of NameConstraints must have 8 or 32 octets, not ${contents.length}`);
  const half = contents.length / 2;
  return { kind: 'IP', address: contents.subarray(0, half), mask: contents.subarray(half) };
}

const invalid = (sentence: string): PkiError => new PkiError('invalid-extension', sentence);
