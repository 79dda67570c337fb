/** Reads the entries of a CRL that is about to be signed, one by one. */

import { asBuffer } from '../base/octets.ts';
import type { Der } from '../formats/der/header.ts';
import { elementOf, type DerElement } from '../formats/der/reader.ts';
import { openSequence } from '../formats/der/structure-reader.ts';
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

export class EntryReader {
  readonly faults = new Set<EntryFault>();
  readonly #serialNumbers = new Set<string>();
  count = 0;

  /** Throws PkiError for an entry without the structure of one. */
  read(encoding: Der): void {
    this.count += 1;
    const entry = openSequence(encoding, { name: 'revokedCertificates', code: 'invalid-crl' });
    this.#readSerialNumber(entry.integer('userCertificate'));
    if (!isWrittenTime(entry.element('revocationDate'))) this.faults.add('revocation-date');
    const extensions = entry.optionalStructure('crlEntryExtensions', TAG.sequence);
    entry.end();
    for (const extension of extensions ? readExtensions(extensions) : []) this.#readExtension(extension);
  }

  #readSerialNumber(serialNumber: Uint8Array): void {
    const isPositive = (serialNumber[0] ?? 0x80) < 0x80 && serialNumber.some((octet) => octet > 0);
    if (!isPositive || serialNumber.length > MAX_SERIAL_LENGTH) this.faults.add('serial-number');
    const text = asBuffer(serialNumber).toString('latin1');
    if (this.#serialNumbers.has(text)) this.faults.add('repeated-serial-number');
    this.#serialNumbers.add(text);
  }

  /** The extensions that are written are not critical; a critical one would have a meaning that is not written. */
  #readExtension({ oid, critical, value }: Extension): void {
    if (critical) this.faults.add('critical-extension');
    const element = elementOf(value);
    if (oid === knownExtensionOid.cRLReasons) this.#readReason(element);
    if (oid === knownExtensionOid.invalidityDate && element.tag !== TAG.generalizedTime)
      this.faults.add('invalidity-date');
  }

  #readReason({ tag, contents }: DerElement): void {
    const [reason = UNUSED_REASON] = contents;
    const isReason = tag === TAG.enumerated && contents.length === 1 && reason <= LAST_REASON;
    if (!isReason || reason === UNUSED_REASON) this.faults.add('reason-code');
    else if (reason === 0) this.faults.add('reason-unspecified');
    else if (reason === REMOVE_FROM_CRL) this.faults.add('remove-from-crl');
  }
}

/** CRLReason (RFC 5280 §5.3.1). */
const LAST_REASON = 10;
const UNUSED_REASON = 7;
const REMOVE_FROM_CRL = 8;
