/** Extensions for the content that the linter checks. */

import { contextPrimitive, objectIdentifier, sequence } from '../../src/formats/der/writer.ts';
import { extension, name, type CertificateParts } from '../support/crafted.ts';

const SAN = '2.5.29.17';

/** With an extendedKeyUsage of the OIDs 1.3.6.1.5.5.7.3.N. */
export const purposes = (critical: boolean, ...numbers: readonly number[]) =>
  extension(
    '2.5.29.37',
    critical,
    sequence(...numbers.map((number) => objectIdentifier(`1.3.6.1.5.5.7.3.${number}`))),
  );

export const uris = (...texts: readonly string[]) =>
  extension(SAN, false, sequence(...texts.map((text) => contextPrimitive(6, Buffer.from(text)))));

export const NO_REV_AVAIL = extension('2.5.29.56', false, '05 00');
export const CRL_POINT = extension('2.5.29.31', false, '30 0a 30 08 a0 06 a0 04 86 02 61 3a');
export const AIA = (method: '01' | '02') =>
  extension('1.3.6.1.5.5.7.1.1', false, `30 10 30 0e 06 08 2b 06 01 05 05 07 30 ${method} 86 02 61 3a`);
export const OCSP_NO_CHECK = '1.3.6.1.5.5.7.48.1.5';

export const keyUsage = (bits: string, critical = true) => extension('2.5.29.15', critical, bits);
export const authorityKeyIdentifier = (critical = false) =>
  extension('2.5.29.35', critical, '30 06 80 04 01 02 03 04');

/** An end-entity certificate with a CA as issuer, changed by `parts`. */
export const leaf = ({ extensions = {}, ...parts }: CertificateParts = {}): CertificateParts => ({
  subject: name('leaf.example'),
  issuer: name('Crafted CA'),
  ...parts,
  extensions: {
    basicConstraints: undefined,
    keyUsage: keyUsage('03 02 07 80'),
    authorityKeyIdentifier: authorityKeyIdentifier(),
    ...extensions,
  },
});

export const ca = (extensions: CertificateParts['extensions'] = {}): CertificateParts => ({ extensions });
