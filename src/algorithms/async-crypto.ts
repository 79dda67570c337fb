/** The callback forms of node:crypto, which compute on libuv's thread pool, as promises. */

import * as crypto from 'node:crypto';

type Algorithm = string | null;
type SigningKey = Parameters<typeof crypto.sign>[2];
type VerifyingKey = Parameters<typeof crypto.verify>[2];

export async function sign(algorithm: Algorithm, data: Uint8Array, key: SigningKey): Promise<Uint8Array> {
  const [signature] = await promisified<[Buffer]>((done) => crypto.sign(algorithm, data, key, done));
  return signature;
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

export type JobCallback<Results extends unknown[]> = (error: Error | null, ...results: Results) => void;

/**
 * What the job that `begin` starts hands to its callback. In place of `promisify`: V8 frees a job of node:crypto by a full
 * collection alone, and until then the job keeps its callback, and with it all that the callback can see. This one sees
 * nothing any more once it was called. With `promisify`, arguments, results and keys of each request stayed, and the
 * service was collected in full three times a second, for 10 ms each.
 */
export function promisified<Results extends unknown[]>(
  begin: (done: JobCallback<Results>) => void,
): Promise<Results> {
  const resolvers = Promise.withResolvers<Results>();
  begin(settling(resolvers));
  return resolvers.promise;
}

/** Not within the function above, whose variables its callback would keep. */
function settling<Results extends unknown[]>(resolvers: PromiseWithResolvers<Results>): JobCallback<Results> {
  let open: PromiseWithResolvers<Results> | undefined = resolvers;
  return (error, ...results) => {
    if (error) open?.reject(error);
    else open?.resolve(results);
    open = undefined;
  };
}
