/** Mutations of DER by its structure: of tags, lengths, contents and the order of values. */

import { readDer } from '../../src/formats/der/lenient.ts';
import { elementOf, membersOf, type DerElement } from '../../src/formats/der/reader.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { concat, header, tlv } from '../../src/formats/der/writer.ts';
import { createReading } from '../../src/formats/reading.ts';

/** A random number from 0 up to `limit`, without it. */
export type Random = (limit: number) => number;

/** The same numbers for the same seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

interface Node {
  tag: number;
  /** Of a primitive value. */
  contents: Uint8Array;
  /** Of a constructed value, or of the value inside an OCTET STRING. */
  members: Node[] | undefined;
  length: 'short' | 'long' | 'indefinite';
}

const LENIENT = createReading({ isStrict: false });

function nodeOf({ tag, contents, encoding }: DerElement): Node {
  const members =
    (tag & 0x20) === 0 ? inside(tag, contents) : [...membersOf(elementOf(encoding))].map(nodeOf);
  return { tag, contents, members, length: 'short' };
}

/** The value inside the OCTET STRING of an extension. */
function inside(tag: number, contents: Uint8Array): Node[] | undefined {
  if (tag !== 4) return undefined;
  try {
    return [nodeOf(elementOf(checkDer(contents)))];
  } catch {
    return undefined;
  }
}

function encode({ tag, contents, members, length }: Node): Uint8Array {
  const octets = members === undefined ? contents : concat(members.map(encode));
  if (length === 'indefinite' && (tag & 0x20) !== 0)
    return concat([Uint8Array.of(tag, 0x80), octets, Uint8Array.of(0, 0)]);
  if (length === 'short') return tlv(tag, octets);
  return concat([
    Uint8Array.of(tag, 0x83, octets.length >> 16, (octets.length >> 8) & 0xff, octets.length & 0xff),
    octets,
  ]);
}

const all = (node: Node): Node[] => [node, ...(node.members ?? []).flatMap(all)];

/** Universal types that occur in names, times and flags. */
const TAGS = [
  1, 2, 3, 4, 5, 6, 10, 12, 18, 19, 20, 22, 23, 24, 26, 27, 28, 30, 0x30, 0x31, 0x80, 0x82, 0xa0, 0xa4,
];
const TEXTS = [
  '*.a.example',
  'AT&T',
  'ü',
  'Käse',
  'a@b.example',
  'DE',
  '\0',
  'x'.repeat(300),
  '200101000000Z',
  '',
];

type Mutation = (node: Node, random: Random) => void;

function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[random(values.length)];
  if (value === undefined) throw new RangeError('There must be a value');
  return value;
}

const MUTATIONS: readonly Mutation[] = [
  (node, random) => void (node.tag = pick(random, TAGS)),
  (node, random) => void (node.tag = (node.tag & 0x20) | pick(random, TAGS)),
  (node, random) => void (node.length = pick(random, ['long', 'indefinite'] as const)),
  (node, random) =>
    void (node.contents = Buffer.from(
      pick(random, TEXTS),
      pick(random, ['utf8', 'latin1', 'utf16le'] as const),
    )),
  (node) => void (node.contents = node.contents.subarray(0, -1)),
  (node, random) => {
    node.contents = node.contents.slice();
    if (node.contents.length > 0) node.contents[random(node.contents.length)] = random(256);
  },
  (node, random) => void node.members?.splice(random(node.members.length + 1), 1),
  (node, random) => {
    const copied = node.members?.[random(node.members.length || 1)];
    if (copied !== undefined) node.members?.push(structuredClone(copied));
  },
  (node) => void (node.members = node.members?.toReversed()),
  (node, random) =>
    void node.members?.splice(random(node.members.length + 1), 0, {
      tag: pick(random, TAGS),
      contents: Buffer.from(pick(random, TEXTS)),
      members: undefined,
      length: 'short',
    }),
  (node) => {
    if (node.members !== undefined || node.contents.length === 0) return;
    const half = node.contents.length >> 1;
    const parts = [node.contents.subarray(0, half), node.contents.subarray(half)];
    node.contents = concat(parts.map((part) => concat([header(4, part.length), part])));
    node.tag |= 0x20;
  },
];

/** Returns `octets`, a value that is read leniently, with one to three mutations. */
export function mutate(octets: Uint8Array, random: Random): Uint8Array {
  const root = nodeOf(elementOf(readDer(octets, { reading: LENIENT }).der));
  for (let i = 0; i <= random(3); i += 1) pick(random, MUTATIONS)(pick(random, all(root)), random);
  return encode(root);
}
