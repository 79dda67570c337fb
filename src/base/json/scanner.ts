/**
 * Checks a JSON text (RFC 8259) in its octets, before any of them becomes a string. An error names the line and column,
 * and never shows the text, which can be secret. What JSON.parse accepts is rejected here: too many levels or
 * members, and two members of one name.
 */

import { asBuffer } from '../octets.ts';
import { escapeOf, isOfWord, isSpace, valueInPlaceOf, WORD } from './characters.ts';
import { invalidJson, JsonFault, placeOf } from './fault.ts';

// More than any request needs.
export const MAX_DEPTH = 16;
export const MAX_MEMBERS = 100;

/** Names that change the prototype of an object into which another is copied carelessly (CWE-1321). */
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor']);

/** Where a string or an object is that is a member of the outermost object. */
export interface TextMember {
  readonly name: string;
  /** Of the contents of a string, or of the opening brace. */
  readonly start: number;
  /** Offset of the closing quotation mark, or behind the closing brace. */
  readonly end: number;
  readonly isObject: boolean;
}

/** Scans one text in one pass. `octets` must be UTF-8. Throws JsonFault. */
export const scanJson = (octets: Uint8Array): readonly TextMember[] =>
  new JsonScanner(asBuffer(octets)).scan();

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

class JsonScanner {
  readonly #octets: Buffer;
  readonly #texts: TextMember[] = [];
  #at = 0;

  constructor(octets: Buffer) {
    this.#octets = octets;
  }

  scan(): readonly TextMember[] {
    this.#value(1);
    if (this.#next() !== undefined) throw this.#expected('the end of the body');
    return this.#texts;
  }

  /** `depth` is the depth of an object or array at this position. */
  #value(depth: number): void {
    switch (this.#next()) {
      case OPEN_BRACE:
        return this.#object(depth);
      case OPEN_BRACKET:
        return this.#array(depth);
      case QUOTE:
        return this.#string();
      default:
        return this.#word();
    }
  }

  #object(depth: number): void {
    const names = new Set<string>();
    if (this.#isEmpty(depth, CLOSE_BRACE)) return;
    do {
      const name = this.#name(names);
      this.#colon();
      const first = this.#next();
      const start = this.#at;
      this.#value(depth + 1);
      if (depth > 1) continue;
      if (first === QUOTE) this.#texts.push({ name, start: start + 1, end: this.#at - 1, isObject: false });
      if (first === OPEN_BRACE) this.#texts.push({ name, start, end: this.#at, isObject: true });
    } while (this.#goesOn(CLOSE_BRACE, '`,` or `}`'));
  }

  #array(depth: number): void {
    if (this.#isEmpty(depth, CLOSE_BRACKET)) return;
    do this.#value(depth + 1);
    while (this.#goesOn(CLOSE_BRACKET, '`,` or `]`'));
  }

  /** Enters an object or array, and leaves it at once if it is empty. */
  #isEmpty(depth: number, close: number): boolean {
    if (depth > MAX_DEPTH) throw this.#fault(`The body is nested deeper than ${MAX_DEPTH} levels`);
    this.#at += 1;
    if (this.#next() !== close) return false;
    this.#at += 1;
    return true;
  }

  /** Whether another member or element comes after this one. */
  #goesOn(close: number, expected: string): boolean {
    const octet = this.#next();
    if (octet !== COMMA && octet !== close) throw this.#expected(expected);
    this.#at += 1;
    return octet === COMMA;
  }

  #name(names: Set<string>): string {
    const quote = this.#next();
    if (quote === CLOSE_BRACE) throw this.#expected('another member after the comma');
    if (quote !== QUOTE) throw this.#expected('a member name in double quotes');
    const start = this.#at + 1;
    this.#string();
    const name = unescaped(this.#octets.toString('utf8', start, this.#at - 1));
    if (FORBIDDEN_NAMES.has(name)) throw this.#fault(`A member must not be named ${name}`, start);
    if (names.has(name)) throw this.#fault('The body has two members of the same name', start);
    if (names.add(name).size > MAX_MEMBERS)
      throw this.#fault(`An object in the body has more than ${MAX_MEMBERS} members`, start);
    return name;
  }

  #string(): void {
    const octets = this.#octets;
    for (let at = this.#at + 1; at < octets.length; at += 1) {
      const octet = octets[at] ?? 0;
      if (octet === BACKSLASH) at += this.#escapeLength(at) - 1;
      else if (octet <= QUOTE) {
        if (octet < 0x20) throw this.#expected(escapeOf(octet), at);
        if (octet !== QUOTE) continue;
        this.#at = at + 1;
        return;
      }
    }
    throw this.#expected('a closing quotation mark', octets.length);
  }

  /** RFC 8259 §7: how many octets the escape at `at` has. */
  #escapeLength(at: number): number {
    const letter = this.#octets[at + 1] ?? 0;
    if (SHORT_ESCAPES.has(letter)) return 2;
    if (letter === LETTER_U && HEXADECIMAL.test(this.#octets.toString('latin1', at + 2, at + 6))) return 6;
    throw this.#expected('a valid escape', at);
  }

  /** A number or literal. */
  #word(): void {
    const start = this.#at;
    while (isOfWord(this.#octets[this.#at] ?? 0)) this.#at += 1;
    if (!WORD.test(this.#octets.toString('latin1', start, this.#at)))
      throw this.#expected(valueInPlaceOf(this.#octets[start] ?? 0), start);
  }

  #colon(): void {
    if (this.#next() !== COLON) throw this.#expected('`:`');
    this.#at += 1;
  }

  #fault(sentence: string, at = this.#at): JsonFault {
    return new JsonFault(`${sentence}, at ${placeOf(this.#octets, at)}`);
  }

  #expected(expected: string, at = this.#at): JsonFault {
    return invalidJson(this.#octets, at, expected);
  }

  /** The octet behind white space, undefined at the end. */
  #next(): number | undefined {
    while (isSpace(this.#octets[this.#at] ?? 0)) this.#at += 1;
    return this.#octets[this.#at];
  }
}

const HEXADECIMAL = /^[\da-fA-F]{4}$/;

const LETTER_U = 0x75;
const SHORT_ESCAPES: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));

/** RFC 8259 §8.3: names are compared after their escapes are undone, which are valid here. */
const unescaped = (name: string): string => (name.includes('\\') ? String(JSON.parse(`"${name}"`)) : name);
