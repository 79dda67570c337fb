/** A certificate or request in words, for people. Lengths are in octets. */

export interface PublicKeyDescription {
  /** `ml-dsa-65`, `rsa-3072`, `ecdsa-p256`, `ed25519`; the name of its OID for a key that this service rejects. */
  readonly algorithm: string;
  /** SHA-256 of the SubjectPublicKeyInfo, which key pinning uses; capital hexadecimal with colons. */
  readonly sha256Fingerprint: string;
  /** Length of the SubjectPublicKeyInfo. */
  readonly size: number;
  /** RSA modulus, field of the curve or DSA prime, in bits; undefined for other algorithms. */
  readonly bits: number | undefined;
  /** RSA only, decimal. */
  readonly publicExponent: string | undefined;
  /** EC only. */
  readonly curve: string | undefined;
}

export interface ExtensionDescription {
  readonly oid: string;
  /** The name in its standard, or the OID again for an unknown one. */
  readonly name: string;
  readonly critical: boolean;
  /** Readable lines; hexadecimal of the value for an unknown extension. */
  readonly value: readonly string[];
  /** Outline of the DER; only for a value in hexadecimal. */
  readonly structure?: string;
}

export interface AttributeDescription {
  readonly oid: string;
  /** The name in its standard, or the OID again for an unknown one. */
  readonly name: string;
  /** Readable lines. A challenge password and the like are not shown. */
  readonly value: readonly string[];
}

/** Members of absent extensions are undefined. */
export interface ExtensionSummary {
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
  readonly subjectAltNames: readonly string[];
  readonly keyUsage: readonly string[] | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly subjectKeyIdentifier: string | undefined;
  readonly authorityKeyIdentifier: string | undefined;
}

/** What certificates and requests have in common. */
export interface SignedDescription extends ExtensionSummary {
  readonly version: number;
  /** OpenSSL one-line form. */
  readonly subject: string;
  readonly signatureAlgorithm: string;
  /** Such as hash and salt length of RSASSA-PSS; empty without parameters. */
  readonly signatureParameters: readonly string[];
  readonly publicKey: PublicKeyDescription;
  readonly extensions: readonly ExtensionDescription[];
  /** Of the DER; capital hexadecimal with colons. */
  readonly fingerprints: { readonly sha1: string; readonly sha256: string };
  readonly sizes: {
    readonly der: number;
    readonly pem: number;
    /** The key without its SubjectPublicKeyInfo. */
    readonly publicKey: number;
    readonly signature: number;
  };
}

export interface CertificateDescription extends SignedDescription {
  /** Capital hexadecimal. */
  readonly serialNumber: string;
  readonly issuer: string;
  /** Capital hexadecimal with colons; undefined when absent (RFC 5280 §4.1.2.8). */
  readonly issuerUniqueId: string | undefined;
  readonly subjectUniqueId: string | undefined;
  /** Invalid Dates for times that cannot be read. */
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Issuer and subject are the same name. */
  readonly isSelfIssued: boolean;
  /** Whether the own key verifies a self-issued certificate; null for other certificates and rejected algorithms. */
  readonly isSignatureValid: boolean | null;
}

export interface RequestDescription extends SignedDescription {
  /** Whether the own key verifies the request (RFC 2986 §4.2); null for rejected algorithms and keys. */
  readonly isSignatureValid: boolean | null;
  /** Types of the attributes, by name or OID. */
  readonly attributes: readonly string[];
  readonly attributeValues: readonly AttributeDescription[];
}
