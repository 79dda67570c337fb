/** The decorators that plugins add to the application for the routes. */

import t from 'tap';
import { buildApp } from '../../service/app.ts';
import { configFrom } from '../../src/config/load.ts';
import { buildEdge, IDLE } from '../support/edge.ts';

t.test('app.config is the configuration of the start, and the environment is not read again', async (t) => {
  process.env['PORT'] = '4321';
  t.teardown(() => delete process.env['PORT']);
  const { app } = await buildEdge(t, {
    PORT: '1234',
    CORS_ORIGINS: 'https://a.example',
    NODE_ENV: 'production',
    ALLOW_ANONYMOUS: 'true',
  });
  t.match(app.config, { PORT: 1234, CORS_ORIGINS: ['https://a.example'], HOST: '0.0.0.0' });
  t.throws(() => Object.assign(app.config, { PORT: 1 }), TypeError);
});

t.test('the keys and the inspector are those of the domain, which closes with the application', async (t) => {
  let closed = 0;
  const domain = { ...IDLE, close: async () => void closed++ };
  const app = await buildApp({ domain, config: configFrom({ LOG_LEVEL: 'silent' }) });
  await app.ready();
  t.equal(app.keys, IDLE.keys);
  t.equal(app.inspector, IDLE.inspector);
  t.equal(closed, 0);
  await app.close();
  t.equal(closed, 1);
});
