/** The members of a JWK (RFC 7517), which stay octets, because some of them are secret. */

import { JsonFault } from '../../base/json/fault.ts';
import { scanJson, type TextMember } from '../../base/json/scanner.ts';
import { asBuffer } from '../../base/octets.ts';
import { PkiError } from '../../base/errors.ts';
import { decodeBase64url, encodeBase64url } from '../base64.ts';
import { concat } from '../der/writer.ts';
import { invalidPrivateKey } from '../private-key-info.ts';

const encoder = new TextEncoder();
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const QUOTE = 0x22;

/** Whether `text` is a JSON object, by its first character. */
export const looksLikeJson = (text: Uint8Array): boolean => {
  const first = text.find((octet) => octet > 0x20);
  return first === OPEN_BRACE;
};

/** Whether `text` begins as a JSON object does, with or without members. Of random octets, one in 30,000 does. */
export function beginsAsJson(text: Uint8Array): boolean {
  const start = text.findIndex((octet) => octet > 0x20);
  const next = text.subarray(start + 1).find((octet) => octet > 0x20);
  return text[start] === OPEN_BRACE && (next === QUOTE || next === CLOSE_BRACE);
}

/** Reads the members that are strings; others, such as key_ops, do not matter for the key. */
export class JwkMembers {
  readonly #text: Uint8Array;
  readonly #members: ReadonlyMap<string, TextMember>;
  readonly #decoded: Uint8Array[] = [];

  /** Throws PkiError invalid-encoding. */
  constructor(text: Uint8Array) {
    this.#text = text;
    this.#members = new Map(scan(text).flatMap((member) => (member.isObject ? [] : [[member.name, member]])));
  }

  /** Whether it has the private part of a key pair. */
  get isPrivate(): boolean {
    return this.has('d') || this.has('priv');
  }

  has(name: string): boolean {
    return this.#members.has(name);
  }

  /** Returns a member that is not secret. Throws PkiError invalid-private-key. */
  text(name: string): string {
    return asBuffer(this.#octets(name)).toString('latin1');
  }

  /** Returns the octets of a base64url member. Throws PkiError. */
  decoded(name: string, length?: number): Uint8Array {
    const octets = decodeBase64url(this.#octets(name), `The member ${name} of the JWK`);
    this.#decoded.push(octets);
    if (length !== undefined && octets.length !== length)
      throw invalidPrivateKey(
        `The member ${name} of the JWK must have ${length} octets, got ${octets.length}`,
      );
    return octets;
  }

  /** Zeroes what {@link decoded} has returned. */
  zero(): void {
    for (const octets of this.#decoded) octets.fill(0);
  }

  #octets(name: string): Uint8Array {
    const member = this.#members.get(name);
    if (member === undefined) throw invalidPrivateKey(`The JWK must have the member ${name}, a string`);
    const octets = this.#text.subarray(member.start, member.end);
    if (octets.includes(BACKSLASH))
      throw invalidPrivateKey(`The member ${name} of the JWK must have no escapes`);
    return octets;
  }
}

function scan(text: Uint8Array): readonly TextMember[] {
  try {
    return scanJson(text);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    throw new PkiError(
      'invalid-encoding',
      error.message.replace('The body', 'The JWK').replace('the body', 'the JWK'),
    );
  }
}

/** A string that is not secret, or octets that are written as base64url. */
export type JwkValue = string | Uint8Array;

/** Returns the JSON text, which the caller zeroes. Values must not need escapes. */
export function encodeJwk(members: readonly (readonly [name: string, value: JwkValue])[]): Uint8Array {
  const values = members.map(([, value]) =>
    typeof value === 'string' ? encoder.encode(value) : encodeBase64url(value),
  );
  try {
    return concat([
      ...members.flatMap(([name], index) => [
        encoder.encode(`${index === 0 ? '{' : '",'}"${name}":"`),
        values[index] ?? new Uint8Array(),
      ]),
      encoder.encode('"}'),
    ]);
  } finally {
    for (const value of values) value.fill(0);
  }
}
