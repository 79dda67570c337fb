/** Proof that a certificate is written as the standards require, whatever was read for it. */

import type { Test } from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { lint } from '../../src/lint/lint.ts';
import { readCertificate, type Certificate } from '../../src/x509/certificate.ts';

/** Strict DER, and no finding of the linter. Returns the certificate. */
export function provenStrict(t: Test, octets: Uint8Array): Certificate {
  const certificate = readCertificate(checkDer(octets));
  const { tbs, signatureAlgorithm } = certificate;
  t.same(lint('certificate', tbs, signatureAlgorithm), [], 'the linter finds nothing');
  return certificate;
}
