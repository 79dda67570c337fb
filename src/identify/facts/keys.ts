/** Facts of keys. A private key is imported to learn its public key, and destroyed at once. */

import { ifReadable } from '../../base/errors.ts';
import { describeAlgorithm, describeSubjectPublicKeyInfo } from '../../formats/describe-algorithm.ts';
import { elementOf, membersOf } from '../../formats/der/reader.ts';
import type { Der } from '../../formats/der/header.ts';
import { readDer } from '../../formats/der/lenient.ts';
import { expectReceivedKind } from '../../formats/identify.ts';
import { mlDsaParameterSetOf, mlKemParameterSetOf } from '../../formats/key-algorithm.ts';
import { readMlDsaPrivateKey } from '../../formats/ml-dsa-private-key.ts';
import { readMlKemPrivateKey } from '../../formats/ml-kem-private-key.ts';
import { readPrivateKeyInfo } from '../../formats/private-key-info.ts';
import { LENIENT } from '../../formats/reading.ts';
import { readSubjectPublicKeyInfo } from '../../formats/subject-public-key-info.ts';
import type { SeedKey } from '../../formats/seed-key-choice.ts';
import type { KeyFormat } from '../../keys/key.ts';
import { readPublicKey } from '../../keys/public-key.ts';
import { describeEncryption } from '../encryption.ts';
import type { Context, Describe, Facts } from './facts.ts';
import { keyFacts } from './key-facts.ts';

export const describePublicKey: Describe = (octets, { reading }) => {
  const { der } = expectReceivedKind(octets, ['PUBLIC KEY'], reading);
  const { algorithm } = describeSubjectPublicKeyInfo(der, reading);
  const key = ifReadable(() => readPublicKey(der, LENIENT));
  return {
    algorithm: key?.algorithm ?? algorithm.name,
    ...keyFacts(der, readSubjectPublicKeyInfo(der, reading).bits),
  };
};

/** PKCS #8, PKCS #1 and SEC 1. */
export const describePrivateKey: Describe = async (octets, context) => {
  const { received, der } = expectReceivedKind(octets, ['PRIVATE KEY'], context.reading);
  try {
    return await factsOfPkcs8(der, context);
  } finally {
    if (der !== received) der.fill(0);
  }
};

/** Throws PkiError for a key that is refused. */
export async function factsOfPkcs8(pkcs8: Der, { keys, reading }: Context): Promise<Facts> {
  const form = ifReadable(() => formOf(pkcs8));
  const key = await keys.importPair(pkcs8, reading);
  try {
    const { algorithm, spki, bits } = key.publicKey;
    return { algorithm, ...(form && { form }), ...keyFacts(spki, bits) };
  } finally {
    key.destroy();
  }
}

/** Of an ML-DSA key (RFC 9881 §6) or an ML-KEM key (RFC 9935 §6). */
function formOf(pkcs8: Der): string | undefined {
  const { algorithm, privateKey } = readPrivateKeyInfo(pkcs8, LENIENT);
  const { oid } = describeAlgorithm(algorithm);
  const [mlDsa, mlKem] = [mlDsaParameterSetOf(oid), mlKemParameterSetOf(oid)];
  if (mlDsa !== undefined) return formatOf(readMlDsaPrivateKey(privateKey, mlDsa, LENIENT));
  return mlKem && formatOf(readMlKemPrivateKey(privateKey, mlKem, LENIENT));
}

function formatOf({ seed, expandedKey }: SeedKey): KeyFormat {
  if (seed === undefined) return 'expanded';
  return expandedKey === undefined ? 'seed' : 'both';
}

/** EncryptedPrivateKeyInfo ::= SEQUENCE { encryptionAlgorithm AlgorithmIdentifier, encryptedData OCTET STRING } (RFC 5958 §3) */
export const describeEncryptedKey: Describe = (octets, { reading }) => {
  const [algorithm] = membersOf(elementOf(readDer(octets, { reading, subject: 'The key' }).der));
  return algorithm === undefined ? {} : { encryption: describeEncryption(algorithm.encoding) };
};
