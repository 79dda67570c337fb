/** Requests for one certificate without a nonce, by their octets: what was read once is not read again. */

import { checkDer } from '../formats/der/strict.ts';
import type { CertId } from '../x509/ocsp/cert-id.ts';
import type { IssuerKey } from './ports.ts';

export interface KnownRequest {
  readonly issuer: IssuerKey;
  readonly certId: CertId;
}

/** Each takes about 1,000 octets. */
const LIMIT = 5000;
/** A longer request has more than one certificate, or a signature. In octets. */
const MAX_LENGTH = 200;

export class KnownRequests {
  readonly #requests = new Map<string, KnownRequest>();

  get(octets: Uint8Array): KnownRequest | undefined {
    return octets.length > MAX_LENGTH ? undefined : this.#requests.get(keyOf(octets));
  }

  /** The oldest one is forgotten for it. An authority key is never removed, so its issuer stays. */
  set(octets: Uint8Array, request: KnownRequest): void {
    if (octets.length > MAX_LENGTH) return;
    const [oldest] = this.#requests.keys();
    if (this.#requests.size >= LIMIT && oldest !== undefined) this.#requests.delete(oldest);
    this.#requests.set(keyOf(octets), { ...request, certId: copyOf(request.certId) });
  }
}

/** The CertID is a view of the request, which can be a view of a large buffer. */
const copyOf = ({ encoding, issuerNameHash, issuerKeyHash, serialNumber, ...certId }: CertId): CertId => ({
  ...certId,
  encoding: checkDer(new Uint8Array(encoding)),
  issuerNameHash: new Uint8Array(issuerNameHash),
  issuerKeyHash: new Uint8Array(issuerKeyHash),
  serialNumber: new Uint8Array(serialNumber),
});

const keyOf = (octets: Uint8Array): string =>
  Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
