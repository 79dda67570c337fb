/** The certificates of the stored authorities in memory: for caIssuers (RFC 5280 §4.2.2.1), and to find who issued a certificate. */

import { hash } from 'node:crypto';
import { monotonicNow } from '../base/clock.ts';
import type { Store } from '../storage/ports.ts';
import type { Certificate } from '../x509/certificate.ts';
import { certifiedKeys } from './crl/crl-issuers.ts';
import { scopesOf, shardingOf } from './crl/place.ts';

export interface PublishedIssuer {
  readonly keyId: string;
  readonly certificate: Certificate;
  readonly sha256: Uint8Array;
  /** Of the CRLs of the key. */
  readonly scopes: readonly string[];
}

/** How often the store is asked for keys that are not in memory, in milliseconds. */
const INTERVAL = 1000;
/** How long the list of keys is used. */
const FRESH = 5000;

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
    await this.#read();
    return this.#known.get(keyId);
  }

  /**
   * Every key with a certificate, at most some seconds old while the store can be used. Rejects with PkiError
   * store-unavailable until it was read once: an empty list would mean that no certificate is of this service.
   */
  async all(): Promise<Iterable<PublishedIssuer>> {
    if (monotonicNow() - this.#readAt >= FRESH) await this.#read().catch((error) => this.#requireRead(error));
    return this.#known.values();
  }

  #requireRead(error: unknown): void {
    if (this.#readAt === -Infinity) throw error;
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readNow().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #readNow(): Promise<void> {
    const found = new Map<string, PublishedIssuer>();
    for await (const { authority, key, certificate } of certifiedKeys(this.#store)) {
      const sha256 = hash('sha256', certificate.der, 'buffer');
      const scopes = scopesOf(shardingOf(authority));
      found.set(key.id, this.#known.get(key.id) ?? { keyId: key.id, certificate, sha256, scopes });
    }
    this.#known = found;
    this.#readAt = monotonicNow();
  }
}
