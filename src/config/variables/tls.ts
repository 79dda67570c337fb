/** Certificates of the service and of its clients. */

import { Type } from 'typebox';

/**
 * A name with "cert". X-Forwarded-Client-Cert of Envoy has another format, and Client-Cert-Chain (RFC 9440) is not the
 * client's certificate.
 */
const FIELD_OF_CERTIFICATE =
  '^(?!(?:[Xx]-[Ff]orwarded-[Cc]lient-[Cc]ert|[Cc]lient-[Cc]ert-[Cc]hain)$)(?=[^]*?[Cc][Ee][Rr][Tt])[A-Za-z0-9-]+$';

export const TLS_VARIABLES = {
  TLS_CERT_FILE: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      examples: ['/etc/mldsa/tls.crt'],
      description:
        'File with the certificate of the service and its intermediate CAs, in PEM. With it and TLS_KEY_FILE the service accepts https only. Reloaded on change and at SIGHUP.',
    }),
  ),
  TLS_KEY_FILE: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      examples: ['/etc/mldsa/tls.key'],
      description: 'File with the private key of TLS_CERT_FILE, in PEM and not encrypted.',
    }),
  ),
  TLS_CLIENT_CA_FILE: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      examples: ['/etc/mldsa/clients.crt'],
      description:
        'File with CA certificates in PEM. Every client then needs a certificate of one of these CAs, except for the health routes and the documentation. If no API keys or tokens are configured, such a client has all scopes of the v1 contract.',
    }),
  ),
  TLS_CLIENT_CRL_FILE: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      examples: ['/etc/mldsa/clients.crl'],
      description:
        'File with complete CRLs in PEM, one for each CA in TLS_CLIENT_CA_FILE: clients of a CA without a current CRL are rejected. Reloaded on change and at SIGHUP.',
    }),
  ),
  TLS_CLIENT_OWN_CRLS: Type.Boolean({
    default: false,
    description:
      'Whether client certificates of the stored authorities of this service are checked with their CRLs, which it has in memory. A client whose certificate is revoked is then rejected, without a file and without a restart.',
  }),
  CLIENT_CERT_HEADER: Type.Optional(
    Type.String({
      pattern: FIELD_OF_CERTIFICATE,
      minLength: 1,
      maxLength: 64,
      examples: ['Client-Cert', 'X-SSL-Client-Cert'],
      description:
        'Header field in which the proxies of TRUST_PROXY, which terminate TLS, forward the certificate of the client. `Client-Cert` has the format of RFC 9440, any other name percent-encoded PEM. The certificate is validated as if the client had sent it in TLS.',
    }),
  ),
};
