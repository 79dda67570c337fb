/** Reads a SEQUENCE or SET member by member, with errors that name the member: `Certificate.validity.notAfter`. */

import { PkiError, type ErrorCode } from '../../base/errors.ts';
import { STRICT, type Reading } from '../reading.ts';
import type { ToleranceCode } from '../tolerances.ts';
import { isConstructed, type Der } from './header.ts';
import { decodeOid, elementAt, elementOf, type DerElement } from './reader.ts';
import { decodeTime } from './time.ts';
import { TAG } from './writer.ts';

/** The structure that is read, for error messages: `name` is the prefix of member names. */
export interface StructureContext {
  readonly name: string;
  readonly code: ErrorCode;
  /** Strict unless given. */
  readonly reading?: Reading | undefined;
}

/** Reads the members of one constructed value in their order. Every fault is a PkiError with the code of the context. */
export class StructureReader {
  readonly #contents: Uint8Array;
  readonly #context: StructureContext;
  /** The structure that this one is a member of, and the name of the member. */
  readonly #parent: StructureReader | undefined;
  readonly #member: string;
  #offset = 0;

  /** `element` must be constructed: a SEQUENCE, a SET, `[n]`, or a type with an IMPLICIT tag. */
  constructor(element: DerElement, context: StructureContext, parent?: StructureReader, member = '') {
    this.#context = context;
    this.#parent = parent;
    this.#member = member;
    if (!isConstructed(element.tag)) throw new PkiError(context.code, `${this.#name} must be constructed`);
    this.#contents = element.contents;
  }

  /** Joined when an error needs it. */
  get #name(): string {
    return this.#parent === undefined ? this.#context.name : `${this.#parent.#name}.${this.#member}`;
  }

  get hasMore(): boolean {
    return this.#offset < this.#contents.length;
  }

  /** Whether the next member has this tag. */
  isNext(tag: number): boolean {
    return this.#contents[this.#offset] === tag;
  }

  /** Returns the next member, which must have `tag` if one is given. */
  element(member: string, tag?: number): DerElement {
    if (!this.hasMore) throw this.fault(member, 'is missing');
    const element = elementAt(this.#contents, this.#offset);
    if (tag !== undefined && element.tag !== tag)
      throw this.fault(member, `must have the tag ${hex(tag)}, not ${hex(element.tag)}`);
    this.#offset += element.length;
    return element;
  }

  optionalElement(member: string, tag: number): DerElement | undefined {
    return this.isNext(tag) ? this.element(member, tag) : undefined;
  }

  /** Opens a SEQUENCE, or with `tag` another constructed value: a SET, or `[n]` as 0xa0 | n. */
  structure(member: string, tag: number = TAG.sequence): StructureReader {
    return this.#open(member, this.element(member, tag));
  }

  optionalStructure(member: string, tag: number): StructureReader | undefined {
    return this.isNext(tag) ? this.structure(member, tag) : undefined;
  }

  #open(member: string, element: DerElement): StructureReader {
    return new StructureReader(element, this.#context, this, member);
  }

  oid(member: string): string {
    return decodeOid(this.element(member, TAG.objectIdentifier).contents);
  }

  /** BOOLEAN DEFAULT FALSE. */
  defaultFalse(member: string): boolean {
    const element = this.optionalElement(member, TAG.boolean);
    const isFalse = element?.contents[0] === 0;
    if (isFalse)
      this.tolerate('default-value', member, 'must be absent when it is FALSE, its DEFAULT (X.690 §11.5)');
    return element !== undefined && !isFalse;
  }

  /** Returns the octets of an INTEGER: two's complement, big-endian. */
  integer(member: string): Uint8Array {
    return this.element(member, TAG.integer).contents;
  }

  /** An INTEGER from 0 to 2^31 - 1. */
  smallInteger(member: string): number {
    const octets = this.integer(member);
    if (octets.length > 4 || (octets[0] ?? 0) >= 0x80)
      throw this.fault(member, 'must be an INTEGER from 0 to 2147483647');
    return octets.reduce((value, octet) => value * 256 + octet, 0);
  }

  octetString(member: string): Uint8Array {
    return this.element(member, TAG.octetString).contents;
  }

  /** Returns the octets of a BIT STRING without unused bits; `tag` is its IMPLICIT tag. */
  bitString(member: string, tag: number = TAG.bitString): Uint8Array {
    const { contents } = this.element(member, tag);
    if (contents[0] !== 0) this.tolerate('partial-octet', member, 'must be a BIT STRING of whole octets');
    return contents.subarray(1);
  }

  /** A UTCTime or GeneralizedTime. Inspection reads one without meaning as an invalid Date. */
  time(member: string): Date {
    const { tag, contents } = this.element(member);
    if (tag !== TAG.utcTime && tag !== TAG.generalizedTime) throw this.fault(member, NO_TIME);
    const date = decodeTime(tag, contents);
    if (date === undefined) this.tolerate('unreadable-time', member, NO_TIME);
    return date ?? new Date(NaN);
  }

  /** Notes a deviation of a member as {@link fault} says it. Throws it when the reading is strict. */
  tolerate(code: ToleranceCode, member: string, predicate: string): void {
    (this.#context.reading ?? STRICT).tolerate(code, this.fault(member, predicate));
  }

  /** Throws if there is another member. */
  end(): void {
    if (this.hasMore) throw this.error(`${this.#name} has an unexpected member after the last one`);
  }

  /** Returns the error of a member; `predicate` is the rest of a sentence about it, such as `must be 0`. */
  fault(member: string, predicate: string): PkiError {
    const where = `${this.#name}.${member}`;
    return new PkiError(this.#context.code, `${where} ${predicate}`, [], where);
  }

  /** Returns the error with a sentence of its own. */
  error(sentence: string): PkiError {
    return new PkiError(this.#context.code, sentence, [], this.#name);
  }
}

/** Opens a SEQUENCE. Throws PkiError of the context's code for another type. */
export function openSequence(der: Der, context: StructureContext): StructureReader {
  const element = elementOf(der);
  if (element.tag !== TAG.sequence) throw new PkiError(context.code, `${context.name} must be a SEQUENCE`);
  return new StructureReader(element, context);
}

const NO_TIME = 'must be a UTCTime or GeneralizedTime';

/** Identifier octets as X.690 and dumps write them. */
const hex = (tag: number): string => tag.toString(16).toUpperCase().padStart(2, '0');
