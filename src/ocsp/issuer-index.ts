/** The issuers by the hashes in a CertID, in memory. */

import { monotonicNow } from '../base/clock.ts';
import { CERT_ID_DIGESTS, issuerReference, issuerReferenceOf } from '../x509/ocsp/cert-id.ts';
import type { CertId, CertIdDigest } from '../x509/ocsp/cert-id.ts';
import type { IssuerKey, ResponderKeySource } from './ports.ts';

/** After this time the list is read again, beside the request. In milliseconds. */
const REFRESH_AFTER = 5000;
/** For an issuer that is not in the list, it is not read again within this time. */
const SHORTEST_INTERVAL = 1000;
/** The list is read for at most a twentieth of the time. */
const SHARE = 20;

const DIGESTS = Object.keys(CERT_ID_DIGESTS) as CertIdDigest[];

export class IssuerIndex {
  readonly #list: ResponderKeySource['listIssuerKeys'];
  #issuers: ReadonlyMap<string, IssuerKey> | undefined;
  /** The last time that the list was read: running, done or failed. */
  #reading: Promise<void> | undefined;
  #isReading = false;
  /** Counts the times that the list was read: an older one does not replace a newer one. */
  #turn = 0;
  #readAt = -Infinity;
  #interval = SHORTEST_INTERVAL;

  constructor(list: ResponderKeySource['listIssuerKeys']) {
    this.#list = list;
  }

  /** Undefined for an issuer that is not ours. Rejects while the store cannot be used and the issuer is not known. */
  async find(certId: CertId): Promise<IssuerKey | undefined> {
    const reference = issuerReferenceOf(certId);
    if (reference === undefined) return undefined;
    const known = this.#issuers?.get(reference);
    // This process perhaps made another authority with the name and the key of a known one
    const isForgotten = this.#readAt === -Infinity;
    this.#readIfOlder(known === undefined ? this.#interval : REFRESH_AFTER);
    if (known !== undefined && !isForgotten) return known;
    await (known === undefined ? this.#reading : this.#reading?.catch(() => undefined));
    return this.#issuers?.get(reference);
  }

  /** The next request reads the list. */
  forget(): void {
    this.#readAt = -Infinity;
  }

  /** In milliseconds. */
  #readIfOlder(age: number): void {
    const isRecent = monotonicNow() - this.#readAt < age;
    if (isRecent || (this.#isReading && this.#readAt !== -Infinity)) return;
    this.#reading = this.#read();
    // The requests that wait for it get the error.
    this.#reading.catch(() => undefined);
  }

  async #read(): Promise<void> {
    const start = monotonicNow();
    const turn = (this.#turn += 1);
    this.#readAt = start;
    this.#isReading = true;
    try {
      const keys = await this.#list();
      if (turn === this.#turn) this.#issuers = indexOf(keys);
    } finally {
      if (turn === this.#turn) this.#isReading = false;
      this.#interval = Math.max(SHORTEST_INTERVAL, SHARE * (monotonicNow() - start));
    }
  }
}

/** A response about an issuer is about the certificates of every key with its name and key. */
function indexOf(keys: readonly IssuerKey[]): ReadonlyMap<string, IssuerKey> {
  const issuers = new Map<string, IssuerKey>();
  for (const key of keys)
    for (const digest of DIGESTS) {
      const reference = issuerReference(digest, key.identity);
      const same = issuers.get(reference);
      issuers.set(reference, same === undefined ? key : { ...same, keyIds: [...same.keyIds, ...key.keyIds] });
    }
  return issuers;
}
