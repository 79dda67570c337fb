import { randomFillSync } from 'node:crypto';

/** Where random octets come from: passed in, so that tests can force a draw. The octets are the caller's. */
export type RandomOctets = (length: number) => Uint8Array;

/** Octets that are drawn at once: a draw costs node:crypto 4 µs, however few are wanted. */
const POOL = 4096;

/** Random octets of OpenSSL. Each is given out once; they are for serial numbers, which are no secret. */
export function createSystemRandom(): RandomOctets {
  const pool = new Uint8Array(POOL);
  let used = POOL;
  return (length) => {
    if (used + length > POOL) {
      randomFillSync(pool);
      used = 0;
    }
    used += length;
    return pool.slice(used - length, used);
  };
}

const SERIAL_LENGTH = 20;

/**
 * CertificateSerialNumber: 20 octets, positive and minimal because the first is 01 to 7F, so that 158 bits and more
 * are random (RFC 5280 §4.1.2.2 allows 20 octets and no zero or negative number).
 */
export function drawSerialNumber(random: RandomOctets): Uint8Array {
  for (;;) {
    const serial = Uint8Array.from(random(SERIAL_LENGTH));
    const first = (serial[0] ?? 0) & 0x7f;
    if (first === 0) continue;
    serial[0] = first;
    return serial;
  }
}

/** The contents of an INTEGER as OpenSSL's `x509 -serial` prints them: the number, two capital hexadecimal digits an octet. */
export function formatSerialNumber(serial: Uint8Array): string {
  const number = BigInt.asIntN(serial.length * 8, BigInt(`0x${Buffer.from(serial).toString('hex')}`));
  const digits = (number < 0n ? -number : number).toString(16).toUpperCase();
  return `${number < 0n ? '-' : ''}${digits.length % 2 === 0 ? '' : '0'}${digits}`;
}
