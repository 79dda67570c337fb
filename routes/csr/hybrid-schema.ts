import { Type } from 'typebox';
import { contentOptions } from '../wire/certificate-options.ts';
import { classicalAlgorithm, requestedClassicalKey } from '../wire/classical-key.ts';
import { component } from '../wire/component.ts';
import { EXAMPLE } from '../wire/examples.ts';
import {
  csrSizes,
  dnsUnderscore,
  echoedSubject,
  pem,
  requestedKeyFormat,
  requestedSecurityLevel,
  san,
  securityLevel,
  STRICT,
  subject,
} from '../wire/fields.ts';

export const HybridCsrRequest = component(
  'HybridCsrRequest',
  Type.Object(
    {
      subject,
      ...requestedClassicalKey,
      security_level: requestedSecurityLevel,
      san,
      dns_underscore: dnsUnderscore,
      key_format: requestedKeyFormat,
      ...contentOptions,
    },
    {
      ...STRICT,
      description: 'The content of both CSRs of a hybrid pair, as in `csr/generate`.',
      examples: [{ subject: EXAMPLE.subject, classical_algorithm: 'ecdsa', san: EXAMPLE.san }],
    },
  ),
);

export const HybridCsrs = component(
  'HybridCsrs',
  Type.Object(
    {
      ml_dsa_csr: pem('the CSR of the ML-DSA key'),
      classical_csr: pem('the CSR of the RSA or ECDSA key'),
      ml_dsa_private_key: pem('the ML-DSA private key (PKCS#8)'),
      ml_dsa_public_key: pem('the ML-DSA public key (SubjectPublicKeyInfo)'),
      classical_private_key: pem('the RSA or ECDSA private key (PKCS#8)'),
      classical_public_key: pem('the RSA or ECDSA public key (SubjectPublicKeyInfo)'),
      subject: echoedSubject,
      security_level: securityLevel,
      classical_algorithm: classicalAlgorithm,
      sizes: Type.Object({ ml_dsa: csrSizes, classical: csrSizes }, STRICT),
    },
    {
      ...STRICT,
      description: 'Two CSRs with the same subject and names, and their keys.',
      examples: [EXAMPLE.pairRequested],
    },
  ),
);

export const generateHybridCsrs = {
  operationId: 'generateHybridCsrs',
  tags: ['csr'],
  summary: 'Generate an ML-DSA and a classical CSR for one subject',
  description:
    'For a CA that certifies both keys of a server. The CSRs are not bound to each other: for that, let the CA certify the first, ' +
    'and generate the second with `related_certificate` of `csr/generate`. The service returns the private keys once and does ' +
    'not store them. With `Accept: application/x-pem-file` the reply is a file with the ML-DSA key and CSR and then the ' +
    'classical ones, with `application/zip` an archive of four files.',
  body: HybridCsrRequest.ref,
  response: { 200: HybridCsrs.ref },
};
