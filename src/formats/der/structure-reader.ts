/** Reading of a SEQUENCE or SET member by member, with errors that name the member: `Certificate.validity.notAfter`. */

import { PkiError, type ErrorCode } from '../../base/errors.ts';
import { decodeOid, elementAt, parseDer, type DerElement } from './reader.ts';
import { decodeTime } from './time.ts';
import { TAG } from './writer.ts';

/** What is read, for errors: `name` goes before the names of members. */
export interface StructureContext {
  readonly name: string;
  readonly code: ErrorCode;
  /** Values that may stand in it, where it may be longer than others (`strict-der.ts`). */
  readonly maxValues?: number;
}

/** Reads the members of one constructed value from the first to the last. Every fault is a PkiError of its code. */
export class StructureReader {
  readonly #contents: Uint8Array;
  readonly #context: StructureContext;
  #offset = 0;

  constructor(contents: Uint8Array, context: StructureContext) {
    this.#contents = contents;
    this.#context = context;
  }

  get hasMore(): boolean {
    return this.#offset < this.#contents.length;
  }

  /** Whether the next member has this tag. */
  isNext(tag: number): boolean {
    return this.#contents[this.#offset] === tag;
  }

  /** The next member, of this tag unless any will do. */
  element(member: string, tag?: number): DerElement {
    if (!this.hasMore) throw this.fault(member, 'is missing');
    const element = elementAt(this.#contents, this.#offset);
    if (tag !== undefined && element.tag !== tag)
      throw this.fault(member, `must have the tag ${hex(tag)}, not ${hex(element.tag)}`);
    this.#offset += element.encoding.length;
    return element;
  }

  optionalElement(member: string, tag: number): DerElement | undefined {
    return this.isNext(tag) ? this.element(member, tag) : undefined;
  }

  /** Opens a SEQUENCE, or what else is constructed: a SET, `[n]` as 0xa0 | n. */
  structure(member: string, tag: number = TAG.sequence): StructureReader {
    return this.#open(member, this.element(member, tag));
  }

  optionalStructure(member: string, tag: number): StructureReader | undefined {
    return this.isNext(tag) ? this.structure(member, tag) : undefined;
  }

  #open(member: string, { contents }: DerElement): StructureReader {
    const { name, code } = this.#context;
    return new StructureReader(contents, { name: `${name}.${member}`, code });
  }

  oid(member: string): string {
    return decodeOid(this.element(member, TAG.objectIdentifier).contents);
  }

  /** BOOLEAN DEFAULT FALSE. */
  flag(member: string): boolean {
    const element = this.optionalElement(member, TAG.boolean);
    if (element?.contents[0] === 0)
      throw this.fault(member, 'must be left out when it is FALSE, its DEFAULT (X.690 §11.5)');
    return element !== undefined;
  }

  /** The octets of an INTEGER: two's complement, big-endian. */
  integer(member: string): Uint8Array {
    return this.element(member, TAG.integer).contents;
  }

  /** An INTEGER from 0 to 2^31 - 1. */
  smallInteger(member: string): number {
    const octets = this.integer(member);
    if (octets.length > 4 || (octets[0] ?? 0) >= 0x80)
      throw this.fault(member, 'must be a small INTEGER that is not negative');
    return octets.reduce((value, octet) => value * 256 + octet, 0);
  }

  octetString(member: string): Uint8Array {
    return this.element(member, TAG.octetString).contents;
  }

  /** The octets of a BIT STRING that has no unused bits; `tag` where it is IMPLICIT. */
  bitString(member: string, tag: number = TAG.bitString): Uint8Array {
    const { contents } = this.element(member, tag);
    if (contents[0] !== 0) throw this.fault(member, 'must be a BIT STRING of whole octets');
    return contents.subarray(1);
  }

  /** A UTCTime or GeneralizedTime. */
  time(member: string): Date {
    const { tag, contents } = this.element(member);
    const isTime = tag === TAG.utcTime || tag === TAG.generalizedTime;
    const date = isTime ? decodeTime(tag, contents) : undefined;
    if (date === undefined) throw this.fault(member, 'must be a UTCTime or GeneralizedTime');
    return date;
  }

  /** Nothing stands after the members that were read. */
  end(): void {
    if (this.hasMore) throw new PkiError(this.#context.code, `${this.#context.name} has a member too many`);
  }

  fault(member: string, sentence: string): PkiError {
    return new PkiError(this.#context.code, `${this.#context.name}.${member} ${sentence}`);
  }
}

/** Parses `octets`, one SEQUENCE, and opens it. Throws PkiError invalid-der, or one of the context's code. */
export function openSequence(octets: Uint8Array, context: StructureContext): StructureReader {
  const { tag, contents } = parseNamed(octets, context);
  if (tag !== TAG.sequence) throw new PkiError(context.code, `${context.name} must be a SEQUENCE`);
  return new StructureReader(contents, context);
}

function parseNamed(octets: Uint8Array, { name, maxValues }: StructureContext): DerElement {
  try {
    return parseDer(octets, maxValues);
  } catch (error) {
    throw error instanceof PkiError ? new PkiError(error.code, `${name} is ${error.message}`) : error;
  }
}

/** Identifier octets are written as in X.690 and in dumps. */
const hex = (tag: number): string => tag.toString(16).toUpperCase().padStart(2, '0');
