/** Facts of PKCS #7 and PKCS #12. What is inside and not encrypted becomes a part of its own. */

import { ifReadable } from '../../base/errors.ts';
import { pause } from '../../base/next-turn.ts';
import type { Der } from '../../formats/der/header.ts';
import { readDer } from '../../formats/der/lenient.ts';
import { elementOf, membersOf, type DerElement } from '../../formats/der/reader.ts';
import { openSequence, type StructureReader } from '../../formats/der/structure-reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { describeOid, SIGNED_DATA } from '../../formats/oids.ts';
import { pkcs12Oid } from '../../formats/encryption/oids.ts';
import { describeEncryption, describeMac } from '../encryption.ts';
import { firstLines, type Context, type Describe, type Facts } from './facts.ts';

const { data: DATA, encryptedData: ENCRYPTED_DATA } = pkcs12Oid;

/** RFC 5652 §4 to §9, RFC 5083, RFC 3161. */
const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  [DATA, 'data'],
  [SIGNED_DATA, 'signed data'],
  ['1.2.840.113549.1.7.3', 'enveloped (encrypted) data'],
  ['1.2.840.113549.1.7.5', 'digested data'],
  [ENCRYPTED_DATA, 'encrypted data'],
  ['1.2.840.113549.1.9.16.1.2', 'authenticated data'],
  ['1.2.840.113549.1.9.16.1.23', 'authenticated, encrypted data'],
]);

const CONTENT = 0xa0;
const CRLS = 0xa1;

const open = (name: string, der: Der): StructureReader =>
  openSequence(der, { name, code: 'invalid-encoding' });

/** These files are often BER. The DER is a copy then, and can have a private key inside. */
function derOf(octets: Uint8Array, subject: string, context: Context): Der {
  const { der } = readDer(octets, { reading: context.reading, subject });
  return der === octets ? der : context.own(der);
}

export const describePkcs7: Describe = (octets, context) => {
  const reader = open('ContentInfo', derOf(octets, 'The PKCS #7', context));
  const type = reader.oid('contentType');
  const title = CONTENT_TYPES.get(type) ?? describeOid(type);
  if (type !== SIGNED_DATA) return { contents: [title] };
  const signed = reader.structure('content', CONTENT).structure('SignedData');
  return { contents: [title, ...describeSignedData(signed, context)] };
};

/** SignedData: see `formats/signed-data.ts`. */
function describeSignedData(reader: StructureReader, context: Context): string[] {
  reader.integer('version');
  reader.element('digestAlgorithms', TAG.set);
  const inner = reader.structure('encapContentInfo').oid('eContentType');
  const certificates = listOf(reader.optionalElement('certificates', CONTENT));
  const crls = listOf(reader.optionalElement('crls', CRLS));
  const signers = listOf(reader.element('signerInfos', TAG.set));
  for (const { encoding } of certificates) context.addInside({ type: 'certificate', octets: encoding });
  for (const { encoding } of crls) context.addInside({ type: 'crl', octets: encoding });
  return [
    `content: ${CONTENT_TYPES.get(inner) ?? describeOid(inner)}`,
    `${certificates.length} certificates, ${crls.length} CRLs, ${signers.length} signers`,
  ];
}

const listOf = (element: DerElement | undefined): DerElement[] =>
  element === undefined ? [] : [...membersOf(element)];

/** PFX: see `structures.ts`. MacData ::= SEQUENCE { mac DigestInfo, macSalt OCTET STRING, iterations INTEGER DEFAULT 1 } */
export const describePkcs12: Describe = async (octets, context) => {
  const reader = open('PFX', derOf(octets, 'The PKCS #12', context));
  reader.integer('version');
  const safe = reader.structure('authSafe');
  const integrity = reader.hasMore ? macOf(reader.structure('macData')) : undefined;
  const inner = contentOf(safe);
  const safes = inner === undefined ? [] : listOf(elementOf(derOf(inner, INNER, context)));
  const contents: Facts[] = [];
  for (const { encoding } of safes) {
    // Each of them may have as many values as a whole file
    await pause();
    contents.push(describeSafe(open('ContentInfo', encoding), context));
  }
  const encryption = contents.find((safe) => safe.encryption !== undefined)?.encryption;
  return {
    ...(integrity && { integrity }),
    ...(encryption && { encryption }),
    contents: firstLines(contents.flatMap(({ contents: lines = [] }) => lines)),
  };
};

