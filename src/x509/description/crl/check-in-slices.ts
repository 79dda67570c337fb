/**
 * Checks that a CRL is DER, with pauses: a list of the length of a request has 50,000 entries, and its check takes 100 ms.
 */

import { pause } from '../../../base/next-turn.ts';
import { PkiError } from '../../../base/errors.ts';
import { DerError, readHeader, type Der } from '../../../formats/der/header.ts';
import { elementAt, type DerElement } from '../../../formats/der/reader.ts';
import { checkDer } from '../../../formats/der/strict.ts';
import { TAG } from '../../../formats/der/writer.ts';

const SUBJECT = 'A part of the X509 CRL';

/** Of entries, in octets: about 5 ms. */
const SLICE = 65_536;

/** Returns `octets` themselves. Throws PkiError invalid-der. */
export async function checkCrl(octets: Uint8Array): Promise<Der> {
  const { tag, contentsStart, end } = readHeader(octets, 0, octets.length);
  if (tag !== TAG.sequence || end !== octets.length)
    throw new DerError(end, `${octets.length - end} octets follow the value`, SUBJECT);
  const [tbs, ...others] = valuesOf(octets.subarray(contentsStart));
  for (const { encoding } of others) checkDer(encoding, { subject: SUBJECT });
  if (tbs?.tag === TAG.sequence) await checkTbs(valuesOf(tbs.contents));
  else if (tbs !== undefined) checkDer(tbs.encoding, { subject: SUBJECT });
  return octets as Der;
}

/** TBSCertList and CertificateList have at most this many members. */
const MAX_MEMBERS = 16;

/** Returns values one after another. Only their headers are checked. */
function valuesOf(octets: Uint8Array): DerElement[] {
  const values: DerElement[] = [];
  for (let offset = 0; offset < octets.length;) {
    const value = elementAt(octets, offset);
    if (values.push(value) > MAX_MEMBERS)
      throw new PkiError('invalid-crl', 'The CRL has more members than a CRL can have');
    offset += value.length;
  }
  return values;
}

/** revokedCertificates is the SEQUENCE after a time. */
async function checkTbs(members: readonly DerElement[]): Promise<void> {
  for (const [index, { tag, contents, encoding }] of members.entries()) {
    const before = members[index - 1]?.tag;
    const isList = tag === TAG.sequence && (before === TAG.utcTime || before === TAG.generalizedTime);
    if (isList) await checkEntries(contents);
    else checkDer(encoding, { subject: SUBJECT });
  }
}

async function checkEntries(entries: Uint8Array): Promise<void> {
  let checked = 0;
  for (let offset = 0; offset < entries.length;) {
    const { encoding } = elementAt(entries, offset);
    checkDer(encoding, { subject: SUBJECT });
    offset += encoding.length;
    if (offset - checked < SLICE) continue;
    checked = offset;
    await pause();
  }
}
