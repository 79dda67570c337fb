import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import t from 'tap';
import { exposeCollector, watchCollections } from '../../../plugins/node-internals/garbage.ts';
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

t.test('a collection of all garbage is seen, and one of new objects is not', async (t) => {
  const collect = exposeCollector();
  const hasCollected = watchCollections();
  let collections = 0;
  const observer = new PerformanceObserver((list) => void (collections += list.getEntries().length));
  observer.observe({ entryTypes: ['gc'] });
  let text = '';
  // each array is garbage at once
  await until(() => {
    for (let i = 0; i < 1000; i++) text = Array.from({ length: 1000 }, () => i).join('');
    return collections > 3;
  });
  observer.disconnect();
  t.ok(text);
  t.notOk(hasCollected());
  await until(() => {
    collect();
    return hasCollected();
  });
});

t.test('the function of V8 is not available to other code', async (t) => {
  exposeCollector();
  t.notOk('gc' in globalThis);
});
