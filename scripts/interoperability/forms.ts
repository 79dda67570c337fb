/** The private keys that the programs of docs/interoperability.md read. */

import type { Domain } from '../../src/domain.ts';
import { writeKeyFile, type KeyFileChoice } from '../../src/keys/key-file.ts';

/** Of the encrypted forms. */
export const PASSWORD = 'changeit';

export const ALGORITHMS = ['ml-dsa-65', 'ecdsa-p256', 'rsa-2048', 'ed25519'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

export interface Form {
  /** A cell of the table. */
  readonly name: string;
  /** In words that need the password. */
  readonly choice: Omit<KeyFileChoice, 'password'>;
  readonly isEncrypted?: boolean;
  readonly algorithms: readonly Algorithm[];
}

const ML_DSA: readonly Algorithm[] = ['ml-dsa-65'];

/** In the order of the table. Every file is DER or JSON. */
export const FORMS: readonly Form[] = [
  {
    name: 'PKCS #8, seed',
    choice: { form: 'pkcs8', encoding: 'der', keyFormat: 'seed' },
    algorithms: ML_DSA,
  },
  {
    name: 'PKCS #8, expanded',
    choice: { form: 'pkcs8', encoding: 'der', keyFormat: 'expanded' },
    algorithms: ML_DSA,
  },
  {
    name: 'PKCS #8, both',
    choice: { form: 'pkcs8', encoding: 'der', keyFormat: 'both' },
    algorithms: ML_DSA,
  },
  {
    name: 'PKCS #8',
    choice: { form: 'pkcs8', encoding: 'der' },
    algorithms: ['ecdsa-p256', 'rsa-2048', 'ed25519'],
  },
  {
    name: 'PKCS #8 version 2 with the public key',
    choice: { form: 'pkcs8', encoding: 'der', includePublicKey: true },
    algorithms: ALGORITHMS,
  },
  {
    name: 'encrypted PKCS #8, PBKDF2 and AES-256-CBC',
    choice: { form: 'encrypted-pkcs8', encoding: 'der', iterations: 2048 },
    isEncrypted: true,
    algorithms: ALGORITHMS,
  },
  {
    name: 'encrypted PKCS #8, expanded',
    choice: { form: 'encrypted-pkcs8', encoding: 'der', iterations: 2048, keyFormat: 'expanded' },
    isEncrypted: true,
    algorithms: ML_DSA,
  },
  {
    name: 'encrypted PKCS #8, scrypt',
    choice: { form: 'encrypted-pkcs8', encoding: 'der', kdf: 'scrypt' },
    isEncrypted: true,
    algorithms: ['ecdsa-p256'],
  },
  {
    name: 'encrypted PKCS #8, AES-256-GCM',
    choice: { form: 'encrypted-pkcs8', encoding: 'der', cipher: 'aes-256-gcm', iterations: 2048 },
    isEncrypted: true,
    algorithms: ['ecdsa-p256'],
  },
  {
    name: 'PKCS #12, HMAC-SHA-256',
    choice: { form: 'pkcs12', mac: 'hmac' },
    isEncrypted: true,
    algorithms: ALGORITHMS,
  },
  {
    name: 'PKCS #12, HMAC-SHA-256, expanded',
    choice: { form: 'pkcs12', mac: 'hmac', keyFormat: 'expanded' },
    isEncrypted: true,
    algorithms: ML_DSA,
  },
  {
    name: 'PKCS #12, PBMAC1',
    choice: { form: 'pkcs12', mac: 'pbmac1' },
    isEncrypted: true,
    algorithms: ['ecdsa-p256'],
  },
  { name: 'PKCS #1', choice: { form: 'pkcs1', encoding: 'der' }, algorithms: ['rsa-2048'] },
  { name: 'SEC 1', choice: { form: 'sec1', encoding: 'der' }, algorithms: ['ecdsa-p256'] },
  { name: 'JWK', choice: { form: 'jwk' }, algorithms: ALGORITHMS },
];

export interface KeyFile {
  /** Name of the cell, such as `ml-dsa-65: PKCS #8, seed`. */
  readonly cell: string;
  readonly form: Form;
  readonly algorithm: Algorithm;
  readonly octets: Uint8Array;
}

export const cellOf = (algorithm: Algorithm, { name }: Form): string => `${algorithm}: ${name}`;

/** Returns a file for each algorithm and form, in the order of the table. */
export async function keyFiles({ keys }: Domain): Promise<readonly KeyFile[]> {
  const files: KeyFile[] = [];
  for (const algorithm of ALGORITHMS) {
    const key = await keys.generate(algorithm);
    for (const form of FORMS.filter(({ algorithms }) => algorithms.includes(algorithm))) {
      const password = form.isEncrypted === true ? Buffer.from(PASSWORD) : undefined;
      const { octets } = await writeKeyFile(key, { ...form.choice, password });
      files.push({ cell: cellOf(algorithm, form), form, algorithm, octets });
    }
    key.destroy();
  }
  return files;
}
