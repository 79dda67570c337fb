import { createECDH } from 'node:crypto';
import t from 'tap';
import { curveOid } from '../../src/formats/oids.ts';
import { readEcPrivateKey } from '../../src/formats/ec-private-key.ts';
import * as der from '../../src/formats/der/writer.ts';

/** The largest private key that OpenSSL accepts: the order of the curve minus one. */
function largestScalar(openSslName: string, length: number): bigint {
  let largest = 0n;
  for (let bit = BigInt(8 * length - 1); bit >= 0n; bit -= 1n)
    if (isScalar(openSslName, octetsOf(largest | (1n << bit), length))) largest |= 1n << bit;
  return largest;
}

function isScalar(openSslName: string, octets: Buffer): boolean {
  try {
    createECDH(openSslName).setPrivateKey(octets);
    return true;
  } catch {
    return false;
  }
}

const octetsOf = (value: bigint, length: number): Buffer =>
  Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex');

t.test('an EC private key must be between 0 and the order of its curve', async (t) => {
  const curves = [
    ['P-256', 'prime256v1', 32],
    ['P-384', 'secp384r1', 48],
    ['P-521', 'secp521r1', 66],
  ] as const;
  for (const [curve, openSslName, length] of curves) {
    const check = (value: bigint) => () =>
      readEcPrivateKey(
        { oid: '1.2.840.10045.2.1', parameters: der.objectIdentifier(curveOid[curve]) },
        der.sequence(der.unsignedInteger(1), der.octetString(octetsOf(value, length))),
      );
    const largest = largestScalar(openSslName, length);
    for (const value of [1n, largest]) t.doesNotThrow(check(value), `${curve} ${value}`);
    for (const value of [0n, largest + 1n])
      t.throws(check(value), { code: 'invalid-private-key', message: /must be between 0 and the order/ });
  }
});
