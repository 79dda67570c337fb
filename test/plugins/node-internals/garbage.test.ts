import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
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
  setFlagsFromString('--expose-gc');
  const collectNew: unknown = runInNewContext("() => gc({ type: 'minor' })");
  setFlagsFromString('--no-expose-gc');
  if (typeof collectNew !== 'function') throw new Error('V8 has no function to collect garbage');
  // V8 may collect all garbage by itself meanwhile, but not each time
  await until(async () => {
    const hasCollected = watchCollections();
    await setImmediate();
    for (let i = 0; i < 200; i++) Array.from({ length: 1000 }, () => i);
    const used = process.memoryUsage().heapUsed;
    collectNew();
    collectNew();
    return process.memoryUsage().heapUsed < used && !hasCollected();
  });
  const hasCollected = watchCollections();
  await until(() => {
    collect();
    return hasCollected();
  });
  t.ok(hasCollected());
});

t.test('the function of V8 is not available to other code', async (t) => {
  exposeCollector();
  t.notOk('gc' in globalThis);
});
