/** The engine crashes while it signs a certificate: nothing is returned, and the next request is served. */

import type { Worker } from 'node:worker_threads';
import t, { type Test } from 'tap';
import { createCryptography } from '../../src/algorithms/cryptography.ts';
import { composeDomain, type Domain } from '../../src/domain.ts';
import { authorityOrder, openAuthorities, order } from '../support/authorities.ts';
import { withSigner } from '../support/changed-signer.ts';
import { openDomain } from '../support/domain.ts';

/** The engine in JavaScript, and its threads. Its self-test starts them. */
async function openThreads(
  t: Test,
): Promise<{ readonly domain: Domain; readonly threads: readonly Worker[] }> {
  const threads: Worker[] = [];
  const collect = (thread: Worker): void => void threads.push(thread);
  process.on('worker', collect);
  const domain = composeDomain(await createCryptography({ engine: 'noble' }));
  process.off('worker', collect);
  t.teardown(() => domain.close());
  return { domain, threads };
}

t.test('a thread of the engine that ends during a signature fails this request only', async (t) => {
  const { domain, threads } = await openThreads(t);
  const crashes = { next: false };
  const keyStore = withSigner(domain.keys, (signer) => ({
    ...signer,
    sign(message) {
      const signature = signer.sign(message);
      if (crashes.next) for (const thread of threads) void thread.terminate();
      crashes.next = false;
      return signature;
    },
  }));
  const { use, store } = await openAuthorities(t, { ...(await openDomain(t)), domain }, { keyStore });
  await use.create(authorityOrder('root'));
  t.ok(threads.length > 0);
  crashes.next = true;
  await t.rejects(use.issue(order('root')), {
    code: 'engine-unavailable',
    message: /lost a thread during the task; try again/,
  });
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
