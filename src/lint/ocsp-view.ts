/** OCSP responses as the rules see them (RFC 6960 §4.2.1). */

import { ifReadable } from '../base/errors.ts';
import { readAlgorithmIdentifier } from '../formats/algorithm-identifier.ts';
import type { Der } from '../formats/der/header.ts';
import { checkDer } from '../formats/der/strict.ts';
import type { Note } from '../formats/reading.ts';
import { readResponseData, type ResponseData } from '../x509/ocsp/response-data.ts';
import type { Certificate } from '../x509/certificate.ts';
import { once } from './once.ts';
import type { SignedView } from './views.ts';

interface Signature {
  /** AlgorithmIdentifier, DER. */
  readonly signatureAlgorithm: Der;
  readonly signatureBits?: Uint8Array;
  readonly notes?: readonly Note[];
  /** Certificates that the response brings. */
  readonly certificates?: readonly Certificate[];
}

export class OcspView implements SignedView {
  readonly data: ResponseData;
  readonly signatureAlgorithm: Der;
  readonly signatureBits: Uint8Array | undefined;
  readonly notes: readonly Note[];
  readonly certificates: readonly Certificate[];
  readonly #signature = once(() => ifReadable(() => readAlgorithmIdentifier(this.signatureAlgorithm)));

  constructor(
    data: ResponseData,
    { signatureAlgorithm, signatureBits, notes = [], certificates = [] }: Signature,
  ) {
    this.data = data;
    this.signatureAlgorithm = signatureAlgorithm;
    this.signatureBits = signatureBits;
    this.notes = notes;
    this.certificates = certificates;
  }

  get signature() {
    return this.#signature();
  }
}

/** Parses ResponseData. Throws PkiError. */
export const ocspView = (octets: Uint8Array, signature: Signature): OcspView =>
  new OcspView(readResponseData(checkDer(octets)), signature);
