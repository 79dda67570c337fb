/**
 * Reads any CRL (RFC 5280 §5.1; the ASN.1 is in `certificate-list.ts`) to show it: delta and indirect CRLs, unknown critical
 * extensions and BER too. The entries are found and not read: a list can have thousands of them.
 */

import { PkiError } from '../../../base/errors.ts';
import { firstMemberAsReceived, readDer, type ReceivedValue } from '../../../formats/der/lenient.ts';
import { elementAt, elementOf } from '../../../formats/der/reader.ts';
import { openSequence, type StructureReader } from '../../../formats/der/structure-reader.ts';
import { TAG } from '../../../formats/der/writer.ts';
import type { Der } from '../../../formats/der/header.ts';
import { requireSequence } from '../../../formats/pem-or-der.ts';
import { structureLabel } from '../../../formats/identify.ts';
import type { Reading } from '../../../formats/reading.ts';
import { readExtensions, type Extension } from '../../extensions/extension.ts';
import { checkCrl } from './check-in-slices.ts';

export interface ReceivedCrl {
  readonly received: Uint8Array;
  /** TBSCertList as received: the signed octets. */
  readonly tbs: Uint8Array;
  readonly version: number;
  /** AlgorithmIdentifier inside and outside the signed part. */
  readonly signatureAlgorithm: Der;
  readonly outerSignatureAlgorithm: Der;
  readonly issuer: Der;
  /** Invalid Dates for times that cannot be read. */
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** The contents of revokedCertificates: entries one after another. */
  readonly entries: Uint8Array;
  readonly extensions: readonly Extension[];
  readonly signature: Uint8Array;
}

/** BER is encoded again as a whole: so many values take 25 ms. */
const MAX_BER_VALUES = 20_000;

/** Throws PkiError invalid-encoding, invalid-der or invalid-crl. */
export async function readReceivedCrl(octets: Uint8Array, reading: Reading): Promise<ReceivedCrl> {
  requireSequence(octets, 'X509 CRL');
  const value = await readValue(octets, reading);
  const label = structureLabel(elementOf(value.der));
  if (label !== 'X509 CRL' && label !== undefined)
    throw new PkiError('invalid-encoding', `Expected X509 CRL, got ${label}`);
  const reader = openSequence(value.der, { name: 'CertificateList', code: 'invalid-crl', reading });
  const tbs = openTbs(reader.element('tbsCertList', TAG.sequence).encoding, reading);
  const outerSignatureAlgorithm = reader.element('signatureAlgorithm', TAG.sequence).encoding;
  const signature = reader.bitString('signatureValue');
  reader.end();
  const fields = readTbs(tbs, reading);
  if (Buffer.compare(fields.signatureAlgorithm, outerSignatureAlgorithm) !== 0)
    reader.tolerate('algorithm-mismatch', 'signatureAlgorithm', 'differs from the one in tbsCertList');
  return {
    received: octets,
    tbs: firstMemberAsReceived(value),
    outerSignatureAlgorithm,
    signature,
    ...fields,
  };
}

const openTbs = (der: Der, reading: Reading): StructureReader =>
  openSequence(der, { name: 'TBSCertList', code: 'invalid-crl', reading });

async function readValue(octets: Uint8Array, reading: Reading): Promise<ReceivedValue> {
  try {
    return { received: octets, der: await checkCrl(octets) };
  } catch (error) {
    if (reading.isStrict || !(error instanceof PkiError)) throw error;
    return readDer(octets, {
      subject: 'The X509 CRL',
      maxValues: MAX_BER_VALUES,
      reading,
      keepsUnreadable: true,
    });
  }
}

type TbsFields = Omit<ReceivedCrl, 'received' | 'tbs' | 'signature' | 'outerSignatureAlgorithm'>;

const EXTENSIONS = 0xa0;

function readTbs(reader: StructureReader, reading: Reading): TbsFields {
  const version = reader.isNext(TAG.integer) ? reader.smallInteger('version') + 1 : 1;
  const fields = {
    version,
    signatureAlgorithm: reader.element('signature', TAG.sequence).encoding,
    issuer: reader.element('issuer', TAG.sequence).encoding,
    thisUpdate: reader.time('thisUpdate'),
    nextUpdate: isTime(reader) ? reader.time('nextUpdate') : undefined,
    entries: reader.optionalElement('revokedCertificates', TAG.sequence)?.contents ?? new Uint8Array(),
  };
  const extensions = reader.optionalStructure('crlExtensions', EXTENSIONS);
  reader.end();
  return {
    ...fields,
    extensions: extensions ? readExtensions(extensions.structure('Extensions'), reading) : [],
  };
}

const isTime = (reader: StructureReader): boolean =>
  reader.isNext(TAG.utcTime) || reader.isNext(TAG.generalizedTime);

/** One entry of revokedCertificates. */
export interface CrlEntry {
  /** Contents of the INTEGER. */
  readonly serialNumber: Uint8Array;
  readonly revokedAt: Date;
  readonly extensions: readonly Extension[];
}

/** Reads one entry. Throws PkiError invalid-crl. */
export function readEntry(entry: Der, reading: Reading): CrlEntry {
  const reader = openSequence(entry, { name: 'revokedCertificates', code: 'invalid-crl', reading });
  const serialNumber = reader.integer('userCertificate');
  const revokedAt = reader.time('revocationDate');
  const extensions = reader.optionalStructure('crlEntryExtensions', TAG.sequence);
  reader.end();
  return { serialNumber, revokedAt, extensions: extensions ? readExtensions(extensions, reading) : [] };
}

/** Iterates over the entries, unread. */
export function* entriesOf({ entries }: Pick<ReceivedCrl, 'entries'>): Generator<Der, void> {
  for (let offset = 0; offset < entries.length;) {
    const { encoding } = elementAt(entries, offset);
    yield encoding;
    offset += encoding.length;
  }
}
