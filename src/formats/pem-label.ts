/** The textual encodings that are read and written (RFC 7468 §5-§13), and what is said when another one comes. */

import { PkiError } from '../base/errors.ts';

export type PemLabel = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'X509 CRL' | 'PRIVATE KEY' | 'PUBLIC KEY';

/** RFC 7468 §7: generators of old write it. */
const ALIASES: ReadonlyMap<string, PemLabel> = new Map([['NEW CERTIFICATE REQUEST', 'CERTIFICATE REQUEST']]);

export const isLabelOf = (came: string, wanted: PemLabel): boolean =>
  came === wanted || ALIASES.get(came) === wanted;

/** What stands behind a label that PKCS #8 has replaced. */
const OLD_PRIVATE_KEYS: ReadonlyMap<string, string> = new Map([
  ['RSA PRIVATE KEY', 'PKCS #1'],
  ['EC PRIVATE KEY', 'SEC 1'],
]);

/** Error for content that PEM calls `came` where `wanted` should stand. Both are labels, never content. */
export function unexpectedLabel(came: string, wanted: PemLabel): PkiError {
  if (wanted === 'PRIVATE KEY' && came === 'ENCRYPTED PRIVATE KEY') return encryptedPrivateKey();
  const sentence = `${came} came where ${wanted} is wanted`;
  const oldForm = OLD_PRIVATE_KEYS.get(came);
  return wanted === 'PRIVATE KEY' && oldForm !== undefined
    ? new PkiError(
        'invalid-encoding',
        `${sentence}: it is in ${oldForm}; "openssl pkcs8 -topk8 -nocrypt -in key.pem" makes PKCS #8 of it`,
      )
    : new PkiError('invalid-encoding', sentence);
}

export const encryptedPrivateKey = (): PkiError =>
  new PkiError(
    'encrypted-private-key',
    'the private key is encrypted; "openssl pkcs8 -topk8 -nocrypt -in key.pem" makes PKCS #8 in plain of it',
  );
