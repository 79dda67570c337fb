/** What the labels of PEM blocks promise. */

import type { PartType } from './part-types.ts';

const TYPES: ReadonlyMap<string, PartType> = new Map<string, PartType>([
  ['CERTIFICATE', 'certificate'],
  ['X509 CERTIFICATE', 'certificate'],
  ['X.509 CERTIFICATE', 'certificate'],
  ['TRUSTED CERTIFICATE', 'certificate'],
  ['CERTIFICATE REQUEST', 'certificate-request'],
  ['NEW CERTIFICATE REQUEST', 'certificate-request'],
  ['X509 CRL', 'crl'],
  ['CRL', 'crl'],
  ['PRIVATE KEY', 'private-key'],
  ['RSA PRIVATE KEY', 'private-key-pkcs1'],
  ['EC PRIVATE KEY', 'private-key-sec1'],
  ['DSA PRIVATE KEY', 'private-key-dsa'],
  ['ENCRYPTED PRIVATE KEY', 'encrypted-private-key'],
  ['PUBLIC KEY', 'public-key'],
  ['RSA PUBLIC KEY', 'public-key-pkcs1'],
  ['PKCS7', 'pkcs7'],
  ['CMS', 'pkcs7'],
  ['PKCS #7 SIGNED DATA', 'pkcs7'],
  ['PKCS12', 'pkcs12'],
  ['OCSP REQUEST', 'ocsp-request'],
  ['OCSP RESPONSE', 'ocsp-response'],
  ['ATTRIBUTE CERTIFICATE', 'attribute-certificate'],
  ['EC PARAMETERS', 'key-parameters'],
  ['DH PARAMETERS', 'key-parameters'],
  ['X9.42 DH PARAMETERS', 'key-parameters'],
  ['DSA PARAMETERS', 'key-parameters'],
  ['OPENSSH PRIVATE KEY', 'ssh-private-key'],
  ['AGE ENCRYPTED FILE', 'age'],
]);

/** `vendor-key` for an unknown label. */
export const typeOfLabel = (label: string): PartType =>
  TYPES.get(label) ?? (label.startsWith('PGP ') ? 'pgp' : 'vendor-key');

/** Whether the octets of a block with this label are never DER. */
export const isOpaqueLabel = (label: string): boolean =>
  ['ssh-private-key', 'age', 'pgp'].includes(typeOfLabel(label));
