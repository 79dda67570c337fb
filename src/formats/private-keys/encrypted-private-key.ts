/**
 * EncryptedPrivateKeyInfo ::= SEQUENCE {
 *      encryptionAlgorithm  AlgorithmIdentifier,
 *      encryptedData        OCTET STRING }                                              -- RFC 5958 §3
 */

import type { Der } from '../der/header.ts';
import { readDer } from '../der/lenient.ts';
import { openSequence } from '../der/structure-reader.ts';
import { octetString, sequence, TAG } from '../der/writer.ts';
import { decryptContent } from '../encryption/decrypt.ts';
import { PasswordWork, wrongPassword } from '../encryption/password.ts';
import { encryptPbes2, type EncryptionChoice } from '../encryption/pbes2.ts';
import { STRICT, type Reading } from '../reading.ts';

const CONVERT = 'openssl pkcs8 -topk8 -provider legacy -provider default -in key.pem -out new.pem';

/** Returns the OneAsymmetricKey inside, which the caller zeroes. Throws PkiError. */
export async function decryptPrivateKey(
  der: Der,
  password: Uint8Array,
  reading: Reading = STRICT,
  work: PasswordWork = new PasswordWork(),
): Promise<Der> {
  const reader = openSequence(der, { name: 'EncryptedPrivateKeyInfo', code: 'invalid-private-key' });
  const algorithm = reader.element('encryptionAlgorithm', TAG.sequence).encoding;
  const encrypted = reader.octetString('encryptedData');
  reader.end();
  const plain = await decryptContent({ algorithm, encrypted, convert: CONVERT }, password, work);
  return readSecretDer(plain, reading);
}

/**
 * Reads decrypted octets, which it zeroes unless they are the result. A wrong password can leave a valid padding, so octets
 * that do not begin a SEQUENCE are its result.
 */
export function readSecretDer(plain: Uint8Array, reading: Reading): Der {
  try {
    if (plain[0] !== TAG.sequence) throw wrongPassword();
    const { der } = readDer(plain, { subject: 'The decrypted content', reading });
    if (der !== plain) plain.fill(0);
    return der;
  } catch (error) {
    plain.fill(0);
    throw error;
  }
}

/** Returns EncryptedPrivateKeyInfo. `pkcs8` stays the caller's to zero. */
export async function encryptPrivateKey(
  pkcs8: Uint8Array,
  password: Uint8Array,
  choice: EncryptionChoice,
): Promise<Der> {
  const { algorithm, octets } = await encryptPbes2(choice, pkcs8, password);
  return sequence(algorithm, octetString(octets));
}
