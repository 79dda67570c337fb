/** Parameters of password-based encryption and of MACs that are refused before any work. */

import { createHmac, generateKeyPairSync, pbkdf2Sync } from 'node:crypto';
import t from 'tap';
import type { DerivationParameters } from '../../../src/algorithms/passwords/derivation.ts';
import { encodeAlgorithmIdentifier } from '../../../src/formats/algorithm-identifier.ts';
import { elementOf, membersOf } from '../../../src/formats/der/reader.ts';
import { nullValue, octetString, sequence, unsignedInteger } from '../../../src/formats/der/writer.ts';
import { decryptContent } from '../../../src/formats/encryption/decrypt.ts';
import { encodeDerivation, encodeHmac } from '../../../src/formats/encryption/derivation-parameters.ts';
import { CIPHER_OIDS, LEGACY_ENCRYPTION, passwordOid } from '../../../src/formats/encryption/oids.ts';
import { digestOid } from '../../../src/formats/oids.ts';
import { readPkcs12 } from '../../../src/formats/pkcs12/read-pkcs12.ts';
import { writePkcs12 } from '../../../src/formats/pkcs12/write-pkcs12.ts';
import { decryptPrivateKey } from '../../../src/formats/private-keys/encrypted-private-key.ts';

const password = Buffer.from('correct horse');
const salt = Buffer.alloc(16, 1);

const encryptedWith = (parameters: DerivationParameters) =>
  sequence(
    encodeAlgorithmIdentifier(
      passwordOid.pbes2,
      sequence(
        encodeDerivation({ parameters, keyLength: undefined }),
        encodeAlgorithmIdentifier(CIPHER_OIDS['aes-256-cbc'], octetString(new Uint8Array(16))),
      ),
    ),
    octetString(new Uint8Array(32)),
  );

t.test('scrypt: N must be below 2^(128 * r / 8) (RFC 7914 §2)', async (t) => {
  const decryptWith = (cost: number, blockSize: number) =>
    decryptPrivateKey(encryptedWith({ kdf: 'scrypt', salt, cost, blockSize, parallelization: 1 }), password);
  await t.rejects(decryptWith(2 ** 16, 1), {
    code: 'invalid-private-key',
    message: /costParameter must be below 2\^16/,
  });
  await t.rejects(decryptWith(2 ** 15, 1), { code: 'wrong-password' });
  await t.rejects(decryptWith(2 ** 16, 2), { code: 'wrong-password' });
});

const { privateKey } = generateKeyPairSync('ed25519');
const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
const written = await writePkcs12({ pkcs8, certificates: [], password, mac: 'hmac' });
const [version, authSafe] = [...membersOf(elementOf(written))].map(({ encoding }) => encoding);

/** The octets that the MAC of the file is about. */
const content = (() => {
  const [, data] = [...membersOf(elementOf(authSafe ?? written))];
  const [octets] = data === undefined ? [] : [...membersOf(data)];
  return octets?.contents ?? new Uint8Array();
})();

/** The file with another MAC. `mac` is DigestInfo. */
const readWith = (mac: Uint8Array, iterations: number) =>
  readPkcs12(
    sequence(
      version ?? written,
      authSafe ?? written,
      sequence(mac, octetString(salt), unsignedInteger(iterations)),
    ),
    password,
  );

t.test('PBMAC1: the key must not be shorter than 20 octets', async (t) => {
  const readWithLength = (keyLength: number) => {
    const parameters = { kdf: 'pbkdf2', prf: 'sha256', salt, iterations: 1000 } as const;
    const key = pbkdf2Sync(password, salt, 1000, keyLength, 'sha256');
    const algorithm = encodeAlgorithmIdentifier(
      passwordOid.pbmac1,
      sequence(encodeDerivation({ parameters, keyLength }), encodeHmac('sha256')),
    );
    return readWith(sequence(algorithm, octetString(createHmac('sha256', key).update(content).digest())), 1);
  };
  t.strictSame(Buffer.from((await readWithLength(20)).pkcs8), pkcs8);
  for (const length of [1, 19])
    await t.rejects(readWithLength(length), {
      code: 'invalid-private-key',
      message: `PBMAC1-params.keyDerivationFunc must derive 20 octets or more, not ${length}`,
    });
});

t.test('PKCS #12: with 0 iterations, the key would not depend on the password', async (t) => {
  const sha256 = encodeAlgorithmIdentifier(digestOid.sha256, nullValue());
  const key = Buffer.alloc(32, 3);
  const mac = sequence(sha256, octetString(createHmac('sha256', key).update(content).digest()));
  await t.rejects(readWith(mac, 0), { code: 'invalid-encoding', message: /iterations must be positive/ });
  await t.rejects(readWith(mac, 1), { code: 'wrong-password' });

  const decryptWith = (iterations: number) => {
    const algorithm = encodeAlgorithmIdentifier(
      LEGACY_ENCRYPTION['pbeWithSHAAnd3-KeyTripleDES'],
      sequence(octetString(salt), unsignedInteger(iterations)),
    );
    return decryptContent({ algorithm, encrypted: new Uint8Array(8), convert: '' }, password);
  };
  await t.rejects(decryptWith(0), { code: 'invalid-private-key', message: /iterations must be positive/ });
  await t.rejects(decryptWith(1), { code: 'wrong-password' });
});
