/** Encodings of keys, and their parts. */

import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Der } from '../../src/formats/der/header.ts';
import { elementOf, membersOf } from '../../src/formats/der/reader.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import * as der from '../../src/formats/der/writer.ts';

export const spkiOf = (key: KeyObject): Uint8Array =>
  new Uint8Array(
    (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'der', type: 'spki' }),
  );

export const pkcs8Of = (key: KeyObject): Uint8Array =>
  new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }));

/** Returns the members of a structure. */
export const partsOf = (octets: Uint8Array): Der[] =>
  [...membersOf(elementOf(checkDer(octets)))].map(({ encoding }) => encoding);

export const contentsOf = (octets: Uint8Array | undefined): Uint8Array =>
  elementOf(checkDer(octets ?? new Uint8Array())).contents;

/** The octets of subjectPublicKey. */
export const bitsOf = (key: KeyObject): Uint8Array => contentsOf(partsOf(spkiOf(key))[1]).subarray(1);

export const spki = (algorithm: Uint8Array, bits: Uint8Array): Uint8Array =>
  der.sequence(algorithm, der.bitString(bits));

/** A OneAsymmetricKey; with `more`, which is its public key, of version 1. */
export function pkcs8(algorithm: Uint8Array, privateKey: Uint8Array, ...more: Uint8Array[]): Uint8Array {
  return der.sequence(
    der.unsignedInteger(more.length === 0 ? 0 : 1),
    algorithm,
    der.octetString(privateKey),
    ...more,
  );
}

/** The contents of privateKey. */
export function valueOf(key: KeyObject): Uint8Array {
  return contentsOf(partsOf(pkcs8Of(key))[2]);
}

/** ECPrivateKey with this private key and these further members. */
export const ecPrivateKey = (scalar: Uint8Array, ...more: readonly Uint8Array[]): Der =>
  der.sequence(der.unsignedInteger(1), der.octetString(scalar), ...more);

export const scalarOf = (key: KeyObject): Uint8Array => contentsOf(partsOf(valueOf(key))[1]);
