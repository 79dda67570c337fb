/** The engine crashes while it signs a certificate: nothing is returned, and the next request is served. */

import type { Worker } from 'node:worker_threads';
import t, { type Test } from 'tap';
import { createCryptography } from '../../src/algorithms/cryptography.ts';
import { composeDomain, type Domain } from '../../src/domain.ts';
import { authorityOrder, openAuthorities, order } from '../support/authorities.ts';
import { withSigner } from '../support/changed-signer.ts';
import { openDomain } from '../support/domain.ts';
import { signingWith } from '../support/kms.ts';

/** The engine in JavaScript. A thread of it ends before it begins a task for which `isDue` returns true. */
async function openCrashing(t: Test, isDue: () => boolean): Promise<Domain> {
  const collect = (thread: Worker): void => {
    const post = thread.postMessage.bind(thread);
    thread.postMessage = (...message) => {
      if (isDue()) void thread.terminate();
      else post(...message);
    };
  };
  process.on('worker', collect);
  // The self-test starts the threads.
  const domain = composeDomain(await createCryptography({ engine: 'noble' }));
  process.off('worker', collect);
  t.teardown(() => domain.close());
  return domain;
}

t.test('a thread of the engine that ends during a signature fails this request only', async (t) => {
  const planned = { crashes: 0, signatures: 0 };
  const domain = await openCrashing(t, () => planned.signatures > 0 && planned.crashes-- > 0);
  const keyStore = withSigner(domain.keys, (signer) =>
    signingWith(signer, (message) => {
      planned.signatures += 1;
      return signer.sign(message).finally(() => (planned.signatures -= 1));
    }),
  );
  const { use, store } = await openAuthorities(t, { ...(await openDomain(t)), domain }, { keyStore });
  await use.create(authorityOrder('root'));
  planned.crashes = 1;
  await t.rejects(use.issue(order('root')), {
    code: 'engine-unavailable',
    message: /lost a thread during the task; try again/,
  });
  t.equal(planned.crashes, 0, 'a thread ended');
  t.equal((await store.counts(new Date(), [])).certificates, 0);
  t.same(await use.reservations('root'), [], 'the serial number is abandoned');
  const abandoned = (await store.readAudit({ after: 0, limit: 100 })).filter(
    ({ action }) => action === 'certificate/abandon',
  );
  t.match(abandoned, [{ details: { reason: 'engine-unavailable' } }]);
  await t.resolves(use.issue(order('root')));
  t.equal((await store.counts(new Date(), [])).certificates, 1);
  t.comment('T76: 1 crash: 1 request failed, 1 serial number abandoned, the next request served');
});