function macOf(reader: StructureReader): string | undefined {
  return ifReadable(() => {
    const [digest] = membersOf(reader.element('mac', TAG.sequence));
    reader.octetString('macSalt');
    const count = reader.hasMore ? reader.smallInteger('iterations') : 1;
    return digest && describeMac(digest.encoding, count);
  });
}

/** Returns the octets of a ContentInfo of the type data; undefined for another type. */
function contentOf(reader: StructureReader): Uint8Array | undefined {
  if (reader.oid('contentType') !== DATA) return undefined;
  return reader.structure('content', CONTENT).octetString('data');
}

const INNER = 'The content of the PKCS #12';

/** A SafeContents, encrypted or not (RFC 7292 §4.1). */
function describeSafe(reader: StructureReader, context: Context): Facts {
  const type = reader.oid('contentType');
  if (type === DATA) {
    const octets = reader.structure('content', CONTENT).octetString('data');
    return describeBags(listOf(elementOf(derOf(octets, INNER, context))), context);
  }
  const title = CONTENT_TYPES.get(type) ?? describeOid(type);
  const encryption = type === ENCRYPTED_DATA ? ifReadable(() => encryptionOf(reader)) : undefined;
  return {
    ...(encryption && { encryption }),
    contents: [encryption === undefined ? title : `${title}: ${encryption}`],
  };
}

/** EncryptedData ::= SEQUENCE { version, EncryptedContentInfo { contentType, contentEncryptionAlgorithm, … } } (RFC 5652 §8) */
function encryptionOf(reader: StructureReader): string {
  const data = reader.structure('content', CONTENT).structure('EncryptedData');
  data.integer('version');
  const info = data.structure('encryptedContentInfo');
  info.oid('contentType');
  return describeEncryption(info.element('contentEncryptionAlgorithm', TAG.sequence).encoding);
}

/** RFC 7292 §4.2. */
const BAGS: ReadonlyMap<string, string> = new Map([
  [pkcs12Oid.keyBag, 'a private key that is not encrypted'],
  [pkcs12Oid.pkcs8ShroudedKeyBag, 'an encrypted private key'],
  [pkcs12Oid.certBag, 'a certificate'],
  [pkcs12Oid.crlBag, 'a CRL'],
  [pkcs12Oid.secretBag, 'a secret'],
  [pkcs12Oid.safeContentsBag, 'nested contents'],
]);

function describeBags(bags: readonly DerElement[], context: Context): Facts {
  let encryption: string | undefined;
  const contents = bags.map(({ encoding }) => {
    const reader = open('SafeBag', encoding);
    const type = reader.oid('bagId');
    const value = reader.structure('bagValue', CONTENT).element('value');
    addBag(type, value, context);
    if (type === pkcs12Oid.pkcs8ShroudedKeyBag)
      encryption = ifReadable(() => describeEncryption(firstOf(value)));
    return BAGS.get(type) ?? describeOid(type);
  });
  return { ...(encryption && { encryption }), contents };
}

function firstOf(element: DerElement): Der {
  const [first] = membersOf(element);
  return (first ?? element).encoding;
}

function addBag(type: string, value: DerElement, context: Context): void {
  if (type === pkcs12Oid.keyBag) context.addInside({ type: 'private-key', octets: value.encoding });
  if (type === pkcs12Oid.pkcs8ShroudedKeyBag)
    context.addInside({ type: 'encrypted-private-key', octets: value.encoding });
  // CertBag ::= SEQUENCE { certId OBJECT IDENTIFIER, certValue [0] EXPLICIT OCTET STRING }
  if (type !== pkcs12Oid.certBag) return;
  const certificate = ifReadable(() => {
    const reader = open('CertBag', value.encoding);
    reader.oid('certId');
    return reader.structure('certValue', CONTENT).octetString('certificate');
  });
  if (certificate !== undefined) context.addInside({ type: 'certificate', octets: certificate });
}
