/**
 * TRUSTED CERTIFICATE, a PEM label of OpenSSL: a Certificate, then settings for the machine that wrote it.
 *
 *   X509_CERT_AUX ::= SEQUENCE { trust SEQUENCE OF OBJECT IDENTIFIER OPTIONAL, reject [0] …, alias UTF8String OPTIONAL,
 *        keyid OCTET STRING OPTIONAL, other [1] … }
 */

import { PkiError } from '../base/errors.ts';
import { elementAt } from './der/reader.ts';
import { checkDer } from './der/strict.ts';
import { TAG } from './der/writer.ts';

/** Returns a view of the certificate. Throws PkiError invalid-der or invalid-encoding if it is followed by anything else. */
export function withoutTrustSettings(octets: Uint8Array): Uint8Array {
  const { encoding } = elementAt(octets, 0);
  const settings = octets.subarray(encoding.length);
  if (settings.length === 0) return encoding;
  if (checkDer(settings, { subject: 'The value after the certificate' })[0] === TAG.sequence) return encoding;
  throw new PkiError('invalid-encoding', 'The certificate may be followed by trust settings only');
}
