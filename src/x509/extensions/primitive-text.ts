/** The values of primitive types as text. */

import { rfc3339 } from '../../base/clock.ts';
import { hexadecimal } from '../../base/hexadecimal.ts';
import { primitiveFault } from '../../formats/der/primitive-rules.ts';
import { decodeOid, decodeText, type DerElement } from '../../formats/der/reader.ts';
import { decodeTime } from '../../formats/der/time.ts';
import { TAG } from '../../formats/der/writer.ts';
import { oidWithName } from '../../formats/known-oids.ts';
import { escapeHidden, escapeOctets } from '../names/printable-text.ts';
import { formatNumber } from './extension.ts';

/** Returns the value of a primitive universal type: a number, text, OID, time; hexadecimal for octets and faulty contents. */
export function primitiveText(element: DerElement): string {
  const { tag, contents } = element;
  if (primitiveFault(tag, contents) !== undefined) return hexadecimal(contents);
  switch (tag) {
    case TAG.boolean:
      return contents[0] === 0 ? 'FALSE' : 'TRUE';
    case TAG.integer:
    case TAG.enumerated:
      return formatNumber(contents);
    case TAG.objectIdentifier:
      return oidWithName(decodeOid(contents));
    case TAG.utcTime:
    case TAG.generalizedTime:
      return timeText(tag, contents);
    case TAG.bitString:
      return hexadecimal(contents.subarray(1));
    default:
      return shownText(element) ?? hexadecimal(contents);
  }
}

function timeText(tag: number, contents: Uint8Array): string {
  const time = decodeTime(tag, contents);
  return time === undefined ? hexadecimal(contents) : rfc3339(time);
}

/** Returns the text of a string type with escapes for characters that are not visible; undefined for another type. */
export function shownText(element: DerElement): string | undefined {
  const { tag, contents } = element;
  if (primitiveFault(tag, contents) !== undefined) return undefined;
  if (tag === TAG.generalString) return escapeOctets(Buffer.from(contents).toString('latin1'));
  const text = decodeText(element);
  return text === undefined ? undefined : escapeHidden(text);
}
