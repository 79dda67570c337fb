/** A store that announces what this process changed, so that its OCSP responses know it at once. */

import type { Revocation, Store } from '../storage/ports.ts';

export interface StoreListener {
  revocationChanged(authorityKeyId: string, serial: Uint8Array): void;
  /** The store failed, and can have changed a revocation all the same. */
  revocationsUncertain(): void;
  /** There is another authority or authority key. */
  issuersChanged(): void;
}

export const announcingStore = (store: Store, listener: StoreListener): Store => ({
  ...store,
  revoke: revoking(async (revocation) => store.revoke(revocation), listener),
  release: revoking(async (release) => store.release(release), listener),
  createAuthority: announced(async (creation) => store.createAuthority(creation), listener),
  addAuthorityKey: announced(async (addition) => store.addAuthorityKey(addition), listener),
  importAuthorityCertificate: announced(
    async (imported) => store.importAuthorityCertificate(imported),
    listener,
  ),
});

type Method<Input, Result> = (input: Input) => Promise<Result>;

const revoking =
  <Input, Result extends object>(
    method: Method<Input, Result & { readonly revocation?: Revocation }>,
    listener: StoreListener,
  ): Method<Input, Result> =>
  async (input) => {
    try {
      const result = await method(input);
      const { revocation } = result;
      if (revocation !== undefined) listener.revocationChanged(revocation.authorityKeyId, revocation.serial);
      return result;
    } catch (error) {
      listener.revocationsUncertain();
      throw error;
    }
  };

const announced =
  <Input, Result>(method: Method<Input, Result>, listener: StoreListener): Method<Input, Result> =>
  async (input) => {
    try {
      return await method(input);
    } finally {
      listener.issuersChanged();
    }
  };
