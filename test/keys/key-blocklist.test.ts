import { generateKeyPairSync, hash } from 'node:crypto';
import t from 'tap';
import { expectKind } from '../../src/formats/identify.ts';
import { parseKeyBlocklist } from '../../src/keys/key-blocklist.ts';
import { readPublicKey } from '../../src/keys/public-key.ts';
import { rejectWeakKey } from '../../src/keys/weak-key.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
const ed25519 = generateKeyPairSync('ed25519').publicKey;
const keyOf = (key: typeof rsa) =>
  readPublicKey(expectKind(new Uint8Array(key.export({ type: 'spki', format: 'der' })), 'PUBLIC KEY'));
const digestOf = (key: typeof rsa): string =>
  hash('sha256', key.export({ type: 'spki', format: 'der' }), 'hex');

t.test('a listed key is rejected, and another key is not', async (t) => {
  const list = parseKeyBlocklist(`# keys of a test\n\n${digestOf(ed25519).toUpperCase()}\r\n`);
  const error = { code: 'invalid-public-key', message: /on the list of keys/ };
  t.throws(() => rejectWeakKey(keyOf(ed25519), list), error);
  t.doesNotThrow(() => rejectWeakKey(keyOf(rsa), list));
});

t.test('an entry of openssl-blacklist rejects its RSA key', { skip: opensslMissing }, async (t) => {
  const pem = rsa.export({ type: 'spki', format: 'pem' });
  const args = ['rsa', '-pubin', '-in', 'key', '-noout', '-modulus'];
  const { stdout } = await openssl(args, { files: { key: pem } });
  const entry = hash('sha1', stdout, 'hex').slice(-20);
  t.throws(() => rejectWeakKey(keyOf(rsa), parseKeyBlocklist(entry)), { code: 'invalid-public-key' });
  t.doesNotThrow(() => rejectWeakKey(keyOf(rsa), parseKeyBlocklist(`${entry.slice(1)}0`)));
});

t.test('the error about an invalid file names the line', async (t) => {
  t.throws(() => parseKeyBlocklist('# comment\nnot a digest'), {
    name: 'BlocklistError',
    message: /^Line 2 must be/,
  });
});
