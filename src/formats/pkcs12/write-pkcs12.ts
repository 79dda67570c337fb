/**
 * Writes a PKCS #12 file as OpenSSL 3 does: the certificates in one encrypted safe, the key in a bag of its own, encrypted
 * with PBES2, and a MAC over both. See `read-pkcs12.ts` and `safe-bags.ts` for the structures.
 */

import { hash } from 'node:crypto';
import type { Der } from '../der/header.ts';
import {
  contextConstructed,
  contextPrimitive,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  TAG,
  tlv,
  unsignedInteger,
} from '../der/writer.ts';
import { pkcs12Oid } from '../encryption/oids.ts';
import { encryptPbes2, type EncryptionChoice } from '../encryption/pbes2.ts';
import { extendedKeyUsageOid } from '../oids.ts';
import { encryptPrivateKey } from '../private-keys/encrypted-private-key.ts';
import { encodeMac, type MacName } from './mac.ts';

export interface Pkcs12File {
  /** OneAsymmetricKey; it stays the caller's to zero. */
  readonly pkcs8?: Uint8Array | undefined;
  /** DER. The first one belongs to the key. */
  readonly certificates: readonly Uint8Array[];
  /** The name of the key, or of the first certificate. */
  readonly friendlyName?: string | undefined;
  /** UTF-8. */
  readonly password: Uint8Array;
  readonly mac: MacName;
}

/** Windows and Java read it. Each derivation runs again for each safe, so the file opens after three of them. */
const ENCRYPTION: EncryptionChoice = Object.freeze({
  cipher: 'aes-256-cbc',
  kdf: 'pbkdf2',
  iterations: 100_000,
});

/** Returns a PFX. */
export async function writePkcs12(file: Pkcs12File): Promise<Der> {
  const safes = [...(await certificateSafe(file)), ...(await keySafe(file))];
  const content = sequence(...safes);
  const mac = await encodeMac(file.mac, content, file.password);
  return sequence(unsignedInteger(3), dataInfo(content), mac);
}

const dataInfo = (content: Uint8Array): Der =>
  sequence(objectIdentifier(pkcs12Oid.data), contextConstructed(0, octetString(content)));

async function certificateSafe({ certificates, password, pkcs8, friendlyName }: Pkcs12File): Promise<Der[]> {
  if (certificates.length === 0) return [];
  const bags = certificates.map((der, index) => {
    const ofKey = index === 0 ? attributesOf(pkcs8 && der, friendlyName) : [];
    return certificateBag(der, pkcs8 === undefined ? [...ofKey, JAVA_TRUST] : ofKey);
  });
  const { algorithm, octets } = await encryptPbes2(ENCRYPTION, sequence(...bags), password);
  const content = sequence(objectIdentifier(pkcs12Oid.data), algorithm, contextPrimitive(0, octets));
  const data = sequence(unsignedInteger(0), content);
  return [sequence(objectIdentifier(pkcs12Oid.encryptedData), contextConstructed(0, data))];
}

const certificateBag = (der: Uint8Array, attributes: readonly Der[]): Der =>
  bag(
    pkcs12Oid.certBag,
    sequence(objectIdentifier(pkcs12Oid.x509Certificate), contextConstructed(0, octetString(der))),
    attributes,
  );

async function keySafe({ pkcs8, certificates, password, friendlyName }: Pkcs12File): Promise<Der[]> {
  if (pkcs8 === undefined) return [];
  const encrypted = await encryptPrivateKey(pkcs8, password, ENCRYPTION);
  const attributes = attributesOf(certificates[0], friendlyName);
  return [dataInfo(sequence(bag(pkcs12Oid.pkcs8ShroudedKeyBag, encrypted, attributes)))];
}

const bag = (id: string, value: Der, attributes: readonly Der[]): Der =>
  sequence(
    objectIdentifier(id),
    contextConstructed(0, value),
    ...(attributes.length === 0 ? [] : [setOf(...attributes)]),
  );

/** The same localKeyId links the key and its certificate: the SHA-1 of the certificate, as OpenSSL writes it. */
const attributesOf = (certificate: Uint8Array | undefined, friendlyName: string | undefined): Der[] => [
  ...(friendlyName === undefined ? [] : [attribute(pkcs12Oid.friendlyName, bmpString(friendlyName))]),
  ...(certificate === undefined
    ? []
    : [attribute(pkcs12Oid.localKeyId, octetString(hash('sha1', certificate, 'buffer')))]),
];

const attribute = (id: string, value: Der): Der => sequence(objectIdentifier(id), setOf(value));

const bmpString = (text: string): Der => tlv(TAG.bmpString, Buffer.from(text, 'utf16le').swap16());

/** Without this attribute, Java does not show a certificate that has no key. It names what the certificate is trusted for. */
const JAVA_TRUST = attribute(
  '2.16.840.1.113894.746875.1.1',
  objectIdentifier(extendedKeyUsageOid.anyExtendedKeyUsage),
);
