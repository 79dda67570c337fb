import { hash } from 'node:crypto';
import type { PublicKey } from './key.ts';

/**
 * SHA-256 of the SubjectPublicKeyInfo of ML-DSA keys whose seed is public: 32 zero octets, and 00 01 … 1F, the seed of
 * the examples of RFC 9881 (appendix C). In the order ML-DSA-44, -65, -87.
 */
const PUBLISHED: ReadonlySet<string> = new Set([
  '7de1bacd9f9f9a3688803d8b12af4e3536fe21768190db594b0d96c99383c548',
  '74a967da48075517e7e93c468a90724f4e96ce11ff30c3288c4b708583d711e0',
  'aec8ffe33b0b73ede7acfd64d760272d3160f61f40cb80dbf023db6f06236cf3',
  '837832708c5236d951581f1fddf2b79991b3424a0486d16da1ddad0fd69701be',
  'b8b62131bfbe84433efb2273d7f5b87f7a22854a2cfd366fc2aead86d837c52d',
  '07e57c4f14dbad1267f621ec3777b4e2e6c4fbc4c22fbb87510ff8e0b3c6a642',
]);

/** Whether the private key is published. Such a key is for tests only. */
export const isPublishedKey = ({ family, spki }: PublicKey): boolean =>
  family === 'ml-dsa' && PUBLISHED.has(hash('sha256', spki, 'hex'));
