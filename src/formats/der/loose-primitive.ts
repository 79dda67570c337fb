/** Contents of primitive types that BER allows, or that programs write although no rule allows them. */

import type { ToleranceCode } from '../tolerances.ts';
import { DerError } from './header.ts';
import { decodeLooseTime } from './loose-time.ts';
import { primitiveFault } from './primitive-rules.ts';
import { elementOf } from './reader.ts';
import { TAG, TEXT_TAGS, time } from './writer.ts';

interface Value {
  readonly tag: number;
  readonly start: number;
}

/** Notes the deviation of a value. */
interface Notes {
  note(code: ToleranceCode, start: number, fault: string): void;
}

/** Identifier octets and contents that are written in place of the received ones. */
interface Replacement {
  readonly tag: Uint8Array;
  readonly contents: Uint8Array;
}

const STRINGS: ReadonlySet<number> = new Set(TEXT_TAGS);

/** Tags without the bit of the form; 0 is an end-of-contents mark. */
const KNOWN: ReadonlySet<number> = new Set([0, ...Object.values(TAG).map((tag) => tag & 0x1f)]);

/** Returns undefined when the contents stay as they are. Throws PkiError invalid-der. */
export function readLoosePrimitive(
  notes: Notes,
  { tag, start }: Value,
  contents: Uint8Array,
): Replacement | undefined {
  const fault = primitiveFault(tag, contents);
  if (fault === undefined) return undefined;
  const replaced = REPLACEMENTS.get(tag)?.(tag, contents);
  const code = replaced?.code ?? keptCode(tag);
  if (code === undefined) throw new DerError(start, fault);
  notes.note(code, start, fault);
  return replaced;
}

/** The deviation of contents that stay as they are; undefined when the value would be unclear. */
function keptCode(tag: number): ToleranceCode | undefined {
  if (STRINGS.has(tag)) return 'string-characters';
  return KNOWN.has(tag) ? undefined : 'unknown-type';
}

type Replace = (
  tag: number,
  contents: Uint8Array,
) => (Replacement & { readonly code: ToleranceCode }) | undefined;

const REPLACEMENTS: ReadonlyMap<number, Replace> = new Map<number, Replace>([
  [TAG.boolean, replaceBoolean],
  [TAG.bitString, replaceBitString],
  [TAG.utcTime, replaceTime],
  [TAG.generalizedTime, replaceTime],
]);

/** X.690 §8.2.2: every octet but 00 is TRUE. */
function replaceBoolean(tag: number, contents: Uint8Array): ReturnType<Replace> {
  if (contents.length !== 1) return undefined;
  return { code: 'boolean', tag: Uint8Array.of(tag), contents: Uint8Array.of(0xff) };
}

/** X.690 §8.6.2.3: BER allows any unused bits. */
function replaceBitString(tag: number, contents: Uint8Array): ReturnType<Replace> {
  const [unused = 8] = contents;
  if (unused > 7 || contents.length < 2) return undefined;
  const cleared = contents.slice();
  const last = cleared.length - 1;
  cleared[last] = (cleared[last] ?? 0) & (0xff << unused);
  return { code: 'bit-string', tag: Uint8Array.of(tag), contents: cleared };
}

function replaceTime(tag: number, contents: Uint8Array): ReturnType<Replace> {
  const date = decodeLooseTime(tag, contents);
  if (date === undefined) return undefined;
  const element = elementOf(time(date));
  return { code: 'time-form', tag: Uint8Array.of(element.tag), contents: element.contents };
}
