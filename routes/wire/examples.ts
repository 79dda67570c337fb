/**
 * Values of the examples in the OpenAPI document: replies of the service, whose keys, certificates and CSR fit each other.
 * `npm run generate` makes the file (scripts/examples.ts).
 */

import EXAMPLES from './examples.json' with { type: 'json' };

const { authority, certified, issuing, requested } = EXAMPLES;
const { dry_run: _, ...preview } = EXAMPLES.preview;

export const EXAMPLE = Object.freeze({
  subject: '/CN=example.com/O=Example Org/C=US',
  san: ['DNS:www.example.com', 'DNS:example.com'],
  certificate: certified.certificate,
  csr: requested.csr,
  caCertificate: authority.certificate,
  caPrivateKey: authority.private_key,
  caChain: issuing.chain,
  issuingKey: issuing.private_key,
  certified,
  requested,
  pair: EXAMPLES.hybrid,
  pairRequested: EXAMPLES.hybridRequested,
  signed: EXAMPLES.signed,
  keys: EXAMPLES.keys,
  crl: EXAMPLES.revocations.crl,
  converted: EXAMPLES.converted,
  bundled: EXAMPLES.bundled,
});

export const CERTIFICATE_DESCRIPTION = Object.freeze(EXAMPLES.certificateDescription);

/** The same certificate before it is issued. */
export const CERTIFICATE_PREVIEW = Object.freeze(preview);

export const CSR_DESCRIPTION = Object.freeze(EXAMPLES.csrDescription);

export const KEY_INSPECTION = Object.freeze(EXAMPLES.keyInspection);

export const CRL_DESCRIPTION = Object.freeze(EXAMPLES.crlDescription);

export const KEY_MATCH = Object.freeze(EXAMPLES.keyMatch);

export const VERIFICATION = Object.freeze(EXAMPLES.verification);

export const IDENTIFICATION = Object.freeze(EXAMPLES.identification);
export const LINTED = Object.freeze(EXAMPLES.linted);
