/** Signed responses, those that were used last, within a limit of memory. */

import type { CertStatus } from '../x509/ocsp/response-writer.ts';

export interface SignedResponse {
  /** OCSPResponse, DER. */
  readonly der: Uint8Array;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** SHA-256 of `der`, in hexadecimal. */
  readonly digest: string;
}

/** A response about one certificate, without a nonce. */
export interface CachedResponse extends SignedResponse {
  readonly status: CertStatus;
  /** Of the authority key, read before the status. */
  readonly revision: number;
}

/** What a map and an object need besides the octets; estimated. */
const OVERHEAD = 1000;

export class ResponseCache {
  readonly #entries = new Map<string, CachedResponse>();
  readonly #limit: number;
  #size = 0;

  /** In octets. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): CachedResponse | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  set(key: string, entry: CachedResponse): void {
    this.#remove(key);
    this.#entries.set(key, entry);
    this.#size += sizeOf(key, entry);
    for (const [oldest] of this.#entries) {
      if (this.#size <= this.#limit) return;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#size -= sizeOf(key, entry);
  }
}

const sizeOf = (key: string, { der }: CachedResponse): number => key.length + der.length + OVERHEAD;
