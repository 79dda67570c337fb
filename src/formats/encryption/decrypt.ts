/** Decrypts content with the algorithms that programs in use write; the broken ones are refused with a way out. */

import { derivePkcs12 } from '../../algorithms/passwords/pkcs12-derivation.ts';
import { decrypt } from '../../algorithms/passwords/ciphers.ts';
import { readAlgorithmIdentifier, unsupported } from '../algorithm-identifier.ts';
import type { Der } from '../der/header.ts';
import { openSequence } from '../der/structure-reader.ts';
import { describeOid } from '../oids.ts';
import { positiveInteger } from './derivation-parameters.ts';
import { LEGACY_ENCRYPTION, passwordOid } from './oids.ts';
import { bmpPassword, PasswordWork, wrongPassword } from './password.ts';
import { decryptPbes2, readPbes2 } from './pbes2.ts';

const TRIPLE_DES = LEGACY_ENCRYPTION['pbeWithSHAAnd3-KeyTripleDES'];
const LEGACY: ReadonlySet<string> = new Set(Object.values(LEGACY_ENCRYPTION));

/** The content of a file, and what decrypts it. */
export interface EncryptedContent {
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Der;
  readonly encrypted: Uint8Array;
  /** The command that writes the file with an algorithm that is supported. */
  readonly convert: string;
}

/**
 * `password` is UTF-8. Returns a new array, which the caller zeroes. Throws PkiError wrong-password, unsupported-algorithm
 * or invalid-private-key.
 */
export async function decryptContent(
  { algorithm, encrypted, convert }: EncryptedContent,
  password: Uint8Array,
  work: PasswordWork = new PasswordWork(),
): Promise<Uint8Array> {
  const { oid, parameters } = readAlgorithmIdentifier(algorithm);
  if (parameters !== undefined && oid === passwordOid.pbes2)
    return decryptPbes2(readPbes2(parameters), encrypted, password, work);
  if (parameters !== undefined && oid === TRIPLE_DES)
    return decryptTripleDes(parameters, encrypted, password, work);
  const isLegacy = LEGACY.has(oid);
  throw unsupported(
    isLegacy
      ? `The content is encrypted with ${describeOid(oid)}, which is broken; convert the file with "${convert}"`
      : `The encryption ${describeOid(oid)} is not supported; PBES2 is`,
  );
}

/** In octets: key and IV. */
const TRIPLE_DES_LENGTHS = Object.freeze({ key: 24, iv: 8 });

/** pkcs-12PbeParams ::= SEQUENCE { salt OCTET STRING, iterations INTEGER }              -- RFC 7292 appendix C */
async function decryptTripleDes(
  parameters: Der,
  encrypted: Uint8Array,
  password: Uint8Array,
  work: PasswordWork,
): Promise<Uint8Array> {
  const reader = openSequence(parameters, { name: 'pkcs-12PbeParams', code: 'invalid-private-key' });
  const salt = reader.octetString('salt');
  const iterations = positiveInteger(reader, 'iterations');
  reader.end();
  // Two blocks of SHA-1 for the key, one for the IV
  work.spendPkcs12(3 * iterations);
  const bmp = bmpPassword(password);
  const derive = (purpose: 'key' | 'iv'): Promise<Uint8Array> =>
    derivePkcs12(bmp, { digest: 'sha1', purpose, salt, iterations }, TRIPLE_DES_LENGTHS[purpose]);
  const [key, iv] = await Promise.all([derive('key'), derive('iv')]);
  bmp.fill(0);
  const plain = decrypt({ cipher: 'des-ede3-cbc', iv }, key, encrypted);
  key.fill(0);
  if (plain === undefined) throw wrongPassword();
  return plain;
}
