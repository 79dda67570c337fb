/** The labels that are read and written (RFC 7468 §5-§13), the older ones that are tolerated, and the errors for others. */

import { PkiError } from '../base/errors.ts';
import type { Reading } from './reading.ts';

export type PemLabel =
  'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'X509 CRL' | 'PKCS7' | 'PRIVATE KEY' | 'PUBLIC KEY';

/** The labels of written PEM. */
export type WrittenLabel = PemLabel | typeof ENCRYPTED_PRIVATE_KEY | 'RSA PRIVATE KEY' | 'EC PRIVATE KEY';

/** RFC 7468 §7: older generators write the first label. §9: CMS has the structure of PKCS #7, and OpenSSL reads the last. */
const ALIASES: ReadonlyMap<string, PemLabel> = new Map([
  ['NEW CERTIFICATE REQUEST', 'CERTIFICATE REQUEST'],
  ['CMS', 'PKCS7'],
  ['PKCS #7 SIGNED DATA', 'PKCS7'],
]);

export const isLabelOf = (actual: string, expected: PemLabel): boolean =>
  actual === expected || ALIASES.get(actual) === expected;

export const TRUSTED_CERTIFICATE = 'TRUSTED CERTIFICATE';
export const ENCRYPTED_PRIVATE_KEY = 'ENCRYPTED PRIVATE KEY';
export const EC_PARAMETERS = 'EC PARAMETERS';

/** RFC 7468 §5.1 mentions the first two; OpenSSL writes the third. */
const OLD_CERTIFICATES: ReadonlySet<string> = new Set([
  'X509 CERTIFICATE',
  'X.509 CERTIFICATE',
  TRUSTED_CERTIFICATE,
]);

/** Old labels of certificates, and those of private keys before PKCS #8, are tolerated. Throws PkiError invalid-encoding. */
export function checkLabel(actual: string, expected: PemLabel, reading: Reading): void {
  if (isLabelOf(actual, expected)) return;
  const fault = unexpectedLabel(actual, expected);
  if (expected === 'CERTIFICATE' && OLD_CERTIFICATES.has(actual)) reading.tolerate('pem-label', fault);
  else if (expected === 'PRIVATE KEY' && OLD_PRIVATE_KEYS.has(actual))
    reading.tolerate('traditional-key', fault);
  else throw fault;
}

const CONVERT = 'openssl pkcs8 -topk8 -nocrypt -in key.pem';

/** Labels that PKCS #8 has replaced, and the names of their formats. */
const OLD_PRIVATE_KEYS: ReadonlyMap<string, string> = new Map([
  ['RSA PRIVATE KEY', 'PKCS #1'],
  ['EC PRIVATE KEY', 'SEC 1'],
]);

/** Returns the error for content with the label `actual` where `expected` is required. */
export function unexpectedLabel(actual: string, expected: PemLabel): PkiError {
  if (expected === 'PRIVATE KEY' && actual === ENCRYPTED_PRIVATE_KEY) return encryptedPrivateKey();
  const sentence = `Expected ${expected}, got ${actual}`;
  const oldForm = OLD_PRIVATE_KEYS.get(actual);
  return expected === 'PRIVATE KEY' && oldForm !== undefined
    ? new PkiError(
        'invalid-encoding',
        `${sentence}: convert the key from ${oldForm} to PKCS #8 with "${CONVERT}"`,
      )
    : new PkiError('invalid-encoding', sentence);
}

export const encryptedPrivateKey = (): PkiError =>
  new PkiError(
    'encrypted-private-key',
    `The private key is encrypted; give its password, or decrypt it with "${CONVERT}"`,
  );
