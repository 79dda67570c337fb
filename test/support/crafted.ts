/** Certificates and CSRs with any content, encoded member by member and signed with a real key. */

import * as der from '../../src/formats/der/writer.ts';
import type { Signer } from '../../src/keys/key.ts';

export const octets = (hex: string): Uint8Array =>
  new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** Formats octets as identifiers and fingerprints are printed. */
export const hexadecimal = (octets: Uint8Array): string =>
  Buffer.from(octets)
    .toString('hex')
    .toUpperCase()
    .replace(/..(?=.)/g, '$&:');

/** Returns a SEQUENCE, DER, with an indefinite length. */
export const indefinite = (value: Uint8Array): Uint8Array => {
  const long = (value[1] ?? 0) >= 0x80 ? (value[1] ?? 0) & 0x7f : 0;
  return der.concat([Uint8Array.of(value[0] ?? 0, 0x80), value.subarray(2 + long), Uint8Array.of(0, 0)]);
};

const COMMON_NAME = der.objectIdentifier('2.5.4.3');

/** Returns a Name with one RDN for each value. A text becomes a UTF8String. */
export const name = (...values: readonly (string | Uint8Array)[]): Uint8Array =>
  der.sequence(
    ...values.map((value) =>
      der.setOf(der.sequence(COMMON_NAME, typeof value === 'string' ? der.utf8String(value) : value)),
    ),
  );

/** Returns one Extension with this value, without any check. */
export const extension = (oid: string, critical: boolean, value: string | Uint8Array): Uint8Array =>
  der.sequence(
    der.objectIdentifier(oid),
    ...(critical ? [der.boolean(true)] : []),
    der.octetString(typeof value === 'string' ? octets(value) : value),
  );

/** The extensions of a CA, by name. */
export const CA_EXTENSIONS: Readonly<Record<string, Uint8Array | undefined>> = {
  basicConstraints: extension('2.5.29.19', true, '30 03 01 01 ff'),
  keyUsage: extension('2.5.29.15', true, '03 02 01 06'),
  subjectKeyIdentifier: extension('2.5.29.14', false, '04 04 01 02 03 04'),
};

export interface CertificateParts {
  /** 1 to 3; v1 is omitted, because it is the DEFAULT. */
  readonly version?: number;
  /** DER of a member in place of the usual one. */
  readonly serialNumber?: Uint8Array;
  readonly signature?: Uint8Array;
  readonly issuer?: Uint8Array;
  readonly validity?: Uint8Array;
  readonly subject?: Uint8Array;
  readonly subjectPublicKeyInfo?: Uint8Array;
  readonly signatureAlgorithm?: Uint8Array;
  /** Changes of {@link CA_EXTENSIONS}: extensions to add or replace; undefined removes one. */
  readonly extensions?: Readonly<Record<string, Uint8Array | undefined>>;
  /** Members between the key and the extensions, and after the extensions. */
  readonly beforeExtensions?: readonly Uint8Array[];
  readonly afterExtensions?: readonly Uint8Array[];
}

export const validity = (notBefore: string, notAfter: string): Uint8Array =>
  der.sequence(der.time(new Date(notBefore)), der.time(new Date(notAfter)));

const isPresent = (part: Uint8Array | undefined): part is Uint8Array => part !== undefined;

function extensionsField(parts: CertificateParts): Uint8Array[] {
  const extensions = Object.values({ ...CA_EXTENSIONS, ...parts.extensions }).filter(isPresent);
  return extensions.length === 0 ? [] : [der.contextConstructed(3, der.sequence(...extensions))];
}

/** The content of {@link craftCertificate}: a TBSCertificate, DER. */
export function craftTbs(signer: Signer, parts: CertificateParts = {}): Uint8Array {
  const { version = 3, subject = name('Crafted CA'), issuer = subject } = parts;
  return der.sequence(
    ...(version === 1 ? [] : [der.contextConstructed(0, der.unsignedInteger(version - 1))]),
    parts.serialNumber ?? der.unsignedInteger(7),
    parts.signature ?? signer.signatureAlgorithm,
    issuer,
    parts.validity ?? validity('2020-01-01T00:00:00Z', '2048-12-31T23:59:59Z'),
    subject,
    parts.subjectPublicKeyInfo ?? signer.publicKey.spki,
    ...(parts.beforeExtensions ?? []),
    ...extensionsField(parts),
    ...(parts.afterExtensions ?? []),
  );
}

/** A CA certificate for the key of `signer`, with the changes of `parts`. */
export async function craftCertificate(signer: Signer, parts: CertificateParts = {}): Promise<Uint8Array> {
  const tbs = craftTbs(signer, parts);
  const signature = der.bitString(await signer.sign(tbs));
  return der.sequence(tbs, parts.signatureAlgorithm ?? signer.signatureAlgorithm, signature);
}

export const attribute = (oid: string, ...values: readonly Uint8Array[]): Uint8Array =>
  der.sequence(der.objectIdentifier(oid), der.setOf(...values));

export const extensionRequest = (...extensions: readonly Uint8Array[]): Uint8Array =>
  attribute('1.2.840.113549.1.9.14', der.sequence(...extensions));

/** Returns the attributes member, with its elements in the given order. */
export const attributesField = (...attributes: readonly Uint8Array[]): Uint8Array =>
  der.contextConstructed(0, ...attributes);

export interface RequestParts {
  /** DER of a member in place of the usual one. */
  readonly version?: Uint8Array;
  readonly subject?: Uint8Array;
  readonly subjectPublicKeyInfo?: Uint8Array;
  readonly signatureAlgorithm?: Uint8Array;
  /** Requested extensions, each a whole Extension. */
  readonly extensions?: readonly Uint8Array[];
  /** Members after the key, in place of an attributes member with the extensions. */
  readonly attributes?: readonly Uint8Array[];
  /** Members after the signature. */
  readonly after?: readonly Uint8Array[];
}

/** The content of {@link craftRequest}: a CertificationRequestInfo, DER. */
export function craftRequestInfo(signer: Signer, parts: RequestParts = {}): Uint8Array {
  const { extensions = [] } = parts;
  const requested = extensions.length === 0 ? [] : [extensionRequest(...extensions)];
  return der.sequence(
    parts.version ?? der.unsignedInteger(0),
    parts.subject ?? name('crafted.example'),
    parts.subjectPublicKeyInfo ?? signer.publicKey.spki,
    ...(parts.attributes ?? [attributesField(...requested)]),
  );
}

/** A CSR for the key of `signer`, with the changes of `parts`. */
export async function craftRequest(signer: Signer, parts: RequestParts = {}): Promise<Uint8Array> {
  const info = craftRequestInfo(signer, parts);
  const signature = der.bitString(await signer.sign(info));
  return der.sequence(
    info,
    parts.signatureAlgorithm ?? signer.signatureAlgorithm,
    signature,
    ...(parts.after ?? []),
  );
}
