/**
 * Reads a PKCS #12 file whose integrity a password protects:
 *
 * PFX ::= SEQUENCE { version INTEGER {v3(3)}, authSafe ContentInfo, macData MacData OPTIONAL }
 * AuthenticatedSafe ::= SEQUENCE OF ContentInfo                                            -- RFC 7292 §4
 *
 * EncryptedData ::= SEQUENCE { version INTEGER, encryptedContentInfo EncryptedContentInfo, ... }     -- RFC 5652 §8
 * EncryptedContentInfo ::= SEQUENCE {
 *      contentType OBJECT IDENTIFIER,
 *      contentEncryptionAlgorithm AlgorithmIdentifier,
 *      encryptedContent [0] IMPLICIT OCTET STRING }                                         -- RFC 5652 §6.1
 */

import { PkiError } from '../../base/errors.ts';
import { pause } from '../../base/next-turn.ts';
import { unsupported } from '../algorithm-identifier.ts';
import type { Der } from '../der/header.ts';
import { readDer } from '../der/lenient.ts';
import { membersOf } from '../der/reader.ts';
import { openSequence, type StructureReader } from '../der/structure-reader.ts';
import { concat, TAG } from '../der/writer.ts';
import { decryptContent } from '../encryption/decrypt.ts';
import { pkcs12Oid } from '../encryption/oids.ts';
import { PasswordWork, wrongPassword } from '../encryption/password.ts';
import { describeOid } from '../oids.ts';
import { decryptPrivateKey, readSecretDer } from '../private-keys/encrypted-private-key.ts';
import { STRICT, type Reading } from '../reading.ts';
import { verifyMac } from './mac.ts';
import { collectBags, noBags, type Bags } from './safe-bags.ts';

export interface Pkcs12Contents {
  /** OneAsymmetricKey of the only private key, which the caller zeroes. */
  readonly pkcs8: Der;
  /** In the order of the file, unread. */
  readonly certificates: readonly Uint8Array[];
}

const CONTENT = 0xa0;
const CONVERT =
  'openssl pkcs12 -legacy -in old.p12 -nodes -out all.pem && openssl pkcs12 -export -in all.pem -out new.p12';

interface Opening {
  readonly password: Uint8Array;
  readonly reading: Reading;
  readonly work: PasswordWork;
}

/** `password` is UTF-8. Throws PkiError wrong-password, invalid-encoding, invalid-der or unsupported-algorithm. */
export async function readPkcs12(
  pfx: Der,
  password: Uint8Array,
  reading: Reading = STRICT,
): Promise<Pkcs12Contents> {
  const opening = { password, reading, work: new PasswordWork() };
  const opened: Uint8Array[] = [];
  try {
    const content = await authenticatedSafe(pfx, opening, opened);
    const bags = await bagsOf(content, opening, opened);
    return {
      pkcs8: await onlyKey(bags, opening),
      certificates: bags.certificates.map((one) => new Uint8Array(one)),
    };
  } finally {
    for (const octets of opened) octets.fill(0);
  }
}

/** Returns the contents of the AuthenticatedSafe when their MAC is valid. A file without a MAC is read too. */
async function authenticatedSafe(
  pfx: Der,
  { password, reading, work }: Opening,
  opened: Uint8Array[],
): Promise<Der> {
  const reader = openSequence(pfx, { name: 'PFX', code: 'invalid-encoding' });
  if (reader.smallInteger('version') !== 3) throw reader.fault('version', 'must be 3');
  const content = dataOf(reader.structure('authSafe'));
  const macData = reader.hasMore ? reader.structure('macData') : undefined;
  reader.end();
  if (macData !== undefined && !(await verifyMac(macData, content, password, work))) throw wrongPassword();
  const { der } = readDer(content, { subject: 'The AuthenticatedSafe', reading });
  // A copy of what was not DER, with its private keys
  if (der !== content) opened.push(der);
  return der;
}

/** Returns the octets of a ContentInfo of the type data. */
function dataOf(info: StructureReader): Uint8Array {
  const type = info.oid('contentType');
  if (type !== pkcs12Oid.data)
    throw unsupported(
      `The content ${describeOid(type)} of the PKCS #12 file is not supported; a password must protect it`,
    );
  const content = info.structure('content', CONTENT);
  const octets = content.octetString('data');
  content.end();
  return octets;
}

/** Adds everything that it has decrypted to `opened`. */
async function bagsOf(safes: Der, opening: Opening, opened: Uint8Array[]): Promise<Bags> {
  const bags = noBags();
  const reader = openSequence(safes, { name: 'AuthenticatedSafe', code: 'invalid-encoding' });
  while (reader.hasMore) {
    // Each of them may cost some hashes and as many values as a whole file
    await pause();
    const contents = await safeContents(reader.structure('ContentInfo'), opening);
    opened.push(contents);
    collectBags(contents, bags);
  }
  return bags;
}

/** Returns a new array. */
async function safeContents(info: StructureReader, opening: Opening): Promise<Der> {
  const type = info.oid('contentType');
  const content = info.structure('content', CONTENT);
  if (type === pkcs12Oid.data)
    return readSecretDer(new Uint8Array(content.octetString('data')), opening.reading);
  if (type === pkcs12Oid.encryptedData) return decryptSafe(content.structure('EncryptedData'), opening);
  throw unsupported(
    `The content ${describeOid(type)} of the PKCS #12 file is not supported; a password must encrypt it`,
  );
}

async function decryptSafe(data: StructureReader, { password, reading, work }: Opening): Promise<Der> {
  data.integer('version');
  const info = data.structure('encryptedContentInfo');
  info.oid('contentType');
  const algorithm = info.element('contentEncryptionAlgorithm', TAG.sequence).encoding;
  const encrypted = implicitOctets(info);
  const plain = await decryptContent({ algorithm, encrypted, convert: CONVERT }, password, work);
  return readSecretDer(plain, reading);
}

/** BER allows parts (X.690 §8.7.3); the reader of BER does not know the type behind an IMPLICIT tag. */
function implicitOctets(info: StructureReader): Uint8Array {
  const element = info.element('encryptedContent');
  if (element.tag === 0x80) return element.contents;
  if (element.tag !== CONTENT) throw info.fault('encryptedContent', 'must have the tag 80');
  return concat([...membersOf(element)].map(({ contents }) => contents));
}

async function onlyKey({ keys, encryptedKeys }: Bags, { password, reading, work }: Opening): Promise<Der> {
  const count = keys.length + encryptedKeys.length;
  if (count !== 1)
    throw new PkiError(
      'invalid-encoding',
      `The PKCS #12 file must have one private key, and it has ${count}`,
    );
  const [encrypted] = encryptedKeys;
  if (encrypted !== undefined) return decryptPrivateKey(encrypted, password, reading, work);
  return concat(keys) as Der;
}
