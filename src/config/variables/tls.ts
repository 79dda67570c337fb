/** Certificates of the service and of its clients. */

import { Type } from 'typebox';

/** A name that no other field has. That of Envoy has a form of its own, and the chain of RFC 9440 is no certificate. */
const FIELD_OF_CERTIFICATE =
  '^(?!(?:[Xx]-[Ff]orwarded-[Cc]lient-[Cc]ert|[Cc]lient-[Cc]ert-[Cc]hain)$)(?=[^]*?[Cc][Ee][Rr][Tt])[A-Za-z0-9-]+$';

export const TLS_VARIABLES = {
  TLS_CERT_FILE: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      examples: ['/etc/mldsa/tls.crt'],
      description:
        'File with the certificate of the service in PEM, and those between it and its root. With it and TLS_KEY_FILE the service speaks https alone. Read again when it changes, and at SIGHUP.',
    }),
  ),
  TLS_KEY_FILE: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      examples: ['/etc/mldsa/tls.key'],
      description: 'File with the private key of that certificate in PEM, not encrypted.',
    }),
  ),
  TLS_CLIENT_CA_FILE: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      examples: ['/etc/mldsa/clients.crt'],
      description:
        'File with certificates of CAs in PEM. With it every client must show a certificate of theirs, except to the health routes and the documentation; where neither keys nor tokens are asked for beside it, its holder may do all that the v1 contract has.',
    }),
  ),
  TLS_CLIENT_CRL_FILE: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      examples: ['/etc/mldsa/clients.crl'],
      description:
        'File with revocation lists (CRLs) in PEM, complete ones: one of each CA in TLS_CLIENT_CA_FILE, since no client of a CA without a list that is in force is let in. Read again when it changes, and at SIGHUP.',
    }),
  ),
  CLIENT_CERT_HEADER: Type.Optional(
    Type.String({
      pattern: FIELD_OF_CERTIFICATE,
      minLength: 1,
      maxLength: 64,
      examples: ['Client-Cert', 'X-SSL-Client-Cert'],
      description:
        'Header field in which the proxies of TRUST_PROXY, which speak TLS in place of the service, forward the certificate of the client: `Client-Cert` as RFC 9440 has it, any other name for PEM, percent-encoded. It is judged by TLS_CLIENT_CA_FILE as if the client had shown it here.',
    }),
  ),
};
