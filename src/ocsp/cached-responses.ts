/** Responses about one certificate, without a nonce: signed once, and sent until half of their life is over. */

import type { CertId } from '../x509/ocsp/cert-id.ts';
import { middleOf } from './periods.ts';
import { isTemporary, RefusedError, type Admission, type IssuerKey } from './ports.ts';
import type { CachedResponse, ResponseCache } from './response-cache.ts';
import { readStatus, signResponse, type SigningPorts } from './signing.ts';
import { SingleFlight } from './single-flight.ts';
import { isSameStatus } from './status.ts';

export interface FoundResponse {
  readonly response: CachedResponse;
  readonly isCached: boolean;
}

/** Responses that are signed again at the same time, beside the requests. Others follow at their next request. */
const MAX_RENEWALS = 2;

export class CachedResponses {
  readonly #ports: SigningPorts;
  readonly #cache: ResponseCache;
  readonly #signing = new SingleFlight<CachedResponse>();
  readonly #renewing = new SingleFlight<CachedResponse>();

  constructor(ports: SigningPorts, cache: ResponseCache) {
    this.#ports = ports;
    this.#cache = cache;
  }

  /** Returns a response that can be sent without any other work. */
  inMemory(issuer: IssuerKey, certId: CertId): CachedResponse | undefined {
    const known = this.#cache.get(keyOf(issuer, certId));
    if (known === undefined || this.#ports.periods.now() >= middleOf(known)) return undefined;
    const { revisions } = this.#ports;
    if (revisions.current(issuer) !== known.revision) return undefined;
    return revisions.hasChanged(issuer, certId.serialNumber) ? undefined : known;
  }

  /** Rejects with PkiError while a part of the service cannot be used, and with RefusedError. */
  async find(issuer: IssuerKey, certId: CertId, admit: Admission): Promise<FoundResponse> {
    const key = keyOf(issuer, certId);
    const known = await this.#current(key, issuer, certId);
    if (known === undefined)
      return { response: await this.#signOnce(key, issuer, certId, admit), isCached: false };
    if (this.#ports.periods.now() >= middleOf(known)) this.#renew(key, issuer, certId);
    return { response: known, isCached: true };
  }

  /** Undefined for a response that is over, or says another thing than the store. */
  async #current(key: string, issuer: IssuerKey, certId: CertId): Promise<CachedResponse | undefined> {
    const known = this.#cache.get(key);
    if (known === undefined || this.#ports.periods.now() >= known.nextUpdate.getTime()) return undefined;
    const revision = this.#ports.revisions.current(issuer);
    const current = typeof revision === 'number' ? revision : await revision;
    if (this.#ports.revisions.hasChanged(issuer, certId.serialNumber)) return undefined;
    if (current === known.revision) return known;
    const status = await readStatus(this.#ports, issuer, certId);
    return isSameStatus(status, known.status) ? this.#keep(key, { ...known, revision: current }) : undefined;
  }

  /** Returns the newer one of this response and the one in memory, which another request can have replaced. */
  #keep(key: string, response: CachedResponse): CachedResponse {
    const known = this.#cache.get(key);
    if (known !== undefined && isNewer(known, response)) return known;
    this.#cache.set(key, response);
    return response;
  }

  /**
   * A request after a revocation by this process does not wait for a response that was begun before it. If the request
   * that began a signature is not admitted, each of those that wait for it asks for itself.
   */
  async #signOnce(key: string, issuer: IssuerKey, certId: CertId, admit: Admission): Promise<CachedResponse> {
    for (;;) {
      let isOwn = false;
      try {
        return await this.#signing.run(`${this.#ports.revisions.changes} ${key}`, async () => {
          isOwn = true;
          await admit();
          return this.#sign(key, issuer, certId);
        });
      } catch (error) {
        if (isOwn || !(error instanceof RefusedError)) throw error;
      }
    }
  }

  /** A failure changes nothing: the old response is sent until it is over. */
  #renew(key: string, issuer: IssuerKey, certId: CertId): void {
    if (this.#renewing.size >= MAX_RENEWALS) return;
    void this.#renewing
      .run(key, () => this.#sign(key, issuer, certId))
      .catch((error: unknown) => {
        if (!isTemporary(error)) this.#ports.observer.failed(error);
      });
  }

  /** Serial numbers that were never issued are not kept: a client could fill the memory with them. */
  async #sign(key: string, issuer: IssuerKey, certId: CertId): Promise<CachedResponse> {
    const { response, statuses, revision } = await signResponse(this.#ports, issuer, [certId]);
    const [status = { is: 'unknown' }] = statuses;
    const signed = { ...response, status, revision };
    return status.is === 'unknown' ? signed : this.#keep(key, signed);
  }
}

/** The revision of an issuer never falls. */
const isNewer = (known: CachedResponse, other: CachedResponse): boolean =>
  known.revision > other.revision ||
  (known.revision === other.revision && known.thisUpdate > other.thisUpdate);

const KEYS = new WeakMap<CertId, string>();

function keyOf({ id }: IssuerKey, certId: CertId): string {
  const known = KEYS.get(certId);
  if (known !== undefined) return known;
  const { buffer, byteOffset, length } = certId.encoding;
  const key = `${id} ${Buffer.from(buffer, byteOffset, length).toString('latin1')}`;
  KEYS.set(certId, key);
  return key;
}
