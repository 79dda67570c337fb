/** What the inspect routes say of a certificate or request: plain JSON, lengths in octets, times in RFC 3339. */

export interface PublicKeyDescription {
  /** `ml-dsa-65`, `rsa-3072`, `ecdsa-p256`, `ed25519`; the name of its OID for a key that is not accepted here. */
  algorithm: string;
  /** SHA-256 of the SubjectPublicKeyInfo, as key pinning takes it; capital hexadecimal with colons. */
  sha256_fingerprint: string;
  /** Length of the SubjectPublicKeyInfo. */
  size: number;
}

export interface ExtensionDescription {
  oid: string;
  /** The name in its standard, or the OID again where it is not known here. */
  name: string;
  critical: boolean;
  /** Readable lines; hexadecimal of the value where the extension is not known here. */
  value: string[];
}

/** Members of absent extensions are undefined, so that JSON leaves them out. */
export interface ExtensionSummary {
  is_ca: boolean;
  path_length?: number | undefined;
  san: string[];
  key_usage?: string[] | undefined;
  extended_key_usage?: string[] | undefined;
  subject_key_identifier?: string | undefined;
  authority_key_identifier?: string | undefined;
}

export interface CertificateDescription extends ExtensionSummary {
  version: number;
  serial_number: string;
  subject: string;
  issuer: string;
  not_before: string;
  not_after: string;
  /** Issuer and subject are the same name. */
  self_issued: boolean;
  /** Whether a self-issued certificate's own key verifies it; null for any other, and for what is not accepted here. */
  signature_valid: boolean | null;
  signature_algorithm: string;
  public_key: PublicKeyDescription;
  extensions: ExtensionDescription[];
  fingerprints: { sha1: string; sha256: string };
  sizes: { certificate: number; pem: number; public_key: number; signature: number };
}

export interface RequestDescription extends ExtensionSummary {
  version: number;
  subject: string;
  /** Whether the request's own key verifies it (RFC 2986 §4.2); null for algorithms and keys not accepted here. */
  signature_valid: boolean | null;
  signature_algorithm: string;
  public_key: PublicKeyDescription;
  /** Types of the attributes, by name or OID; values such as a challenge password are not shown. */
  attributes: string[];
  requested_extensions: ExtensionDescription[];
  fingerprints: { sha1: string; sha256: string };
  sizes: { csr: number; pem: number; public_key: number; signature: number };
}

/** Both take base64 of PEM, PEM or base64 of DER, and throw PkiError. */
export interface Inspector {
  certificate(text: string): Promise<CertificateDescription>;
  request(text: string): Promise<RequestDescription>;
}
