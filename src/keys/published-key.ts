import { hash } from 'node:crypto';
import type { KeyFamily, PublicKey } from './key.ts';

/**
 * SHA-256 of the SubjectPublicKeyInfo of keys whose private half is public. First ML-DSA-44, -65 and -87 with the seed of 32
 * zero octets, then with 00 01 … 1F, the seed of the examples of RFC 9881 (appendix C). Then SLH-DSA-SHA2-128s of RFC 9909
 * (appendix C), and ML-KEM-512, -768 and -1024 of RFC 9935 (appendix C), whose seed is 00 01 … 3F.
 */
const PUBLISHED: ReadonlySet<string> = new Set([
  '7de1bacd9f9f9a3688803d8b12af4e3536fe21768190db594b0d96c99383c548',
  '74a967da48075517e7e93c468a90724f4e96ce11ff30c3288c4b708583d711e0',
  'aec8ffe33b0b73ede7acfd64d760272d3160f61f40cb80dbf023db6f06236cf3',
  '837832708c5236d951581f1fddf2b79991b3424a0486d16da1ddad0fd69701be',
  'b8b62131bfbe84433efb2273d7f5b87f7a22854a2cfd366fc2aead86d837c52d',
  '07e57c4f14dbad1267f621ec3777b4e2e6c4fbc4c22fbb87510ff8e0b3c6a642',
  '9ca44295c8d84ebe17e701e73812733f6d3e6cd717f5786f920fdb69ec427dae',
  '0e3c8b89b54202d2545f7aba2e2aaa3cffa7b6191919ad738fab35b4f313cf71',
  'c23e23dd3d485a9256cda09358a4a286e00b373db10761eadf99f710649ca31c',
  'd2b7480ae006a14b37c1e8a8e45ea39022e32a9b1a7b90d594c84d869c6ac420',
]);

/** The families of keys that can be among them. */
const FAMILIES: ReadonlySet<KeyFamily> = new Set(['ml-dsa', 'slh-dsa', 'ml-kem']);

/** Whether keys of this family are published, so that it is known of each key whether it is one of them. */
export const hasPublishedKeys = ({ family }: PublicKey): boolean => FAMILIES.has(family);

/** Whether the private key is published. Such a key is for tests only. */
export const isPublishedKey = (key: PublicKey): boolean =>
  hasPublishedKeys(key) && PUBLISHED.has(hash('sha256', key.spki, 'hex'));
