/** The form of a private key that a program reads. test/interop/key-readers.test.ts has those programs read it. */

import type { KeyFileChoice } from './key-file.ts';

export const KEY_TARGETS = ['openssl', 'java', 'go', 'node', 'windows', 'hsm'] as const;
export type KeyTarget = (typeof KEY_TARGETS)[number];

interface TargetForm extends Pick<KeyFileChoice, 'form' | 'encoding' | 'mac' | 'preferredFormat'> {
  /** A whole sentence without its full stop. */
  readonly why: string;
}

export const TARGETS: Readonly<Record<KeyTarget, TargetForm>> = Object.freeze({
  openssl: {
    form: 'pkcs8',
    encoding: 'pem',
    preferredFormat: 'both',
    why: 'OpenSSL 3.5 writes both parts itself, and reads each of the three formats',
  },
  java: {
    form: 'pkcs8',
    encoding: 'der',
    preferredFormat: 'expanded',
    why: 'PKCS8EncodedKeySpec is DER, and Java 25 reads the expanded key only',
  },
  go: {
    form: 'pkcs8',
    encoding: 'pem',
    preferredFormat: 'seed',
    why: 'Packages for Go store the seed, and x509.ParsePKCS8PrivateKey reads PKCS #8 of the classical keys',
  },
  node: {
    form: 'pkcs8',
    encoding: 'pem',
    preferredFormat: 'seed',
    why: 'createPrivateKey of Node.js 24 reads each format, and the seed is the shortest',
  },
  windows: {
    form: 'pkcs12',
    encoding: 'der',
    mac: 'hmac',
    preferredFormat: 'seed',
    why: 'Windows imports keys as PFX: AES-256 and HMAC-SHA-256 need Windows Server 2019 or later',
  },
  hsm: {
    form: 'pkcs8',
    encoding: 'der',
    preferredFormat: 'both',
    why: 'PKCS #11 3.2 has CKA_SEED and CKA_VALUE, and modules differ in which of them they require',
  },
});

/** What the choice of a form may leave out. */
export type PartialChoice = Partial<KeyFileChoice>;

/** Returns `choice` with what the target needs where `choice` says nothing. The form is PKCS #8 without a target. */
export function completeChoice(target: KeyTarget | undefined, choice: PartialChoice): KeyFileChoice {
  const given = Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined));
  if (target === undefined) return { form: 'pkcs8', ...given };
  const { form, encoding, mac, preferredFormat } = TARGETS[target];
  const isOwnForm = choice.form === undefined || choice.form === form;
  return { form, ...(isOwnForm && { encoding, mac, preferredFormat }), ...given };
}
