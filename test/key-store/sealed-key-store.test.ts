/** Keys of authorities at rest: what is sealed opens under its own identity, and nothing else opens. */

import { assert, property, string, uint8Array } from 'fast-check';
import t from 'tap';
import { PkiError } from '../../src/base/errors.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import type { StoredKey } from '../../src/key-store/key-store.ts';
import { SealedKeyStore } from '../../src/key-store/sealed-key-store.ts';
import { seal, SealError, unseal } from '../../src/key-store/sealing.ts';
import { sealingKeyOf } from '../../src/key-store/sealing-key.ts';
import type { Keys, PrivateKey, Signer } from '../../src/keys/key.ts';
import { openDomain } from '../support/domain.ts';

const { keys } = await openDomain(t);
const OLD = sealingKeyOf(Buffer.alloc(32, 1));
const NEW = sealingKeyOf(Buffer.alloc(32, 2));
const IDENTITY = { authorityId: 'authority', keyId: 'key' };
const MESSAGE = Buffer.from('message');

const verifies = async (signer: Signer): Promise<boolean> =>
  keys.verify(signer.publicKey, signer.signatureAlgorithm, MESSAGE, await signer.sign(MESSAGE));
const withSealed = ({ signer, material: { sealed } }: StoredKey) => {
  if (sealed === undefined) throw new Error('the key is not sealed');
  return { signer, sealed };
};
const open = (sealed: Uint8Array, identity = IDENTITY) =>
  new SealedKeyStore({ keys, sealingKey: OLD }).open(identity, { sealed });

t.test('what is sealed is what opens, for every length', async (t) => {
  assert(
    property(uint8Array({ maxLength: 5000 }), string(), string(), (octets, authorityId, keyId) => {
      const identity = { authorityId, keyId };
      const sealed = seal(OLD, identity, octets);
      t.equal(Buffer.compare(unseal([NEW, OLD], identity, sealed), octets), 0);
      t.equal(sealed.length, octets.length + 37);
    }),
    { numRuns: 200 },
  );
});

t.test('a nonce is never used twice', async (t) => {
  const nonces = Array.from({ length: 1000 }, () =>
    Buffer.from(seal(OLD, IDENTITY, MESSAGE).subarray(9, 21)).toString('hex'),
  );
  t.equal(new Set(nonces).size, nonces.length);
});

t.test('a changed octet anywhere, another identity or a shorter blob does not open', async (t) => {
  const sealed = seal(OLD, IDENTITY, MESSAGE);
  for (const index of sealed.keys()) {
    const changed = Uint8Array.from(sealed);
    changed[index] = (changed[index] ?? 0) ^ 1;
    t.throws(() => unseal([OLD, NEW], IDENTITY, changed), SealError, `octet ${index}`);
    t.throws(() => unseal([OLD], IDENTITY, sealed.subarray(0, index)), SealError, `length ${index}`);
  }
  const others = [
    { authorityId: 'other', keyId: 'key' },
    { authorityId: 'authority', keyId: 'other' },
    { authorityId: 'authorityk', keyId: 'ey' },
  ];
  for (const other of others) t.throws(() => unseal([OLD], other, sealed), new SealError('damaged'));
  t.throws(() => unseal([NEW], IDENTITY, sealed), new SealError('unknown-sealing-key'));
});

t.test('keys of every algorithm are generated, sealed, opened and sign', async (t) => {
  for (const algorithm of [
    'ml-dsa-44',
    'ml-dsa-65',
    'ml-dsa-87',
    'rsa-2048',
    'ecdsa-p256',
    'ed25519',
  ] as const) {
    const { signer, sealed } = withSealed(
      await new SealedKeyStore({ keys, sealingKey: OLD }).generate(IDENTITY, algorithm),
    );
    t.ok(await verifies(signer), algorithm);
    const opened = await open(sealed);
    t.same(opened.publicKey.spki, signer.publicKey.spki);
    t.ok(await verifies(opened), 'the signature of the opened key verifies');
    t.same(
      Object.keys(opened).toSorted(),
      [
        'publicKey',
        'sign',
        ...(signer.signVerified ? ['signVerified'] : []),
        'signatureAlgorithm',
      ].toSorted(),
      'a signer has no export',
    );
  }
});

