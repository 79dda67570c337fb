/** What the service publishes for relying parties, without authentication. */

import { Type } from 'typebox';

export const PUBLICATION_VARIABLES = {
  PUBLIC_URL: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      examples: ['http://pki.example.com'],
      description:
        'URL at which relying parties reach this service, or a cache in front of it. New certificates of stored authorities then name their CRL, the certificate of their CA and the OCSP responder below it. It includes BASE_PATH, if there is one. http is usual: what is published is signed.',
    }),
  ),
  CRL_DELAY: Type.Integer({
    minimum: 1,
    maximum: 3600,
    default: 10,
    description:
      'The most seconds from a revocation to the CRL that lists it, without the time to sign. Revocations of this time make one CRL.',
  }),
  CRL_VALIDITY: Type.Integer({
    minimum: 60,
    maximum: 31_536_000,
    default: 604_800,
    description:
      'Seconds from the issue of a CRL to its end (nextUpdate). A new one is published at half of this time at the latest.',
  }),
  CRL_MAX_AGE: Type.Integer({
    minimum: 0,
    maximum: 31_536_000,
    default: 604_800,
    description:
      'Seconds for which caches may keep a CRL, at most until its nextUpdate. A lower value makes revocations known sooner behind a cache.',
  }),
};
