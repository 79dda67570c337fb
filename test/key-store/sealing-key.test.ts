/** The key that seals: its file, and where it comes from. */

import { statSync, writeFileSync, chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { configFrom } from '../../src/config/load.ts';
import { readSealingKeys } from '../../src/config/sealing-keys.ts';
import { parseSealingKey, SealingKeyError } from '../../src/key-store/sealing-key.ts';

const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => 0xe0 ^ (index * 7)));

t.test('a file has the octets of the key, or one line with their base64 or hexadecimal', async (t) => {
  const { id } = parseSealingKey(Buffer.from(KEY));
  const base64 = KEY.toString('base64');
  const hex = KEY.toString('hex');
  for (const text of [
    base64,
    `${base64}\n`,
    `${base64}\r\n`,
    hex,
    hex.toUpperCase(),
    `${hex}\n`,
    `${hex}\r\n`,
  ]) {
    const key = parseSealingKey(Buffer.from(text));
    t.same(key.id, id, text.length.toString());
    t.ok(key.secret.export().equals(KEY));
  }
});

t.test('any other content is refused, and the message does not show it', async (t) => {
  const hex = KEY.toString('hex');
  const others = [
    Buffer.alloc(0),
    KEY.subarray(1),
    Buffer.concat([KEY, KEY]),
    Buffer.from(KEY.subarray(1).toString('base64')),
    Buffer.from(hex.slice(2)),
    Buffer.from(`${hex.slice(1)}g`),
    Buffer.from(`${hex}\n${hex}\n`),
    Buffer.from('correct horse battery staple'),
  ];
  for (const content of others)
    t.throws(() => parseSealingKey(Buffer.from(content)), new SealingKeyError(), content.toString('hex'));
});

t.test('the octets that were read are zeroed', async (t) => {
  const content = Buffer.from(KEY);
  parseSealingKey(content);
  t.ok(content.every((octet) => octet === 0));
});

t.test('the id of a key is not a part of it and differs from that of another', async (t) => {
  const first = parseSealingKey(Buffer.from(KEY));
  const second = parseSealingKey(Buffer.alloc(32, 9));
  t.equal(first.id.length, 8);
  t.notSame(first.id, second.id);
  t.notOk(KEY.includes(Buffer.from(first.id)));
});

t.test('outside production a key is made once, readable by its owner alone', async (t) => {
  const folder = join(t.testdir(), 'data');
  const config = configFrom({ DATA_DIR: folder });
  const first = readSealingKeys(config);
  const second = readSealingKeys(config);
  t.same(first?.sealingKey.id, second?.sealingKey.id);
  t.same(readdirSync(folder), ['key-encryption.key'], 'no unfinished file remains');
  t.equal(statSync(join(folder, 'key-encryption.key')).mode & 0o777, 0o600);
});

t.test('in production only the operator gives a key', async (t) => {
  const folder = t.testdir();
  const production = { NODE_ENV: 'production', ALLOW_ANONYMOUS: 'true', DATA_DIR: folder };
  t.equal(readSealingKeys(configFrom(production)), undefined);
  t.same(readdirSync(folder), []);
  const path = join(folder, 'key');
  writeFileSync(path, KEY, { mode: 0o600 });
  const given = readSealingKeys(configFrom(production, { KEY_ENCRYPTION_KEY_FILE: path }));
  t.same(given?.sealingKey.id, parseSealingKey(Buffer.from(KEY)).id);
  t.same(given?.otherKeys, []);
});

t.test('a second file opens only', async (t) => {
  const folder = t.testdir();
  const [first, second] = ['first', 'second'].map((name, index) => {
    const path = join(folder, name);
    writeFileSync(path, Buffer.alloc(32, index + 1), { mode: 0o600 });
    return path;
  });
  const keys = readSealingKeys(
    configFrom({ KEY_ENCRYPTION_KEY_FILE: first, KEY_DECRYPTION_KEY_FILE: second }),
  );
  t.same(keys?.sealingKey.id, parseSealingKey(Buffer.alloc(32, 1)).id);
  t.same(
    keys?.otherKeys.map(({ id }) => id),
    [parseSealingKey(Buffer.alloc(32, 2)).id],
  );
});

t.test('a file that is missing or has no key stops the start and is named by its variable', async (t) => {
  const folder = t.testdir({ short: 'abc' });
  for (const variable of ['KEY_ENCRYPTION_KEY_FILE', 'KEY_DECRYPTION_KEY_FILE']) {
    const read = (name: string) => () =>
      readSealingKeys(configFrom({ DATA_DIR: folder, [variable]: join(folder, name) }));
    t.throws(read('none'), { message: `${variable} names a file that cannot be read` });
    t.throws(read('short'), { message: /must contain a key of 32 octets/ });
  }
  const blocked = join(folder, 'short', 'data');
  t.equal(readSealingKeys(configFrom({ DATA_DIR: blocked })), undefined, 'nothing can be written');
});

t.test('a file that every user can read is reported', async (t) => {
  const path = join(t.testdir({ key: KEY.toString('hex') }), 'key');
  const warnings: string[] = [];
  const listen = ({ message }: Error): void => void warnings.push(message);
  process.on('warning', listen);
  t.teardown(() => process.off('warning', listen));
  const read = () => readSealingKeys(configFrom({ KEY_ENCRYPTION_KEY_FILE: path }));
  chmodSync(path, 0o600);
  read();
  chmodSync(path, 0o644);
  read();
  await new Promise(setImmediate);
  t.same(warnings, ['KEY_ENCRYPTION_KEY_FILE can be read by every user of this machine']);
});
