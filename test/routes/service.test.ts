import t from 'tap';
import manifest from '../../package.json' with { type: 'json' };
import { unavailableReason, ENGINE_NAMES } from '../../src/algorithms/ml-dsa/engines.ts';
import { SLH_DSA_PARAMETER_SETS } from '../../src/algorithms/slh-dsa/parameter-sets.ts';
import { startApp } from '../support/service.ts';

t.test('health is what the contract says', async (t) => {
  const app = await startApp(t);
  const reply = await app.inject('/health');
  t.equal(reply.statusCode, 200);
  t.same(reply.json(), { status: 'healthy', service: 'ML-DSA Certificate API', version: manifest.version });
  t.equal((await app.inject({ method: 'HEAD', url: '/health' })).statusCode, 200);
});

for (const base of ['', '/pki']) {
  t.test(`info under "${base}" names paths that are served`, async (t) => {
    const app = await startApp(t, { BASE_PATH: base, CRYPTO_ENGINE: 'node' });
    const info = (await app.inject(`${base}/api/v1/info`)).json();
    t.match(info, {
      service: 'ML-DSA Certificate API',
      version: manifest.version,
      rfc: 'RFC 9881',
      engine: 'node',
      supported_algorithms: {
        ml_dsa: ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'],
        slh_dsa: SLH_DSA_PARAMETER_SETS,
        ml_kem: ['ml-kem-512', 'ml-kem-768', 'ml-kem-1024'],
        hybrid: ['rsa', 'ecdsa'],
      },
      endpoints: {
        generate: `${base}/api/v1/certificate/generate`,
        generate_csr: `${base}/api/v1/csr/generate`,
        generate_keys: `${base}/api/v1/keys/generate`,
        hybrid: `${base}/api/v1/certificate/hybrid`,
      },
    });
    for (const path of Object.values<string>(info.endpoints)) {
      const methods = ['POST', 'GET'] as const;
      t.ok(
        methods.some((method) => app.hasRoute({ method, url: path })),
        path,
      );
    }
    t.equal((await app.inject(`${base}/health`)).statusCode, 200);
    if (base !== '') t.equal((await app.inject('/health')).statusCode, 404);
  });
}

for (const engine of ENGINE_NAMES) {
  t.test(`info says that ${engine} computes`, { skip: unavailableReason(engine) }, async (t) => {
    const app = await startApp(t, { CRYPTO_ENGINE: engine });
    t.equal((await app.inject('/api/v1/info')).json().engine, engine);
  });
}
