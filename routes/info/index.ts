import type { FastifyPluginCallbackTypebox, Static } from '@fastify/type-provider-typebox';
import { ML_DSA_PARAMETER_SETS } from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import { ML_KEM_PARAMETER_SETS } from '../../src/algorithms/ml-kem/parameter-sets.ts';
import { SLH_DSA_PARAMETER_SETS } from '../../src/algorithms/slh-dsa/parameter-sets.ts';
import { SERVICE_NAME, VERSION } from '../../src/base/version.ts';
import { PUBLIC } from '../wire/access.ts';
import { ENDPOINTS, HYBRID_ALGORITHMS, Info, readInfo } from './schema.ts';

export const info: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.addSchema(Info.schema);

  const answer: Static<typeof Info.ref> = {
    service: SERVICE_NAME,
    version: VERSION,
    rfc: 'RFC 9881',
    engine: app.keys.engineName,
    supported_algorithms: {
      ml_dsa: [...ML_DSA_PARAMETER_SETS],
      slh_dsa: [...SLH_DSA_PARAMETER_SETS],
      ml_kem: [...ML_KEM_PARAMETER_SETS],
      hybrid: [...HYBRID_ALGORITHMS],
    },
    endpoints: pathsUnder(app.config.BASE_PATH),
  };

  app.get('', { schema: readInfo, config: PUBLIC }, () => answer);

  done();
};

const pathsUnder = (basePath: string): Record<string, string> =>
  Object.fromEntries(Object.entries(ENDPOINTS).map(([name, path]) => [name, `${basePath}${path}`]));
