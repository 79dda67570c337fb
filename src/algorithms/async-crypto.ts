/** The callback functions of node:crypto, which compute on libuv's thread pool, as promises. */

import * as crypto from 'node:crypto';
import { countSecret } from './secret-objects.ts';

type Algorithm = string | null;
type SigningKey = Parameters<typeof crypto.sign>[2];
type VerifyingKey = Parameters<typeof crypto.verify>[2];

export async function sign(algorithm: Algorithm, data: Uint8Array, key: SigningKey): Promise<Uint8Array> {
  try {
    const [signature] = await promisified<[Buffer]>((done) => crypto.sign(algorithm, data, key, done));
    return signature;
  } finally {
    // Collections while it was in use did not free it.
    countSecret();
  }
}

export async function verify(
  algorithm: Algorithm,
  data: Uint8Array,
  key: VerifyingKey,
  signature: Uint8Array,
): Promise<boolean> {
  const [isValid] = await promisified<[boolean]>((done) =>
    crypto.verify(algorithm, data, key, signature, done),
  );
  return isValid;
}

export type KeyPair = [publicKey: crypto.KeyObject, privateKey: crypto.KeyObject];

/** Returns the keys that `start` generates. */
export async function generatedKeys(start: (done: JobCallback<KeyPair>) => void): Promise<KeyPair> {
  const keys = await promisified(start);
  countSecret();
  return keys;
}

export type JobCallback<Results extends unknown[]> = (error: Error | null, ...results: Results) => void;

/**
 * Returns the results of the job that `start` starts. It replaces `promisify`: V8 frees a job of node:crypto only in a full
 * garbage collection. Until then the job keeps its callback, and everything the callback references. This callback drops
 * its references when it is called. With `promisify`, the arguments, results and keys of each request stayed in memory, and
 * the service ran three full garbage collections a second, of 10 ms each.
 */
export function promisified<Results extends unknown[]>(
  start: (done: JobCallback<Results>) => void,
): Promise<Results> {
  const resolvers = Promise.withResolvers<Results>();
  start(settleOnce(resolvers));
  return resolvers.promise;
}

/** A separate function: a callback created in `promisified` would keep the variables of that function. */
function settleOnce<Results extends unknown[]>(
  resolvers: PromiseWithResolvers<Results>,
): JobCallback<Results> {
  let open: PromiseWithResolvers<Results> | undefined = resolvers;
  return (error, ...results) => {
    if (error) open?.reject(error);
    else open?.resolve(results);
    open = undefined;
  };
}
