/** The serial numbers on a CRL of this service, read in parts. */

import { pause } from '../../base/next-turn.ts';
import { asBuffer } from '../../base/octets.ts';
import { elementAt, membersOf } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import type { PublishedCrl } from './published-crls.ts';

/** Entries that are read without a pause. */
const BATCH = 2000;

const KNOWN = new WeakMap<PublishedCrl, Promise<ReadonlySet<string>>>();

/** In hexadecimal. Each CRL is read once. */
export function serialNumbersOf(crl: PublishedCrl): Promise<ReadonlySet<string>> {
  const known = KNOWN.get(crl) ?? readSerialNumbers(crl.der);
  KNOWN.set(crl, known);
  return known;
}

export const serialText = (serialNumber: Uint8Array): string => asBuffer(serialNumber).toString('hex');

/** The list was made, linted and signed here, and its SHA-256 is that of the store. */
async function readSerialNumbers(der: Uint8Array): Promise<ReadonlySet<string>> {
  const serialNumbers = new Set<string>();
  const [, , , , ...rest] = membersOf(elementAt(elementAt(der, 0).contents, 0));
  const list = rest.find(({ tag }) => tag === TAG.sequence);
  if (list === undefined) return serialNumbers;
  for (const entry of membersOf(list)) {
    serialNumbers.add(serialText(elementAt(entry.contents, 0).contents));
    if (serialNumbers.size % BATCH === 0) await pause();
  }
  return serialNumbers;
}
