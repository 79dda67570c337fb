import { randomFillSync } from 'node:crypto';

/** The source of random octets, a parameter so that tests can choose them. The caller owns the returned octets. */
export type RandomOctets = (length: number) => Uint8Array;

/** Octets that are drawn at once: a call of node:crypto takes 4 µs for any length. */
const POOL = 4096;

/** Random octets of OpenSSL, each returned once. For serial numbers only, which are not secret. */
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
 * Returns a CertificateSerialNumber of 20 octets. The first octet is 01 to 7F, so the number is positive and the encoding
 * minimal (RFC 5280 §4.1.2.2); more than 158 bits are random.
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

/** 1 to 20 octets in hexadecimal, with or without colons and `0x`. */
const SERIAL_TEXT = /^(?:0x)?([\da-f]{2}(?::?[\da-f]{2}){0,20})$/i;

/** Returns the contents of the INTEGER that {@link formatSerialNumber} formats so; undefined for other text. */
export function parseSerialNumber(text: string): Uint8Array | undefined {
  const digits = SERIAL_TEXT.exec(text)?.[1]?.replaceAll(':', '');
  if (digits === undefined) return undefined;
  const octets = Buffer.from(digits.replace(/^(?:00)+(?=..)/, ''), 'hex');
  const isNegative = (octets[0] ?? 0) >= 0x80;
  return new Uint8Array(isNegative ? [0, ...octets] : octets);
}

/** Formats the contents of an INTEGER like OpenSSL's `x509 -serial`: two capital hexadecimal digits an octet. */
export function formatSerialNumber(serial: Uint8Array): string {
  if (serial.length === 0) return '';
  const number = BigInt.asIntN(serial.length * 8, BigInt(`0x${Buffer.from(serial).toString('hex')}`));
  const digits = (number < 0n ? -number : number).toString(16).toUpperCase();
  return `${number < 0n ? '-' : ''}${digits.length % 2 === 0 ? '' : '0'}${digits}`;
}