t.test('a key that was imported without its seed is sealed in its expanded form', async (t) => {
  const made = await keys.generate('ml-dsa-44');
  const key = await keys.importPrivateKey(checkDer(await made.exportPkcs8('expanded')));
  const { sealed } = withSealed(await new SealedKeyStore({ keys, sealingKey: OLD }).seal(IDENTITY, key));
  t.same((await open(sealed)).publicKey.spki, made.publicKey.spki);
  made.destroy();
});

/** Counts the imports. */
function counted(): { keys: Keys; imports: () => number } {
  let imports = 0;
  const importPrivateKey: Keys['importPrivateKey'] = (pkcs8) => {
    imports += 1;
    return keys.importPrivateKey(pkcs8);
  };
  return { keys: { ...keys, importPrivateKey }, imports: () => imports };
}

t.test('a key is opened once, however many calls need it', async (t) => {
  const { sealed } = withSealed(
    await new SealedKeyStore({ keys, sealingKey: OLD }).generate(IDENTITY, 'ml-dsa-44'),
  );
  const counter = counted();
  const store = new SealedKeyStore({ keys: counter.keys, sealingKey: OLD });
  const signers = await Promise.all(Array.from({ length: 8 }, () => store.open(IDENTITY, { sealed })));
  t.equal(new Set(signers).size, 1);
  t.equal(counter.imports(), 1);
});

t.test('a key that does not open is refused with a sentence, and tried again', async (t) => {
  const { sealed } = withSealed(
    await new SealedKeyStore({ keys, sealingKey: OLD }).generate(IDENTITY, 'ml-dsa-44'),
  );
  const store = new SealedKeyStore({ keys, sealingKey: NEW });
  const refusal = { code: 'key-unavailable' };
  await t.rejects(store.open(IDENTITY, { sealed }), {
    ...refusal,
    message: /neither KEY_ENCRYPTION_KEY_FILE nor/,
  });
  const damaged = Uint8Array.from(sealed);
  damaged[30] = (damaged[30] ?? 0) ^ 1;
  const other = new SealedKeyStore({ keys, sealingKey: OLD });
  await t.rejects(other.open(IDENTITY, { sealed: damaged }), {
    ...refusal,
    message: /changed or is damaged/,
  });
  await t.resolves(other.open(IDENTITY, { sealed }));
});

t.test('the sealing key is replaced while both open', async (t) => {
  const { sealed } = withSealed(
    await new SealedKeyStore({ keys, sealingKey: OLD }).generate(IDENTITY, 'ed25519'),
  );
  const both = new SealedKeyStore({ keys, sealingKey: NEW, otherKeys: [OLD] });
  const replaced = await both.replace(IDENTITY, sealed);
  t.ok(replaced, 'the key is sealed again');
  t.equal(await both.replace(IDENTITY, replaced ?? sealed), undefined, 'a second run has nothing to do');
  await t.resolves(both.open(IDENTITY, { sealed }));
  const later = new SealedKeyStore({ keys, sealingKey: NEW });
  await t.resolves(later.open(IDENTITY, { sealed: replaced ?? sealed }));
  await t.rejects(later.replace(IDENTITY, sealed), PkiError);
});

t.test('a key that was forgotten and the keys of a closed store sign no more', async (t) => {
  const store = new SealedKeyStore({ keys, sealingKey: OLD });
  const { signer, sealed } = withSealed(await store.generate(IDENTITY, 'ml-dsa-44'));
  store.forget(IDENTITY);
  await new Promise(setImmediate);
  await t.rejects(signer.sign(MESSAGE));
  const again = await store.open(IDENTITY, { sealed });
  t.ok(await again.sign(MESSAGE), 'the key of the other store still signs');
  store.close();
  await new Promise(setImmediate);
  await t.rejects(again.sign(MESSAGE));
  await t.rejects(store.open(IDENTITY, { sealed }), /closed/);
});

t.test('the octets of an exported key are zeroed after sealing', async (t) => {
  const exported: Uint8Array[] = [];
  const key = await keys.generate('ml-dsa-44');
  const watched: PrivateKey = {
    publicKey: key.publicKey,
    signatureAlgorithm: key.signatureAlgorithm,
    sign: (message) => key.sign(message),
    async exportPkcs8() {
      const octets = await key.exportPkcs8();
      exported.push(octets);
      return octets;
    },
    destroy: () => key.destroy(),
  };
  await new SealedKeyStore({ keys, sealingKey: OLD }).seal(IDENTITY, watched);
  t.equal(exported.length, 1);
  t.ok(
    exported[0]?.every((octet) => octet === 0),
    'every octet of the exported key is zero',
  );
});
