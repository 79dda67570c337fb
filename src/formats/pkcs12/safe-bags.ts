/**
 * The content of a PKCS #12 file:
 *
 * SafeContents ::= SEQUENCE OF SafeBag
 * SafeBag ::= SEQUENCE {
 *      bagId          OBJECT IDENTIFIER,
 *      bagValue       [0] EXPLICIT ANY DEFINED BY bagId,
 *      bagAttributes  SET OF PKCS12Attribute OPTIONAL }
 * CertBag ::= SEQUENCE { certId OBJECT IDENTIFIER, certValue [0] EXPLICIT OCTET STRING }      -- RFC 7292 §4.2
 */

import type { Der } from '../der/header.ts';
import { elementOf } from '../der/reader.ts';
import { openSequence, type StructureReader } from '../der/structure-reader.ts';
import { TAG } from '../der/writer.ts';
import { pkcs12Oid } from '../encryption/oids.ts';

/** Views of the SafeContents. */
export interface Bags {
  /** OneAsymmetricKey, not encrypted. */
  readonly keys: Der[];
  /** EncryptedPrivateKeyInfo. */
  readonly encryptedKeys: Der[];
  readonly certificates: Uint8Array[];
}

export const noBags = (): Bags => ({ keys: [], encryptedKeys: [], certificates: [] });

const VALUE = 0xa0;
const MAX_DEPTH = 4;

/** Adds the bags of `safeContents` to `bags`; CRLs and other secrets are ignored. Throws PkiError invalid-encoding. */
export function collectBags(safeContents: Der, bags: Bags, depth = 1): void {
  const reader = openSequence(safeContents, { name: 'SafeContents', code: 'invalid-encoding' });
  if (depth > MAX_DEPTH) throw reader.error('The PKCS #12 file has safes in too many safes');
  while (reader.hasMore) collectBag(reader.structure('SafeBag'), bags, depth);
}

function collectBag(bag: StructureReader, bags: Bags, depth: number): void {
  const id = bag.oid('bagId');
  const wrapper = bag.structure('bagValue', VALUE);
  const value = wrapper.element('value').encoding;
  wrapper.end();
  bag.optionalElement('bagAttributes', TAG.set);
  bag.end();
  if (id === pkcs12Oid.keyBag) bags.keys.push(value);
  else if (id === pkcs12Oid.pkcs8ShroudedKeyBag) bags.encryptedKeys.push(value);
  else if (id === pkcs12Oid.certBag) bags.certificates.push(...certificateOf(value));
  else if (id === pkcs12Oid.safeContentsBag) collectBags(value, bags, depth + 1);
}

function certificateOf(value: Der): Uint8Array[] {
  const reader = openSequence(value, { name: 'CertBag', code: 'invalid-encoding' });
  const type = reader.oid('certId');
  const wrapper = reader.structure('certValue', VALUE);
  const certificate = elementOf(wrapper.element('value').encoding);
  wrapper.end();
  // SDSI certificates are of another world
  return type === pkcs12Oid.x509Certificate && certificate.tag === TAG.octetString
    ? [certificate.contents]
    : [];
}
