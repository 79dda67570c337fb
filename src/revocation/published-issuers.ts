/** The certificates of the stored authorities in memory, for relying parties that follow caIssuers (RFC 5280 §4.2.2.1). */

import { hash } from 'node:crypto';
import { monotonicNow } from '../base/clock.ts';
import type { Store } from '../storage/ports.ts';
import { certifiedKeys } from './crl/crl-issuers.ts';

export interface PublishedIssuer {
  readonly der: Uint8Array;
  readonly sha256: Uint8Array;
  readonly notBefore: Date;
}

/** How often the store is asked for keys that are not in memory, in milliseconds. */
const INTERVAL = 1000;

/** The certificate of a key never changes. */
export class PublishedIssuers {
  readonly #store: Pick<Store, 'listAuthorities' | 'listAuthorityKeys'>;
  #known: ReadonlyMap<string, PublishedIssuer> = new Map();
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;

  constructor(store: Pick<Store, 'listAuthorities' | 'listAuthorityKeys'>) {
    this.#store = store;
  }

  /** By the id of an authority key. Undefined for an unknown one. Rejects with PkiError store-unavailable. */
  async find(keyId: string): Promise<PublishedIssuer | undefined> {
    const known = this.#known.get(keyId);
    if (known !== undefined || monotonicNow() - this.#readAt < INTERVAL) return known;
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    await this.#reading;
    return this.#known.get(keyId);
  }

  async #read(): Promise<void> {
    const found = new Map<string, PublishedIssuer>();
    for await (const { key, certificate } of certifiedKeys(this.#store)) {
      const { der, validity } = certificate;
      found.set(key.id, { der, sha256: hash('sha256', der, 'buffer'), notBefore: validity.notBefore });
    }
    this.#known = found;
    this.#readAt = monotonicNow();
  }
}
