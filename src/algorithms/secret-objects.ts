/**
 * How often this process has made an object of node:crypto with a secret, or ended a long use of one: private keys, ciphers,
 * derivations from passwords.
 *
 * node:crypto zeroes such a secret only when V8 collects the object (`plugins/key-collection.ts`).
 */

let made = 0;

/** Must be called where such an object is made, and where a long use of one ends. */
export const countSecret = (): void => void made++;

export const countOfSecrets = (): number => made;
