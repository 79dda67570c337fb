/** What a key must fulfil, and what was found: a closed list of checks. */

import { PkiError } from '../../base/errors.ts';

/** By name: the clause that requires it of an ML-DSA key. */
const CLAUSES = Object.freeze({
  structure: 'RFC 5958 §2',
  algorithm: 'RFC 9881 §2',
  'private-key': 'RFC 9881 §6',
  'seed-expansion': 'RFC 9881 §8.2',
  'expanded-key': 'RFC 9881 §8.2, FIPS 204 algorithm 25',
  'public-key': 'RFC 5958 §2',
  'key-pair': 'FIPS 186-5 §5.1, §6.2, §7.4',
  'not-published': 'RFC 9881 appendix C',
  strength: 'FIPS 186-5 §5.1',
});

export type KeyCheckName = keyof typeof CLAUSES;

export const KEY_CHECKS = Object.freeze(Object.keys(CLAUSES) as KeyCheckName[]);

/** Of RSA, EC and Ed25519 keys, where it is another. */
const CLASSICAL: Readonly<Partial<Record<KeyCheckName, string>>> = Object.freeze({
  algorithm: 'RFC 3279 §2.3, RFC 5480 §2.1, RFC 8410 §3',
  'private-key': 'RFC 8017 appendix A.1.2, RFC 5915 §3, RFC 8410 §7',
});

/** Of SLH-DSA keys, where it is another. */
const SLH_DSA: typeof CLASSICAL = Object.freeze({
  algorithm: 'RFC 9909 §3',
  'private-key': 'RFC 9909 §7',
  'key-pair': 'FIPS 205 §9.1',
  'not-published': 'RFC 9909 appendix C',
});

/** Of ML-KEM keys, where it is another. */
const ML_KEM: typeof CLASSICAL = Object.freeze({
  algorithm: 'RFC 9935 §3',
  'private-key': 'RFC 9935 §6',
  'seed-expansion': 'RFC 9935 §8',
  'expanded-key': 'FIPS 203 §7.3',
  'key-pair': 'FIPS 203 §7.1',
  'not-published': 'RFC 9935 appendix C',
});

/** `algorithm` is that of the key, if it is known. */
export const clauseOf = (check: KeyCheckName, algorithm = ''): string =>
  clausesOf(algorithm.toLowerCase())[check] ?? CLAUSES[check];

function clausesOf(algorithm: string): typeof CLASSICAL {
  if (algorithm.startsWith('ml-dsa')) return {};
  if (algorithm.startsWith('ml-kem')) return ML_KEM;
  return algorithm.startsWith('slh-dsa') ? SLH_DSA : CLASSICAL;
}

export interface KeyCheck {
  readonly check: KeyCheckName;
  readonly passed: boolean;
  /** Why it is not passed. */
  readonly message?: string;
  /** Where the fault is, in octets from the beginning of the PKCS #8 or SubjectPublicKeyInfo structure. */
  readonly offset?: number | undefined;
}

export class KeyChecks {
  readonly list: KeyCheck[] = [];

  get arePassed(): boolean {
    return this.list.every(({ passed }) => passed);
  }

  pass(check: KeyCheckName): void {
    this.list.push({ check, passed: true });
  }

  fail(check: KeyCheckName, message: string, offset?: number): void {
    this.list.push({ check, passed: false, message, offset });
  }

  /** Passes the check, or returns undefined and fails it with the PkiError of `read`. */
  attempt<T>(
    check: KeyCheckName,
    read: () => T,
    offsetOf?: (error: PkiError) => number | undefined,
  ): T | undefined {
    try {
      const result = read();
      this.pass(check);
      return result;
    } catch (error) {
      return this.#failed(check, error, offsetOf);
    }
  }

  /** {@link attempt} for a promise. */
  async attemptAsync<T>(
    check: KeyCheckName,
    read: () => Promise<T>,
    offsetOf?: (error: PkiError) => number | undefined,
  ): Promise<T | undefined> {
    try {
      const result = await read();
      this.pass(check);
      return result;
    } catch (error) {
      return this.#failed(check, error, offsetOf);
    }
  }

  #failed(
    check: KeyCheckName,
    error: unknown,
    offsetOf: ((error: PkiError) => number | undefined) | undefined,
  ): undefined {
    if (!(error instanceof PkiError)) throw error;
    this.fail(check, error.message, offsetOf?.(error));
    return undefined;
  }
}
