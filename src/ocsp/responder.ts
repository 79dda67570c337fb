/** Replies to OCSP requests: from memory if it can, or with a response that is signed for the request. */

import { ifReadable } from '../base/errors.ts';
import type { CertId } from '../x509/ocsp/cert-id.ts';
import { readOcspRequest, type OcspRequest } from '../x509/ocsp/request.ts';
import { encodeOcspError, type CertStatus, type OcspErrorStatus } from '../x509/ocsp/response-writer.ts';
import { CachedResponses } from './cached-responses.ts';
import { KnownRequests } from './known-requests.ts';
import type { IssuerIndex } from './issuer-index.ts';
import { isTemporary, type Admission, type IssuerKey, type ReplySource } from './ports.ts';
import { ResponseCache, type SignedResponse } from './response-cache.ts';
import { signResponse, type SigningPorts } from './signing.ts';

export type OcspReply =
  | {
      readonly status: 'successful';
      readonly response: SignedResponse;
      /** Until nextUpdate. */
      readonly secondsLeft: number;
      /** Whether every client can get it: it has no nonce. */
      readonly isShared: boolean;
    }
  | { readonly status: OcspErrorStatus; readonly der: Uint8Array };

export interface ResponderPorts extends SigningPorts {
  readonly issuers: IssuerIndex;
  /** Of the responses in memory, in octets. */
  readonly cacheLimit: number;
}

export class OcspResponder {
  readonly #ports: ResponderPorts;
  readonly #cache: ResponseCache;
  readonly #cached: CachedResponses;
  readonly #known = new KnownRequests();

  constructor(ports: ResponderPorts) {
    this.#ports = ports;
    this.#cache = new ResponseCache(ports.cacheLimit);
    this.#cached = new CachedResponses(ports, this.#cache);
  }

  /** In octets. */
  get cacheSize(): number {
    return this.#cache.size;
  }

  /** Whether responses are sent from memory alone, because the store could not be used at the last check. */
  get isStoreFaulty(): boolean {
    return this.#ports.revisions.isFaulty;
  }

  /** How far thisUpdate is ahead of the clock, in seconds. */
  get ahead(): number {
    return this.#ports.periods.ahead;
  }

  /** Returns the reply to an OCSPRequest as received, if it is known without any work. */
  replyInMemory(octets: Uint8Array): OcspReply | undefined {
    const known = this.#known.get(octets);
    const response = known && this.#cached.inMemory(known.issuer, known.certId);
    return response && this.#successful(response, [response.status], { source: 'cache' });
  }

  /** `octets` are an OCSPRequest as received. It never rejects. */
  async respond(octets: Uint8Array, admit: Admission): Promise<OcspReply> {
    const known = this.replyInMemory(octets);
    if (known !== undefined) return known;
    const request = ifReadable(() => readOcspRequest(octets));
    if (request === undefined) return this.error('malformedRequest');
    try {
      return await this.#reply(octets, request, admit);
    } catch (error) {
      return this.#failure(error);
    }
  }

  /** Returns an error, and counts it. */
  error(status: OcspErrorStatus): OcspReply {
    this.#ports.observer.replied(status, 'none');
    return { status, der: encodeOcspError(status) };
  }

  /** This process changed the revocation of a serial number: the next reply knows it. */
  revocationChanged(keyId: string, serial: Uint8Array): void {
    this.#ports.revisions.change(keyId, serial);
  }

  /** This process perhaps changed a revocation. */
  revocationsUncertain(): void {
    this.#ports.revisions.forget();
  }

  /** This process made an authority or an authority key: the next request for an unknown issuer finds it. */
  issuersChanged(): void {
    this.#ports.issuers.forget();
  }

  close(): void {
    this.#ports.responderKeys.close();
  }

  async #reply(octets: Uint8Array, { certIds, nonce }: OcspRequest, admit: Admission): Promise<OcspReply> {
    const issuer = await this.#issuerOf(certIds);
    if (issuer === undefined) return this.error('unauthorized');
    const [certId, ...others] = certIds;
    if (certId !== undefined && others.length === 0 && nonce === undefined) {
      const { response, isCached } = await this.#cached.find(issuer, certId, admit);
      if (isCached) this.#known.set(octets, { issuer, certId });
      return this.#successful(response, [response.status], { source: isCached ? 'cache' : 'signed' });
    }
    await admit();
    const { response, statuses } = await signResponse(this.#ports, issuer, certIds, nonce);
    return this.#successful(response, statuses, { source: 'signed', isShared: nonce === undefined });
  }

  /**
   * RFC 9919 §3.2.3: a responder without records for an issuer is not authorized. One response has one signer, who is
   * delegated by one issuer (RFC 6960 §4.2.2.2), so it is about the certificates of one issuer.
   */
  async #issuerOf(certIds: readonly CertId[]): Promise<IssuerKey | undefined> {
    let issuer: IssuerKey | undefined;
    for (const certId of certIds) {
      const found = await this.#ports.issuers.find(certId);
      if (found === undefined || (issuer !== undefined && found.id !== issuer.id)) return undefined;
      issuer = found;
    }
    return issuer;
  }

  #successful(
    response: SignedResponse,
    statuses: readonly CertStatus[],
    { source, isShared = true }: { readonly source: ReplySource; readonly isShared?: boolean },
  ): OcspReply {
    const { observer, periods } = this.#ports;
    const now = periods.now();
    observer.replied('successful', source, (now - response.thisUpdate.getTime()) / 1000);
    for (const { is } of statuses) observer.stated(is);
    const secondsLeft = Math.floor((response.nextUpdate.getTime() - now) / 1000);
    return { status: 'successful', response, secondsLeft, isShared };
  }

  #failure(error: unknown): OcspReply {
    if (isTemporary(error)) return this.error('tryLater');
    this.#ports.observer.failed(error);
    return this.error('internalError');
  }
}
