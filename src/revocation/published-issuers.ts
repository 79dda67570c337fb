/** The certificates of the stored authorities in memory: for caIssuers (RFC 5280 §4.2.2.1), and to find who issued a certificate. */

import { hash } from 'node:crypto';
import { isId } from '../authorities/open-authorities.ts';
import { monotonicNow } from '../base/clock.ts';
import type { Authority, AuthorityKey, Store } from '../storage/ports.ts';
import type { Certificate } from '../x509/certificate.ts';
import { allAuthorities } from './affected.ts';
import { readableCertificate } from './crl/crl-issuers.ts';
import { shardingOf, type Sharding } from './crl/place.ts';
import { callOf, patiently, type Call } from './crl/store-call.ts';

export interface PublishedIssuer {
  readonly keyId: string;
  readonly certificate: Certificate;
  readonly sha256: Uint8Array;
  /** How the CRL of the key is divided. */
  readonly sharding: Sharding | undefined;
}

interface Reading extends Call {
  /** Rejects when the store cannot be used. */
  readonly result: Promise<void>;
}

type IssuerStore = Pick<Store, 'getAuthority' | 'getAuthorityKey' | 'listAuthorities' | 'listAuthorityKeys'>;

/** How long the list of keys is used, in milliseconds. */
const FRESH = 5000;

/** The certificate of a key never changes, so each is read once. */
export class PublishedIssuers {
  readonly #store: IssuerStore;
  readonly #known = new Map<string, PublishedIssuer>();
  #readAt = -Infinity;
  #reading: Reading | undefined;

  constructor(store: IssuerStore) {
    this.#store = store;
  }

  /** By the id of an authority key. Undefined for an unknown one. Rejects with PkiError store-unavailable. */
  async find(keyId: string): Promise<PublishedIssuer | undefined> {
    const known = this.#known.get(keyId);
    if (known !== undefined || !isId(keyId)) return known;
    const key = await this.#store.getAuthorityKey(keyId);
    const authority = key && (await this.#store.getAuthority(key.authorityId));
    if (key !== undefined && authority !== undefined) this.#add(authority, key);
    return this.#known.get(keyId);
  }

  /**
   * Every key with a certificate, at most some seconds old while the store can be used. Rejects with PkiError
   * store-unavailable until it was read once: an empty list would mean that no certificate is of this service.
   */
  async all(): Promise<Iterable<PublishedIssuer>> {
    if (monotonicNow() - this.#readAt >= FRESH) {
      this.#reading ??= this.#read();
      await (this.#readAt === -Infinity ? this.#reading.result : patiently(this.#reading));
    }
    return this.#known.values();
  }

  #read(): Reading {
    const result = this.#readNow().finally(() => (this.#reading = undefined));
    return { result, ...callOf(result.catch(() => undefined)) };
  }

  async #readNow(): Promise<void> {
    for (const authority of await allAuthorities(this.#store))
      for (const key of await this.#store.listAuthorityKeys(authority.id)) this.#add(authority, key);
    this.#readAt = monotonicNow();
  }

  /** A certificate that was damaged in the store is left out. The publication of its CRL reports it. */
  #add(authority: Authority, { id: keyId, certificate: der }: AuthorityKey): void {
    if (der === undefined || this.#known.has(keyId)) return;
    const certificate = readableCertificate(der);
    if (certificate === undefined) return;
    const sha256 = hash('sha256', certificate.der, 'buffer');
    this.#known.set(keyId, { keyId, certificate, sha256, sharding: shardingOf(authority) });
  }
}
