import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import t from 'tap';
import { exposeCollector } from '../../../plugins/node-internals/garbage.ts';
import { until } from '../../support/until.ts';

t.test('an object without references is collected, and one with references is not', async (t) => {
  const collect = exposeCollector();
  const { privateKey } = generateKeyPairSync('ed25519');
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const kept = new WeakRef(privateKey);
  const dropped = new WeakRef(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
  await until(() => {
    collect();
    return dropped.deref() === undefined;
  });
  t.equal(kept.deref(), privateKey);
});

t.test('the function of V8 is not available to other code', async (t) => {
  exposeCollector();
  t.notOk('gc' in globalThis);
});
