/** What the service makes: the use cases behind the routes. Member names in errors are those of the v1 contract. */

import type { ClassicalName } from '../algorithms/classical.ts';
import type { MlDsaParameterSetName } from '../algorithms/ml-dsa/parameter-sets.ts';
import type { KeyAlgorithmName, PrivateKey } from '../keys/key.ts';

export interface SelfSignedInput {
  readonly algorithm: KeyAlgorithmName;
  /** OpenSSL one-line or RFC 4514 text. */
  readonly subject: string;
  /** `DNS:www.example.com`, `IP:192.0.2.1`, …; a bare name means `DNS:`. */
  readonly san?: readonly string[] | undefined;
  /** Whole days from 1 to 7300. */
  readonly days: number;
  readonly isCa: boolean;
}

export interface HybridPairInput extends Omit<SelfSignedInput, 'algorithm'> {
  readonly parameterSet: MlDsaParameterSetName;
  readonly classical: ClassicalName;
}

/** A certificate, DER, and the key that it certifies, which the caller destroys when done. */
export interface KeyWithCertificate {
  readonly certificate: Uint8Array;
  /** Hexadecimal, capitals, two digits an octet. */
  readonly serialNumber: string;
  /** Value of the extension. */
  readonly subjectKeyIdentifier: Uint8Array;
  readonly key: PrivateKey;
}

export interface HybridPair {
  readonly mlDsa: KeyWithCertificate;
  readonly classical: KeyWithCertificate;
}

export interface SignCsrInput {
  /** base64 of PEM, PEM or base64 of DER, as are the next two. */
  readonly csr: string;
  readonly caCertificate: string;
  /** ASCII, which the caller zeroes when done. */
  readonly caPrivateKey: Uint8Array;
  /** 365 when left out, or as many as the CA certificate allows. */
  readonly days?: number | undefined;
  readonly isCa: boolean;
  readonly pathLength?: number | undefined;
  /** Added to the names that the request asks for. */
  readonly san?: readonly string[] | undefined;
}

export interface IssuedCertificate {
  /** DER, as is `issuerCertificate`. */
  readonly certificate: Uint8Array;
  readonly issuerCertificate: Uint8Array;
  /** Hexadecimal, capitals, two digits an octet. */
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** OpenSSL one-line form. */
  readonly subject: string;
  readonly issuer: string;
  /** The subject's key: value of the subjectKeyIdentifier, and its algorithm as in `PublicKey.algorithm`. */
  readonly subjectKeyIdentifier: Uint8Array;
  readonly keyAlgorithm: string;
  /** How many names the subjectAltName has. */
  readonly nameCount: number;
  /** Names (or dotted OIDs) of the extensions that the request asked for and did not get. */
  readonly ignoredExtensions: readonly string[];
}

export interface CsrInput {
  readonly algorithm: KeyAlgorithmName;
  readonly subject: string;
  readonly san?: readonly string[] | undefined;
}

/** A PKCS#10 request, DER, and its key, which the caller destroys when done. */
export interface KeyWithCsr {
  readonly csr: Uint8Array;
  readonly key: PrivateKey;
}

/** Every method throws PkiError for what the caller got wrong. */
export interface Issuer {
  selfSigned(request: SelfSignedInput): Promise<KeyWithCertificate>;
  hybridPair(request: HybridPairInput): Promise<HybridPair>;
  createCsr(content: CsrInput): Promise<KeyWithCsr>;
  signCsr(request: SignCsrInput): Promise<IssuedCertificate>;
}
