/**
 * The key derivation of PKCS #12 (RFC 7292 appendix B.2), which node:crypto does not have. It computes on the event loop, in
 * slices, so its iterations have a low limit.
 */

import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { DIGEST_LENGTH, type Prf } from './derivation.ts';

/** Appendix B.3: what the octets are for. */
const PURPOSE_ID = Object.freeze({ key: 1, iv: 2, mac: 3 });

export interface Pkcs12Derivation {
  readonly digest: Prf;
  readonly purpose: keyof typeof PURPOSE_ID;
  readonly salt: Uint8Array;
  readonly iterations: number;
}

/** Block size of the digest, in octets: v in appendix B.2. */
const blockLength = (digest: Prf): number => (digest === 'sha384' || digest === 'sha512' ? 128 : 64);

/** Of the hash: at most 3 ms of the event loop in one piece. */
const SLICE = 2000;

/**
 * Returns `length` octets, which the caller zeroes. `password` is a BMPString with two zero octets at its end (appendix
 * B.1), or empty.
 */
export async function derivePkcs12(
  password: Uint8Array,
  { digest, purpose, salt, iterations }: Pkcs12Derivation,
  length: number,
): Promise<Uint8Array> {
  const block = blockLength(digest);
  const diversifier = new Uint8Array(block).fill(PURPOSE_ID[purpose]);
  const input = Buffer.concat([repeated(salt, block), repeated(password, block)]);
  const output = Buffer.alloc(length);
  try {
    for (let offset = 0; offset < length; offset += DIGEST_LENGTH[digest]) {
      const part = await iteratedHash(digest, Buffer.concat([diversifier, input]), iterations);
      part.copy(output, offset);
      addToBlocks(input, part, block);
      part.fill(0);
    }
    return output;
  } finally {
    input.fill(0);
  }
}

/** Step 2 and 3: as many whole blocks as `octets` need. */
function repeated(octets: Uint8Array, block: number): Buffer {
  const length = block * Math.ceil(octets.length / block);
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, octets);
}

async function iteratedHash(digest: Prf, first: Buffer, iterations: number): Promise<Buffer> {
  let octets = first;
  for (let i = 0; i < iterations; i += 1) {
    if (i > 0 && i % SLICE === 0) await setImmediate();
    const next = hash(digest, octets, 'buffer');
    octets.fill(0);
    octets = next;
  }
  return octets;
}

/** Step 6 C: adds `part`, repeated, and 1 to each block, modulo 2^(8 * block). */
function addToBlocks(input: Buffer, part: Buffer, block: number): void {
  for (let start = 0; start < input.length; start += block) {
    let carry = 1;
    for (let i = block - 1; i >= 0; i -= 1) {
      const sum = (input[start + i] ?? 0) + (part[i % part.length] ?? 0) + carry;
      input[start + i] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}
