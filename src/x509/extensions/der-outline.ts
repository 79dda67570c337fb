/** A guess of the structure of DER whose type is unknown: `SEQUENCE { OBJECT IDENTIFIER 1.2.3, INTEGER 5 }`. */

import { ifReadable } from '../../base/errors.ts';
import { hexadecimal } from '../../base/hexadecimal.ts';
import { isConstructed, type Der } from '../../formats/der/header.ts';
import { elementOf, membersOf, type DerElement } from '../../formats/der/reader.ts';
import { checkDer } from '../../formats/der/strict.ts';
import { TAG, TEXT_TAGS } from '../../formats/der/writer.ts';
import { primitiveText } from './primitive-text.ts';

const MAX_DEPTH = 8;
const MAX_VALUES = 100;
/** Of one primitive value, in characters. */
const MAX_LENGTH = 96;
/** Below this, a text is more probably a number or an address. */
const MIN_TEXT_LENGTH = 4;

const TYPES: ReadonlyMap<number, string> = new Map([
  [TAG.boolean, 'BOOLEAN'],
  [TAG.integer, 'INTEGER'],
  [TAG.bitString, 'BIT STRING'],
  [TAG.octetString, 'OCTET STRING'],
  [TAG.null, 'NULL'],
  [TAG.objectIdentifier, 'OBJECT IDENTIFIER'],
  [TAG.enumerated, 'ENUMERATED'],
  [TAG.utf8String, 'UTF8String'],
  [TAG.numericString, 'NumericString'],
  [TAG.printableString, 'PrintableString'],
  [TAG.teletexString, 'TeletexString'],
  [TAG.ia5String, 'IA5String'],
  [TAG.utcTime, 'UTCTime'],
  [TAG.generalizedTime, 'GeneralizedTime'],
  [TAG.visibleString, 'VisibleString'],
  [TAG.generalString, 'GeneralString'],
  [TAG.universalString, 'UniversalString'],
  [TAG.bmpString, 'BMPString'],
  [TAG.sequence, 'SEQUENCE'],
  [TAG.set, 'SET'],
]);

const TEXT_TYPES: ReadonlySet<number> = new Set(TEXT_TAGS);

interface Budget {
  values: number;
}

/** At most 100 values, 8 deep, each with at most 96 characters; `…` is in the place of what is left out. */
export const outlineDer = (der: Der): string => outline(elementOf(der), 0, { values: MAX_VALUES });

function outline(element: DerElement, depth: number, budget: Budget): string {
  budget.values -= 1;
  const type = typeName(element);
  if (isConstructed(element.tag)) return `${type} ${outlineMembers(element, depth, budget)}`;
  const inner = element.tag === TAG.octetString ? containedStructure(element.contents) : undefined;
  if (inner !== undefined && depth < MAX_DEPTH)
    return `${type} { ${outline(elementOf(inner), depth + 1, budget)} }`;
  return `${type} ${valueText(element)}`.trimEnd();
}

function outlineMembers(element: DerElement, depth: number, budget: Budget): string {
  const parts: string[] = [];
  for (const member of membersOf(element)) {
    const isLeftOut = depth === MAX_DEPTH || budget.values <= 0;
    parts.push(isLeftOut ? '…' : outline(member, depth + 1, budget));
    if (isLeftOut) break;
  }
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

const CLASSES = ['UNIVERSAL ', 'APPLICATION ', '', 'PRIVATE '];

const typeName = ({ tag, encoding }: DerElement): string =>
  TYPES.get(tag) ?? `[${CLASSES[tag >> 6]}${tagNumber(tag, encoding)}]`;

function tagNumber(tag: number, encoding: Der): number {
  if ((tag & 0x1f) !== 0x1f) return tag & 0x1f;
  const end = encoding.findIndex((octet, index) => index > 0 && octet < 0x80);
  return encoding.subarray(1, end + 1).reduce((number, octet) => (number << 7) | (octet & 0x7f), 0);
}

/** Only a SEQUENCE or SET: the octets of other types often are there by chance. */
const containedStructure = (octets: Uint8Array): Der | undefined =>
  octets[0] === TAG.sequence || octets[0] === TAG.set ? ifReadable(() => checkDer(octets)) : undefined;

function valueText(element: DerElement): string {
  const { tag, contents } = element;
  if (tag >= 0x40) return isVisible(contents) ? quote(contentsText(contents)) : clip(hexadecimal(contents));
  const text = primitiveText(element);
  return TEXT_TYPES.has(tag) ? quote(text) : clip(text);
}

const contentsText = (contents: Uint8Array): string =>
  String.fromCharCode(...contents.subarray(0, MAX_LENGTH + 1));

const isVisible = (contents: Uint8Array): boolean =>
  contents.length >= MIN_TEXT_LENGTH && contents.every((octet) => octet >= 0x20 && octet < 0x7f);

const quote = (text: string): string => `"${clip(text)}"`;

const clip = (text: string): string => (text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text);
