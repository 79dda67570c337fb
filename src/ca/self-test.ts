/** The self-test of issuing: makes a certificate as for a caller and reads it, before the service has any caller. */

import { PkiError } from '../base/errors.ts';
import { checkDer } from '../formats/der/strict.ts';
import { readCertificate } from '../x509/certificate.ts';
import type { Inspector } from '../x509/description/inspector.ts';
import { parseGeneralNames } from '../x509/names/general-name.ts';
import { parseDistinguishedName } from '../x509/names/name-text.ts';
import type { Issuer } from './issuer.ts';
import { END_ENTITY } from './profile.ts';

const SUBJECT = '/CN=self-test';
const NAMES = ['DNS:self-test.invalid', 'IP:192.0.2.1'];

/**
 * Throws PkiError engine-unavailable when the new certificate is not what was requested. It also compiles the code of
 * issuing: the first caller waits 12 ms instead of 16.
 */
export async function issuanceSelfTest(issuer: Issuer, inspector: Inspector): Promise<void> {
  const { certificate, key } = await issuer.selfSigned({
    algorithm: 'ml-dsa-65',
    profile: END_ENTITY,
    names: () => ({
      subject: parseDistinguishedName(SUBJECT),
      subjectAltNames: parseGeneralNames(NAMES),
    }),
    days: 1,
  });
  key.destroy();
  const { subject, subjectAltNames, isSignatureValid } = await inspector.certificate(
    readCertificate(checkDer(certificate)),
  );
  if (subject === SUBJECT && subjectAltNames.join() === NAMES.join() && isSignatureValid === true) return;
  throw new PkiError('engine-unavailable', 'A new certificate does not have the requested content');
}
