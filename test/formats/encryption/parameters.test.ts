/** Parameters of password-based encryption and of MACs that are refused before any work. */

import t from 'tap';
import type { DerivationParameters } from '../../../src/algorithms/passwords/derivation.ts';
import { encodeAlgorithmIdentifier } from '../../../src/formats/algorithm-identifier.ts';
import { octetString, sequence } from '../../../src/formats/der/writer.ts';
import { encodeDerivation } from '../../../src/formats/encryption/derivation-parameters.ts';
import { CIPHER_OIDS, passwordOid } from '../../../src/formats/encryption/oids.ts';
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
