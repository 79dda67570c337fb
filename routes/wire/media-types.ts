/** Media types of keys, certificates and requests. */

/** What `identify` reads as a body of its own, beside JSON. None of them can be sent by a form of a web page. */
export const RAW_TYPES = Object.freeze([
  'application/octet-stream',
  'application/x-pem-file',
  'application/pem-certificate-chain',
  'application/pkcs10',
  'application/pkix-cert',
  'application/pkix-crl',
  'application/pkcs8',
  'application/pkcs7-mime',
  'application/pkcs12',
  'application/x-pkcs12',
  'application/ocsp-request',
  'application/ocsp-response',
  'application/jwk+json',
  'application/jwk-set+json',
] as const);

export const CRL_TYPES = Object.freeze(['application/pkix-crl', 'application/x-pem-file'] as const);

export const CSR_TYPES = Object.freeze(['application/pkcs10', 'application/x-pem-file'] as const);
