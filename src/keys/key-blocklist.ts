/** Keys that an operator refuses to certify, such as the weak keys of Debian's OpenSSL of 2006 to 2008 (CVE-2008-0166). */

import { hash } from 'node:crypto';
import { readRsaPublicKey } from '../formats/rsa-public-key.ts';
import type { PublicKey } from './key.ts';

export interface KeyBlocklist {
  includes(key: PublicKey): boolean;
}

/** SHA-256 of the SubjectPublicKeyInfo. */
const SPKI_DIGEST = /^[\da-f]{64}$/i;

/** The last 20 digits of the SHA-1 of `openssl rsa -noout -modulus`, as Debian's package openssl-blacklist lists keys. */
const DEBIAN_DIGEST = /^[\da-f]{20}$/i;

/** A line of the file is neither a digest nor a comment. */
export class BlocklistError extends Error {
  constructor(line: number) {
    super(
      `Line ${line} must be a SHA-256 digest of a SubjectPublicKeyInfo, or an entry of openssl-blacklist`,
    );
    this.name = 'BlocklistError';
  }
}

/** Parses one entry a line; empty lines and lines that begin with `#` are ignored. Throws BlocklistError. */
export function parseKeyBlocklist(text: string): KeyBlocklist {
  const entries = new Set<string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const entry = line.trim().toLowerCase();
    if (entry === '' || entry.startsWith('#')) continue;
    if (!SPKI_DIGEST.test(entry) && !DEBIAN_DIGEST.test(entry)) throw new BlocklistError(index + 1);
    entries.add(entry);
  }
  return { includes: (key) => digestsOf(key).some((digest) => entries.has(digest)) };
}

const digestsOf = (key: PublicKey): readonly string[] => [
  hash('sha256', key.spki, 'hex'),
  ...(key.family === 'rsa' ? [debianDigest(key)] : []),
];

function debianDigest({ bits }: PublicKey): string {
  const { modulus } = readRsaPublicKey(bits);
  const digits = Buffer.from(modulus)
    .toString('hex')
    .replace(/^(?:00)+/, '')
    .toUpperCase();
  return hash('sha1', `Modulus=${digits}\n`, 'hex').slice(-20);
}
