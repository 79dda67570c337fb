import type { Keys } from '../../keys/key.ts';
import type { Reading } from '../../formats/reading.ts';
import type { Found } from '../found.ts';

/** What is in a part, as far as it is known. Times can be invalid Dates, which stand for those that cannot be read. */
export interface Facts {
  readonly subject?: string;
  readonly issuer?: string;
  /** Capital hexadecimal. */
  readonly serialNumber?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date | undefined;
  readonly isCa?: boolean;
  /** The first ones. */
  readonly subjectAltNames?: readonly string[];
  /** Of the key: `ml-dsa-65`, `rsa-3072`, or the name of its OID. */
  readonly algorithm?: string;
  readonly signatureAlgorithm?: string;
  /** The form of an ML-DSA private key. */
  readonly form?: string;
  /** RFC 7093 §2 method 1; capital hexadecimal with colons. */
  readonly keyIdentifier?: string;
  /** SHA-256 of the SubjectPublicKeyInfo; capital hexadecimal with colons. */
  readonly publicKeyFingerprint?: string;
  /** SHA-256 of the DER; capital hexadecimal with colons. */
  readonly fingerprint?: string;
  /** What encrypts it. */
  readonly encryption?: string;
  /** What protects a PKCS #12 file against changes. */
  readonly integrity?: string;
  /** Number of entries of a CRL. */
  readonly entries?: number;
  /** Lines about what is inside. */
  readonly contents?: readonly string[];
  /** What octets of this length can be. */
  readonly possibly?: string;
  /** The kind and the first octet of unknown data. */
  readonly begins?: string;
}

/** What a description can use. */
export interface Context {
  readonly keys: Keys;
  readonly reading: Reading;
  /** Returns a copy that is zeroed after the last description. */
  own<Octets extends Uint8Array>(copy: Octets): Octets;
  /** Adds a part that is inside of the described one. Its octets are a view of those, or of an owned copy. */
  addInside(part: Pick<Found, 'type' | 'octets'>): void;
}

/** Returns the facts of a part. Throws PkiError for one that cannot be read. */
export type Describe = (octets: Uint8Array, context: Context) => Facts | Promise<Facts>;

/** Longer texts and lists are cut off: the routes for one kind show them whole. */
const MAX_TEXT = 512;
const MAX_LINES = 10;

export const shortText = (text: string): string =>
  text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;

export const firstLines = (lines: readonly string[]): string[] =>
  lines.length <= MAX_LINES
    ? lines.map(shortText)
    : [...lines.slice(0, MAX_LINES).map(shortText), `and ${lines.length - MAX_LINES} more`];
