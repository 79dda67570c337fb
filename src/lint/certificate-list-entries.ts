/** Reads the entries of a CRL that is about to be signed, one by one. */

import { asBuffer } from '../base/octets.ts';
import type { Der } from '../formats/der/header.ts';
import { elementOf, type DerElement } from '../formats/der/reader.ts';
import { openSequence, StructureReader } from '../formats/der/structure-reader.ts';
import { TAG } from '../formats/der/writer.ts';
import { knownExtensionOid } from '../formats/known-oids.ts';
import { readExtensions, type Extension } from '../x509/extensions/extension.ts';
import { isWrittenTime } from './written-time.ts';

export type EntryFault =
  | 'serial-number'
  | 'repeated-serial-number'
  | 'revocation-date'
  | 'critical-extension'
  | 'reason-code'
  | 'reason-unspecified'
  | 'remove-from-crl'
  | 'invalidity-date';

/** Of the INTEGER, in octets (RFC 5280 §4.1.2.2). */
const MAX_SERIAL_LENGTH = 20;

const CONTEXT = Object.freeze({ name: 'revokedCertificates', code: 'invalid-crl' } as const);

/** Most entries have the extensions of another one: so many different ones are remembered. */
const MAX_KNOWN = 100;

export class EntryReader {
  readonly faults = new Set<EntryFault>();
  readonly #serialNumbers = new Set<string>();
  /** By the encoding of crlEntryExtensions. */
  readonly #known = new Map<string, readonly EntryFault[]>();
  count = 0;

  /** Throws PkiError for an entry without the structure of one. */
  read(encoding: Der): void {
    this.count += 1;
    const entry = openSequence(encoding, CONTEXT);
    this.#readSerialNumber(entry.integer('userCertificate'));
    if (!isWrittenTime(entry.element('revocationDate'))) this.faults.add('revocation-date');
    const extensions = entry.optionalElement('crlEntryExtensions', TAG.sequence);
    entry.end();
    if (extensions !== undefined) for (const fault of this.#faultsOf(extensions)) this.faults.add(fault);
  }

  #readSerialNumber(serialNumber: Uint8Array): void {
    const isPositive = (serialNumber[0] ?? 0x80) < 0x80 && serialNumber.some((octet) => octet > 0);
    if (!isPositive || serialNumber.length > MAX_SERIAL_LENGTH) this.faults.add('serial-number');
    const text = asBuffer(serialNumber).toString('latin1');
    if (this.#serialNumbers.has(text)) this.faults.add('repeated-serial-number');
    this.#serialNumbers.add(text);
  }

  #faultsOf(extensions: DerElement): readonly EntryFault[] {
    const name = asBuffer(extensions.encoding).toString('latin1');
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const faults = readExtensions(new StructureReader(extensions, CONTEXT)).flatMap(faultsOf);
    if (this.#known.size < MAX_KNOWN) this.#known.set(name, faults);
    return faults;
  }
}

/** The extensions that are written are not critical; a critical one would have a meaning that is not written. */
function faultsOf({ oid, critical, value }: Extension): readonly EntryFault[] {
  const element = elementOf(value);
  const isDate = oid !== knownExtensionOid.invalidityDate || element.tag === TAG.generalizedTime;
  return [
    ...(critical ? (['critical-extension'] as const) : []),
    ...(oid === knownExtensionOid.cRLReasons ? reasonFaults(element) : []),
    ...(isDate ? [] : (['invalidity-date'] as const)),
  ];
}

function reasonFaults({ tag, contents }: DerElement): readonly EntryFault[] {
  const [reason = UNUSED_REASON] = contents;
  const isReason = tag === TAG.enumerated && contents.length === 1 && reason <= LAST_REASON;
  if (!isReason || reason === UNUSED_REASON) return ['reason-code'];
  if (reason === 0) return ['reason-unspecified'];
  return reason === REMOVE_FROM_CRL ? ['remove-from-crl'] : [];
}

/** CRLReason (RFC 5280 §5.3.1). */
const LAST_REASON = 10;
const UNUSED_REASON = 7;
const REMOVE_FROM_CRL = 8;
