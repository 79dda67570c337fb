import { Type } from 'typebox';
import { ML_DSA_PARAMETER_SETS } from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import { ML_KEM_PARAMETER_SETS } from '../../src/algorithms/ml-kem/parameter-sets.ts';
import { SLH_DSA_PARAMETER_SETS } from '../../src/algorithms/slh-dsa/parameter-sets.ts';
import { SERVICE_NAME, VERSION } from '../../src/base/version.ts';
import { component } from '../wire/component.ts';
import { securityLevel, STRICT } from '../wire/fields.ts';

/** Paths of the API, by the names that the v1 contract gives them. */
export const ENDPOINTS = Object.freeze({
  generate: '/api/v1/certificate/generate',
  hybrid: '/api/v1/certificate/hybrid',
  inspect_certificate: '/api/v1/certificate/inspect',
  generate_csr: '/api/v1/csr/generate',
  sign_csr: '/api/v1/csr/sign',
  inspect_csr: '/api/v1/csr/inspect',
  generate_keys: '/api/v1/keys/generate',
  identify: '/api/v1/identify',
  lint: '/api/v1/lint',
  convert_key: '/api/v1/keys/convert',
  bundle: '/api/v1/bundle',
  authorities: '/api/v1/authorities',
  profiles: '/api/v1/profiles',
});

export const HYBRID_ALGORITHMS = Object.freeze(['rsa', 'ecdsa'] as const);

export const Info = component(
  'Info',
  Type.Object(
    {
      service: Type.Literal(SERVICE_NAME),
      version: Type.String({ description: 'Version of the service.' }),
      rfc: Type.Literal('RFC 9881'),
      engine: Type.String({
        description: 'The ML-DSA engine: `native` (AWS-LC), `node` (OpenSSL inside Node.js) or `noble`.',
      }),
      supported_algorithms: Type.Object(
        {
          ml_dsa: Type.Array(securityLevel),
          slh_dsa: Type.Array(
            Type.Enum(SLH_DSA_PARAMETER_SETS, {
              type: 'string',
              description: 'SLH-DSA parameter set (FIPS 205 §11), a value of `key_algorithm`.',
            }),
          ),
          ml_kem: Type.Array(
            Type.Enum(ML_KEM_PARAMETER_SETS, {
              type: 'string',
              description:
                'ML-KEM parameter set (FIPS 203 §8), a value of `key_algorithm` of keys that cannot sign.',
            }),
          ),
          hybrid: Type.Array(Type.Enum(HYBRID_ALGORITHMS, { type: 'string' })),
        },
        STRICT,
      ),
      endpoints: Type.Record(Type.String(), Type.String(), { description: 'Paths by name.' }),
    },
    {
      ...STRICT,
      description: 'Version, algorithms and endpoints of the service.',
      examples: [
        {
          service: SERVICE_NAME,
          version: VERSION,
          rfc: 'RFC 9881',
          engine: 'node',
          supported_algorithms: {
            ml_dsa: ML_DSA_PARAMETER_SETS,
            slh_dsa: SLH_DSA_PARAMETER_SETS,
            ml_kem: ML_KEM_PARAMETER_SETS,
            hybrid: HYBRID_ALGORITHMS,
          },
          endpoints: ENDPOINTS,
        },
      ],
    },
  ),
);

export const readInfo = {
  operationId: 'readInfo',
  tags: ['service'],
  summary: 'Show version, algorithms and endpoints',
  response: { 200: Info.ref },
};
