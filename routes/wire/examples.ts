/**
 * Values of the examples in the OpenAPI document: replies of the service, whose keys, certificates and CSR fit each other.
 * `npm run generate` makes the file (scripts/examples.ts).
 */

import EXAMPLES from './examples.json' with { type: 'json' };

const { authority, certified, requested, hybrid } = EXAMPLES;

export const EXAMPLE = Object.freeze({
  subject: '/CN=example.com/O=Example Org/C=US',
  san: ['DNS:www.example.com', 'DNS:example.com'],
  certificate: certified.certificate,
  privateKey: certified.private_key,
  publicKey: certified.public_key,
  csr: requested.csr,
  csrPrivateKey: requested.private_key,
  csrPublicKey: requested.public_key,
  caCertificate: authority.certificate,
  caPrivateKey: authority.private_key,
  pair: hybrid,
  signed: EXAMPLES.signed,
  keys: EXAMPLES.keys,
});

export const CERTIFICATE_DESCRIPTION = Object.freeze(EXAMPLES.certificateDescription);

export const CSR_DESCRIPTION = Object.freeze(EXAMPLES.csrDescription);
