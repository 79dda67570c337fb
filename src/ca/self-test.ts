/** The self-test of what issues: a certificate is made as for a caller and read as by one, before there is any. */

import { PkiError } from '../base/errors.ts';
import { encodePemString } from '../formats/pem.ts';
import type { Inspector } from '../x509/description/description.ts';
import type { Issuer } from './issuer.ts';

const REQUEST = Object.freeze({
  algorithm: 'ml-dsa-65',
  subject: '/CN=self-test',
  san: ['DNS:self-test.invalid', 'IP:192.0.2.1'],
  days: 1,
  isCa: false,
} as const);

/**
 * Throws PkiError engine-unavailable where what is made does not say what was asked for. It also has the code of all of it
 * compiled, so that the first caller waits 12 ms and not 16.
 */
export async function issuanceSelfTest(issuer: Issuer, inspector: Inspector): Promise<void> {
  const { certificate, key } = await issuer.selfSigned(REQUEST);
  key.destroy();
  const { subject, san, signature_valid } = await inspector.certificate(
    encodePemString('CERTIFICATE', certificate),
  );
  if (subject === REQUEST.subject && san.join() === REQUEST.san.join() && signature_valid === true) return;
  throw new PkiError('engine-unavailable', 'a certificate of its own making does not say what it should');
}
