/**
 * IPAddrBlocks ::= SEQUENCE OF IPAddressFamily
 * IPAddressFamily ::= SEQUENCE {
 *      addressFamily        OCTET STRING (SIZE (2..3)),
 *      ipAddressChoice      CHOICE { inherit NULL, addressesOrRanges SEQUENCE OF IPAddressOrRange } }
 * IPAddressOrRange ::= CHOICE {
 *      addressPrefix        BIT STRING,
 *      addressRange         SEQUENCE { min BIT STRING, max BIT STRING } }             -- RFC 3779 §2.2.3
 *
 * ASIdentifiers ::= SEQUENCE {
 *      asnum                [0] EXPLICIT ASIdentifierChoice OPTIONAL,
 *      rdi                  [1] EXPLICIT ASIdentifierChoice OPTIONAL }
 * ASIdentifierChoice ::= CHOICE { inherit NULL, asIdsOrRanges SEQUENCE OF ASIdOrRange }
 * ASIdOrRange ::= CHOICE { id INTEGER, range SEQUENCE { min INTEGER, max INTEGER } }   -- RFC 3779 §3.2.3
 */

import { hexadecimal } from '../../base/hexadecimal.ts';
import type { Der } from '../../formats/der/header.ts';
import { membersOf, type DerElement } from '../../formats/der/reader.ts';
import type { StructureReader } from '../../formats/der/structure-reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { formatIpAddress } from '../names/ip-address.ts';
import { formatNumber, invalidExtension, openExtension } from './extension.ts';

interface Family {
  readonly name: string;
  /** Of an address, in octets. */
  readonly length: number;
}

/** IANA address family numbers. */
const FAMILIES: ReadonlyMap<string, Family> = new Map([
  ['00:01', { name: 'IPv4', length: 4 }],
  ['00:02', { name: 'IPv6', length: 16 }],
]);

/** IANA subsequent address family identifiers. */
const SUBSEQUENT: ReadonlyMap<number, string> = new Map([
  [1, 'unicast'],
  [2, 'multicast'],
  [3, 'unicast and multicast'],
  [4, 'MPLS'],
]);

export function describeIpAddressBlocks(value: Der): string[] {
  const list = openExtension('IPAddrBlocks', value);
  const lines: string[] = [];
  do lines.push(...describeFamily(list.structure('IPAddressFamily')));
  while (list.hasMore);
  return lines;
}

function describeFamily(reader: StructureReader): string[] {
  const family = reader.octetString('addressFamily');
  const choice = reader.element('ipAddressChoice');
  reader.end();
  const { name, length } = familyOf(family);
  const subsequent = family[2];
  const title = subsequent === undefined ? name : `${name} (${SUBSEQUENT.get(subsequent) ?? subsequent})`;
  return describeChoice(choice, (range) => describeRange(range, length)).map((text) => `${title} ${text}`);
}

function familyOf(octets: Uint8Array): Family {
  const number = hexadecimal(octets.subarray(0, 2));
  return FAMILIES.get(number) ?? { name: `address family ${number}`, length: 16 };
}

function describeChoice(choice: DerElement, describe: (range: DerElement) => string): string[] {
  if (choice.tag === TAG.null) return ['inherit'];
  if (choice.tag === TAG.sequence) return Array.from(membersOf(choice), describe);
  throw invalidExtension('The resources must be a SEQUENCE, or NULL');
}

function describeRange(range: DerElement, length: number): string {
  if (range.tag === TAG.bitString)
    return `${formatIpAddress(paddedBits(range, length, 0))}/${bitCount(range)}`;
  const [low, high] = limitsOf(range, TAG.bitString);
  return `${formatIpAddress(paddedBits(low, length, 0))}-${formatIpAddress(paddedBits(high, length, 0xff))}`;
}

/** The limits of a range. */
function limitsOf(range: DerElement, tag: number): readonly [DerElement, DerElement] {
  const [low, high] = membersOf(range);
  if (low?.tag === tag && high?.tag === tag) return [low, high];
  throw invalidExtension('A range must have a minimum and a maximum');
}

const unusedBits = ({ contents }: DerElement): number => contents[0] ?? 0;

const bitCount = (bits: DerElement): number => (bits.contents.length - 1) * 8 - unusedBits(bits);

/** The address, with the bits that are left out equal to those of `filling`. */
function paddedBits(bits: DerElement, length: number, filling: number): Uint8Array {
  const given = bits.contents.subarray(1);
  if (given.length > length) throw invalidExtension('An address has more bits than its family allows');
  const address = new Uint8Array(length).fill(filling);
  address.set(given);
  const last = given.length - 1;
  if (last >= 0) address[last] = (given[last] ?? 0) | (filling & ((1 << unusedBits(bits)) - 1));
  return address;
}

const AS_NUMBERS = 0xa0;
const ROUTING_DOMAINS = 0xa1;

export function describeAutonomousSystems(value: Der): string[] {
  const reader = openExtension('ASIdentifiers', value);
  const numbers = reader.optionalStructure('asnum', AS_NUMBERS)?.element('ASIdentifierChoice');
  const domains = reader.optionalStructure('rdi', ROUTING_DOMAINS)?.element('ASIdentifierChoice');
  reader.end();
  return [
    ...(numbers ? describeChoice(numbers, describeNumbers).map((text) => `AS ${text}`) : []),
    ...(domains ? describeChoice(domains, describeNumbers).map((text) => `routing domain ${text}`) : []),
  ];
}

function describeNumbers(range: DerElement): string {
  if (range.tag === TAG.integer) return formatNumber(range.contents);
  const [low, high] = limitsOf(range, TAG.integer);
  return `${formatNumber(low.contents)}-${formatNumber(high.contents)}`;
}
