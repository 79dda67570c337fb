import { Type } from 'typebox';
import { component } from '../wire/component.ts';
import { EXAMPLE } from '../wire/examples.ts';
import { otherKeyAlgorithm, requestedPairAlgorithm } from '../wire/key-algorithm.ts';
import {
  keyFormat,
  pem,
  requestedKeyFormat,
  requestedSecurityLevel,
  securityLevel,
  STRICT,
} from '../wire/fields.ts';

export const KeyPairRequest = component(
  'KeyPairRequest',
  Type.Object(
    {
      security_level: requestedSecurityLevel,
      key_algorithm: requestedPairAlgorithm,
      key_format: requestedKeyFormat,
    },
    {
      ...STRICT,
      description: 'The key pair to generate. The body is optional, because every member has a default.',
      examples: [
        { security_level: 'ml-dsa-65' },
        { key_algorithm: 'slh-dsa-sha2-128s' },
        { key_algorithm: 'ml-kem-768' },
      ],
    },
  ),
);

export const KeyPair = component(
  'KeyPair',
  Type.Object(
    {
      private_key: pem('the private key (PKCS#8)'),
      public_key: pem('the public key (SubjectPublicKeyInfo)'),
      security_level: Type.Optional(securityLevel),
      key_algorithm: otherKeyAlgorithm,
      key_format: Type.Optional(keyFormat),
    },
    {
      ...STRICT,
      description: 'A key pair.',
      examples: [EXAMPLE.keys],
    },
  ),
);

export const components = [KeyPairRequest.schema, KeyPair.schema];

export const generateKeyPair = {
  operationId: 'generateKeyPair',
  tags: ['keys'],
  summary: 'Generate a key pair of ML-DSA, SLH-DSA or ML-KEM',
  description:
    'The service returns the private key once and does not store it. With `Accept: application/x-pem-file` or ' +
    '`application/pkcs8` the reply is the private key as a file.',
  body: KeyPairRequest.ref,
  response: { 200: KeyPair.ref },
};
