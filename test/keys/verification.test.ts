import { constants, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import t from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { createCryptography } from '../../src/algorithms/cryptography.ts';
import { encodeAlgorithmIdentifier } from '../../src/formats/algorithm-identifier.ts';
import * as der from '../../src/formats/der/writer.ts';
import { createReading } from '../../src/formats/reading.ts';
import { SIGNATURE_ALGORITHM } from '../../src/formats/signature-algorithm.ts';
import type { KeyAlgorithmName, PrivateKey } from '../../src/keys/key.ts';
import { createKeys } from '../../src/keys/keys.ts';
import { readPublicKey } from '../../src/keys/public-key.ts';
import { flipBit } from '../algorithms/ml-dsa/octets.ts';
import { pkcs8Of, spki, spkiOf } from './key-parts.ts';
import { pssKey, rsaKey } from './tolerated-keys.ts';

const message = new TextEncoder().encode('to be signed');
const keys = createKeys(await createCryptography({ engine: 'auto' }));
t.teardown(() => keys.close());

const NAMES = [
  'ml-dsa-44',
  'ml-dsa-65',
  'ml-dsa-87',
  'rsa-2048',
  'ecdsa-p256',
  'ecdsa-p384',
  'ed25519',
] as const;
const made = new Map<KeyAlgorithmName, PrivateKey>(
  await Promise.all(NAMES.map(async (name) => [name, await keys.generate(name)] as const)),
);

function keyOf(name: KeyAlgorithmName): PrivateKey {
  const key = made.get(name);
  if (key === undefined) throw new Error(`no key ${name}`);
  return key;
}

async function nodeKey(name: KeyAlgorithmName): Promise<KeyObject> {
  const pkcs8 = await keyOf(name).exportPkcs8();
  return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
}

t.test('a signature verifies only with its own key and algorithm', async (t) => {
  for (const signer of NAMES) {
    const signature = await keyOf(signer).sign(message);
    for (const name of NAMES)
      for (const claimed of NAMES) {
        const { publicKey } = keyOf(name);
        const { signatureAlgorithm } = keyOf(claimed);
        const valid = await keys.verify(publicKey, signatureAlgorithm, message, signature);
        t.equal(valid, name === signer && claimed === signer, `${signer} by ${name} as ${claimed}`);
      }
  }
});

t.test('a changed message or signature does not verify', async (t) => {
  for (const name of NAMES) {
    const { publicKey, signatureAlgorithm } = keyOf(name);
    const signature = await keyOf(name).sign(message);
    const changed: Record<string, [Uint8Array, Uint8Array]> = {
      'another message': [flipBit(message, 0), signature],
      'another signature': [message, flipBit(signature, 8 * (signature.length - 1))],
      'a truncated signature': [message, signature.subarray(0, -1)],
      'a signature with extra octets': [message, der.concat([signature, Uint8Array.of(0)])],
      'no signature': [message, new Uint8Array()],
    };
    for (const [what, [m, s]] of Object.entries(changed))
      t.equal(await keys.verify(publicKey, signatureAlgorithm, m, s), false, `${what}, ${name}`);
  }
});

/** RSASSA-PSS with SHA-2, as OpenSSL encodes it: the hash has NULL parameters. */
function pss(digest: 'sha256' | 'sha384', saltLength: number): Uint8Array {
  const hash = encodeAlgorithmIdentifier(
    `2.16.840.1.101.3.4.2.${digest === 'sha256' ? 1 : 2}`,
    der.nullValue(),
  );
  return encodeAlgorithmIdentifier(
    '1.2.840.113549.1.1.10',
    der.sequence(
      der.contextConstructed(0, hash),
      der.contextConstructed(1, encodeAlgorithmIdentifier('1.2.840.113549.1.1.8', hash)),
      der.contextConstructed(2, der.unsignedInteger(saltLength)),
    ),
  );
}

t.test('a classical signature verifies only with its own parameters', async (t) => {
  const rsa = await nodeKey('rsa-2048');
  const ec = await nodeKey('ecdsa-p256');
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const pssSignature = sign('sha256', message, { key: rsa, padding, saltLength: 32 });
  const pkcs1Signature = sign('sha512', message, rsa);
  const cases: [string, KeyAlgorithmName, Uint8Array, Uint8Array, boolean][] = [
    ['PSS', 'rsa-2048', pss('sha256', 32), pssSignature, true],
    ['PSS of another salt length', 'rsa-2048', pss('sha256', 31), pssSignature, false],
    ['PSS of another hash', 'rsa-2048', pss('sha384', 32), pssSignature, false],
    ['PSS as PKCS #1', 'rsa-2048', SIGNATURE_ALGORITHM.rsa.sha256, pssSignature, false],
    ['PKCS #1 with SHA-512', 'rsa-2048', SIGNATURE_ALGORITHM.rsa.sha512, pkcs1Signature, true],
    ['PKCS #1 of another hash', 'rsa-2048', SIGNATURE_ALGORITHM.rsa.sha256, pkcs1Signature, false],
    ['PKCS #1 as PSS', 'rsa-2048', pss('sha256', 32), pkcs1Signature, false],
    ['PSS by an EC key', 'ecdsa-p256', pss('sha256', 32), pssSignature, false],
    ['P-256 with SHA-512', 'ecdsa-p256', SIGNATURE_ALGORITHM.ecdsa.sha512, sign('sha512', message, ec), true],
    [
      'P-256 of another hash',
      'ecdsa-p256',
      SIGNATURE_ALGORITHM.ecdsa.sha256,
      sign('sha512', message, ec),
      false,
    ],
    [
      'r ‖ s',
      'ecdsa-p256',
      SIGNATURE_ALGORITHM.ecdsa.sha256,
      sign('sha256', message, { key: ec, dsaEncoding: 'ieee-p1363' }),
      false,
    ],
  ];
  for (const [name, key, algorithm, signature, valid] of cases)
    t.equal(await keys.verify(keyOf(key).publicKey, checkDer(algorithm), message, signature), valid, name);
});

t.test('a signature algorithm with NULL where it must be absent is tolerated and noted', async (t) => {
  const algorithms: [KeyAlgorithmName, string][] = [
    ['ml-dsa-44', '2.16.840.1.101.3.4.3.17'],
    ['ecdsa-p256', '1.2.840.10045.4.3.2'],
    ['ed25519', '1.3.101.112'],
  ];
  for (const [name, oid] of algorithms) {
    const { publicKey } = keyOf(name);
    const algorithm = checkDer(encodeAlgorithmIdentifier(oid, der.nullValue()));
    const signature = await keyOf(name).sign(message);
    await t.rejects(keys.verify(publicKey, algorithm, message, signature), { code: 'unsupported-algorithm' });
    const reading = createReading({ isStrict: false });
    t.equal(await keys.verify(publicKey, algorithm, message, signature, reading), true, name);
    t.match(reading.notes, [{ code: 'algorithm-parameters', message: /must be absent/ }]);
    t.equal(await keys.verify(publicKey, algorithm, message, flipBit(signature, 9), reading), false);
  }
});

t.test('a key for RSASSA-PSS verifies only the signatures that its parameters allow', async (t) => {
  const key = createPublicKey(pssKey(32));
  const restricted = readPublicKey(checkDer(spkiOf(key)), createReading({ isStrict: false }));
  const free = { ...restricted, pss: 'any' } as const;
  const privateKey = await keys.importPrivateKey(
    checkDer(pkcs8Of(rsaKey)),
    createReading({ isStrict: false }),
  );
  const plain = privateKey.publicKey;
  const node = { key: rsaKey, padding: constants.RSA_PKCS1_PSS_PADDING };
  const cases: [string, Uint8Array, Uint8Array, boolean][] = [
    ['its own', pss('sha256', 32), sign('sha256', message, { ...node, saltLength: 32 }), true],
    ['a longer salt', pss('sha256', 40), sign('sha256', message, { ...node, saltLength: 40 }), true],
    ['a shorter salt', pss('sha256', 31), sign('sha256', message, { ...node, saltLength: 31 }), false],
    ['another hash', pss('sha384', 48), sign('sha384', message, { ...node, saltLength: 48 }), false],
    ['PKCS #1', SIGNATURE_ALGORITHM.rsa.sha256, sign('sha256', message, rsaKey), false],
  ];
  for (const [name, algorithm, signature, valid] of cases) {
    t.equal(await keys.verify(restricted, checkDer(algorithm), message, signature), valid, name);
    t.equal(await keys.verify(plain, checkDer(algorithm), message, signature), true, `${name}, plain RSA`);
  }
  const freeSpki = spki(encodeAlgorithmIdentifier('1.2.840.113549.1.1.10'), restricted.bits);
  for (const [name, algorithm, signature] of cases) {
    const valid = await keys.verify(
      { ...free, spki: checkDer(freeSpki) },
      checkDer(algorithm),
      message,
      signature,
    );
    t.equal(valid, name !== 'PKCS #1', `${name}, without parameters`);
  }
});

t.test('a signature with a context does not verify (RFC 9881 §3)', async (t) => {
  const key = await nodeKey('ml-dsa-44');
  const { publicKey, signatureAlgorithm } = keyOf('ml-dsa-44');
  const withContext = sign(null, message, { key, context: Buffer.from('x') });
  t.equal(await keys.verify(publicKey, signatureAlgorithm, message, withContext), false);
  t.equal(await keys.verify(publicKey, signatureAlgorithm, message, sign(null, message, key)), true);
});

t.test('the error for an unsupported algorithm names the algorithm', async (t) => {
  const cases: [KeyAlgorithmName, Uint8Array, RegExp][] = [
    ['rsa-2048', encodeAlgorithmIdentifier('1.2.840.113549.1.1.5', der.nullValue()), /sha1WithRSAEncryption/],
    ['ecdsa-p256', encodeAlgorithmIdentifier('1.2.840.10045.4.1'), /ecdsa-with-SHA1/],
    ['ml-dsa-44', encodeAlgorithmIdentifier('2.16.840.1.101.3.4.3.32'), /HashML-DSA-44/],
    [
      'ml-dsa-44',
      encodeAlgorithmIdentifier('2.16.840.1.101.3.4.3.17', der.nullValue()),
      /ML-DSA-44 .* must be absent/,
    ],
  ];
  for (const [name, algorithm, words] of cases)
    await t.rejects(keys.verify(keyOf(name).publicKey, checkDer(algorithm), message, new Uint8Array(64)), {
      code: 'unsupported-algorithm',
      message: words,
    });
});
