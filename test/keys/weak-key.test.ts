/** RSA keys that can be factored with little work are rejected; usual keys are not. */

import { checkPrimeSync, generateKeyPairSync, generatePrimeSync } from 'node:crypto';
import t from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { bitString, nullValue, sequence, unsignedInteger } from '../../src/formats/der/writer.ts';
import { encodeAlgorithmIdentifier } from '../../src/formats/algorithm-identifier.ts';
import { readPublicKey } from '../../src/keys/public-key.ts';
import { rejectWeakKey } from '../../src/keys/weak-key.ts';

const octets = (n: bigint): Uint8Array => {
  const hex = n.toString(16);
  return new Uint8Array(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
};

const rsaKey = (modulus: bigint, exponent = 65_537n) =>
  readPublicKey(
    sequence(
      encodeAlgorithmIdentifier('1.2.840.113549.1.1.1', nullValue()),
      bitString(sequence(unsignedInteger(octets(modulus)), unsignedInteger(octets(exponent)))),
    ),
  );

const prime = (bits = 1024): bigint => generatePrimeSync(bits, { bigint: true });

function nextPrime(after: bigint): bigint {
  for (let n = after | 1n; ; n += 2n) if (n > after && checkPrimeSync(n)) return n;
}

const SMALL = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89];
const MORE = [97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167];
const PRIMORIAL = [...SMALL, ...MORE].map(BigInt).reduce((product, n) => product * n);

/** Returns a prime of the form that the library of CVE-2017-15361 generates: k · M + (65537^a mod M). */
function rocaPrime(): bigint {
  let power = 1n;
  for (let i = 0; i < 12_345; i++) power = (power * 65_537n) % PRIMORIAL;
  const k = prime(1024) / PRIMORIAL;
  for (let step = 0n; ; step += 1n) {
    const candidate = (k + step) * PRIMORIAL + power;
    if (checkPrimeSync(candidate)) return candidate;
  }
}

t.test('keys of OpenSSL are accepted', async (t) => {
  for (const modulusLength of [2048, 3072, 4096]) {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength });
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    t.doesNotThrow(() => rejectWeakKey(readPublicKey(checkDer(new Uint8Array(spki)))), String(modulusLength));
  }
});

t.test('keys that can be factored are rejected', async (t) => {
  const p = prime();
  const weak: Readonly<Record<string, [key: ReturnType<typeof rsaKey>, message: RegExp]>> = {
    'exponent 3': [rsaKey(p * prime(), 3n), /public exponent 3; it must be at least 65537$/],
    'a factor of 751': [rsaKey(751n * prime(2046)), /small prime factor/],
    'neighbouring primes': [rsaKey(p * nextPrime(p)), /close together/],
    'primes of the faulty library': [rsaKey(rocaPrime() * rocaPrime()), /CVE-2017-15361/],
  };
  for (const [what, [key, message]] of Object.entries(weak))
    t.throws(() => rejectWeakKey(key), { code: 'invalid-public-key', message }, what);
});
