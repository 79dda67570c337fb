/** The OCSP responder. */

import { Type } from 'typebox';

export const OCSP_VARIABLES = {
  OCSP_ENABLED: Type.Boolean({
    default: true,
    description:
      'Serves the OCSP responder of the stored authorities at /ocsp, without authentication. No effect without a store.',
  }),
  OCSP_SIGNER: Type.Enum(['delegated', 'authority'], {
    type: 'string',
    default: 'delegated',
    description:
      'Key that signs OCSP responses: a key in the memory of each process that the authority certifies for 7 days (`delegated`), or the key of the authority itself (`authority`).',
  }),
  OCSP_VALIDITY: Type.Integer({
    minimum: 600,
    maximum: 259_200,
    default: 43_200,
    description:
      'Seconds from thisUpdate to nextUpdate of an OCSP response. A response is signed again after half of it.',
  }),
  OCSP_MAX_AGE: Type.Integer({
    minimum: 0,
    maximum: 259_200,
    default: 3600,
    description:
      'Seconds for which caches may keep an OCSP response, at most until nextUpdate. A cache can send an old status as long.',
  }),
  OCSP_CACHE_SIZE: Type.Integer({
    minimum: 0,
    maximum: 17_179_869_184,
    default: 67_108_864,
    description:
      'Memory for signed OCSP responses in each process, in bytes. One response takes 2,000 to 15,000 bytes.',
  }),
};
