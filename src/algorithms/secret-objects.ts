/**
 * How many objects of node:crypto with a secret this process has made: private keys, ciphers, derivations from passwords.
 *
 * node:crypto zeroes such a secret only when V8 collects the object (`plugins/key-collection.ts`).
 */

let made = 0;

/** Must be called where such an object is made. */
export const countSecret = (): void => void made++;

export const countOfSecrets = (): number => made;
