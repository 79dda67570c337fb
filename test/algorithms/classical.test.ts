import { constants, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import t from 'tap';
import {
  CLASSICAL,
  CLASSICAL_NAMES,
  generateClassicalKey,
  signClassical,
  verifyClassical,
  type SignatureScheme,
} from '../../src/algorithms/classical.ts';
import { flipBit } from './ml-dsa/octets.ts';

const message = new TextEncoder().encode('to be signed');
const keys = new Map<string, KeyObject>(
  await Promise.all(CLASSICAL_NAMES.map(async (name) => [name, await generateClassicalKey(name)] as const)),
);

function keyOf(name: string): KeyObject {
  const key = keys.get(name);
  if (key === undefined) throw new Error(`no key ${name}`);
  return key;
}

const rsa = (modulusLength: number) => ({ modulusLength, publicExponent: 65537n });

t.test('each name generates the key that it describes', async (t) => {
  const expected = {
    'rsa-2048': ['rsa', rsa(2048)],
    'rsa-3072': ['rsa', rsa(3072)],
    'rsa-4096': ['rsa', rsa(4096)],
    'ecdsa-p256': ['ec', { namedCurve: 'prime256v1' }],
    'ecdsa-p384': ['ec', { namedCurve: 'secp384r1' }],
    'ecdsa-p521': ['ec', { namedCurve: 'secp521r1' }],
    ed25519: ['ed25519', {}],
  };
  for (const [name, [type, details]] of Object.entries(expected)) {
    const key = keyOf(name);
    t.strictSame([key.type, key.asymmetricKeyType], ['private', type], name);
    t.strictSame({ ...key.asymmetricKeyDetails }, details, `${name} in detail`);
  }
  t.strictSame(Object.keys(expected), CLASSICAL_NAMES, 'every name is tested');
});

for (const name of CLASSICAL_NAMES)
  t.test(`${name} signatures`, async (t) => {
    const key = keyOf(name);
    const publicKey = createPublicKey(key);
    const { digest } = CLASSICAL[name];
    const made = await signClassical(key, { digest }, message);
    t.ok(verify(digest, message, publicKey, made), 'node:crypto verifies our signature');
    const theirs = sign(digest, message, key);
    t.ok(
      await verifyClassical(publicKey, { digest }, message, theirs),
      'we verify the signature of node:crypto',
    );
    const refused: Record<string, Promise<boolean>> = {
      'a flipped bit of the signature': verifyClassical(
        publicKey,
        { digest },
        message,
        flipBit(made, 8 * (made.length - 1)),
      ),
      'a flipped bit of the message': verifyClassical(publicKey, { digest }, flipBit(message, 0), made),
      'a short signature': verifyClassical(publicKey, { digest }, message, made.subarray(1)),
      'a long signature': verifyClassical(
        publicKey,
        { digest },
        message,
        Buffer.concat([made, Buffer.of(0)]),
      ),
      'an empty signature': verifyClassical(publicKey, { digest }, message, new Uint8Array()),
      noise: verifyClassical(publicKey, { digest }, message, new Uint8Array(made.length).fill(0xa5)),
    };
    for (const [what, verified] of Object.entries(refused)) t.equal(await verified, false, what);
  });

t.test('ECDSA signatures are DER, not r and s side by side', async (t) => {
  const publicKey = createPublicKey(keyOf('ecdsa-p256'));
  const sideBySide = sign('sha256', message, { key: keyOf('ecdsa-p256'), dsaEncoding: 'ieee-p1363' });
  t.equal(await verifyClassical(publicKey, { digest: 'sha256' }, message, sideBySide), false);
  t.equal((await signClassical(keyOf('ecdsa-p256'), { digest: 'sha256' }, message))[0], 0x30);
});

t.test('RSA signatures verify only with their own padding', async (t) => {
  const key = keyOf('rsa-2048');
  const publicKey = createPublicKey(key);
  const pss = sign('sha384', message, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 });
  const pkcs1 = sign('sha384', message, { key, padding: constants.RSA_PKCS1_PADDING });
  const cases: [string, SignatureScheme, Uint8Array, boolean][] = [
    ['PSS', { digest: 'sha384', padding: 'pss', saltLength: 48 }, pss, true],
    ['PSS of another salt length', { digest: 'sha384', padding: 'pss', saltLength: 32 }, pss, false],
    ['PSS of another digest', { digest: 'sha256', padding: 'pss', saltLength: 48 }, pss, false],
    ['PSS as PKCS #1', { digest: 'sha384', padding: 'pkcs1' }, pss, false],
    ['PKCS #1', { digest: 'sha384', padding: 'pkcs1' }, pkcs1, true],
    ['PKCS #1 as PSS', { digest: 'sha384', padding: 'pss', saltLength: 48 }, pkcs1, false],
    ['PKCS #1 of another digest', { digest: 'sha512', padding: 'pkcs1' }, pkcs1, false],
  ];
  for (const [name, scheme, signature, valid] of cases)
    t.equal(await verifyClassical(publicKey, scheme, message, signature), valid, name);
});

t.test('a scheme that does not fit the key verifies no signature and creates none', async (t) => {
  const mlDsa = generateKeyPairSync('ml-dsa-44').privateKey;
  const cases: [string, KeyObject, SignatureScheme][] = [
    ['RSA without a digest', keyOf('rsa-2048'), { digest: null }],
    ['ECDSA without a digest', keyOf('ecdsa-p256'), { digest: null }],
    ['ECDSA with a padding', keyOf('ecdsa-p256'), { digest: 'sha256', padding: 'pkcs1' }],
    ['Ed25519 with a digest', keyOf('ed25519'), { digest: 'sha512' }],
    ['Ed25519 with a padding', keyOf('ed25519'), { digest: null, padding: 'pss' }],
    ['ML-DSA', mlDsa, { digest: null }],
  ];
  for (const [name, key, scheme] of cases) {
    const ownDigest = key.asymmetricKeyType === 'ec' ? 'sha256' : null;
    const signature = sign(ownDigest, message, key);
    t.equal(await verifyClassical(createPublicKey(key), scheme, message, signature), false, name);
  }
  await t.rejects(signClassical(keyOf('rsa-2048'), { digest: null }, message), TypeError);
  await t.rejects(signClassical(keyOf('ed25519'), { digest: 'sha512' }, message), TypeError);
});
