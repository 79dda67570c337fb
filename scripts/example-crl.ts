/** Makes the CRL of the examples in the OpenAPI document. */

import type { Keys } from '../src/keys/key.ts';
import { encodePemString } from '../src/formats/pem.ts';
import { readPemOrDer } from '../src/formats/pem-or-der.ts';
import {
  bitString,
  contextConstructed,
  objectIdentifier,
  octetString,
  sequence,
  time,
  tlv,
  TAG,
  unsignedInteger,
} from '../src/formats/der/writer.ts';
import { readCertificate } from '../src/x509/certificate.ts';

export interface Authority {
  readonly certificate: string;
  readonly private_key: string;
}

const KEY_COMPROMISE = 1;
const VALIDITY = { from: new Date('2026-11-29T00:00:00Z'), to: new Date('2036-11-29T00:00:00Z') };

const extension = (oid: string, value: Uint8Array): Uint8Array =>
  sequence(objectIdentifier(oid), octetString(value));

/** cRLReasons (RFC 5280 §5.3.1) and cRLNumber (§5.2.3). */
const REASON = extension('2.5.29.21', tlv(TAG.enumerated, Uint8Array.of(KEY_COMPROMISE)));
const NUMBER = extension('2.5.29.20', unsignedInteger(1));

/** Returns base64 of the PEM text, with one entry. */
export async function exampleCrl({ keys }: { readonly keys: Keys }, authority: Authority): Promise<string> {
  const { subject } = readCertificate(readPemOrDer(authority.certificate, 'CERTIFICATE').der);
  const key = await keys.importPrivateKey(readPemOrDer(authority.private_key, 'PRIVATE KEY').der);
  const revoked = sequence(unsignedInteger(0x4efaf9f3), time(VALIDITY.from), sequence(REASON));
  const tbs = sequence(
    unsignedInteger(1),
    key.signatureAlgorithm,
    subject,
    time(VALIDITY.from),
    time(VALIDITY.to),
    sequence(revoked),
    contextConstructed(0, sequence(NUMBER)),
  );
  const crl = sequence(tbs, key.signatureAlgorithm, bitString(await key.sign(tbs)));
  key.destroy();
  return Buffer.from(encodePemString('X509 CRL', crl)).toString('base64');
}
