/** Certificates that are revoked while responses about them are signed. */

import t from 'tap';
import { RefusedError } from '../../src/ocsp/ports.ts';
import {
  createAuthority,
  issueCertificate,
  ocspRequest,
  revoke,
  type TestCertificate,
} from '../support/ocsp.ts';
import { ask, HOUR, openResponder, settableClock, statusOf, type Opened } from '../support/responder.ts';
import { until } from '../support/until.ts';

/** Lets the call with this number wait after it has read: `isRead` resolves then, and `mayEnd` ends the wait. */
function pausedAt(number: number) {
  const [isRead, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let calls = 0;
  return {
    isRead: isRead.promise,
    mayEnd: () => mayEnd.resolve(),
    read: async <T>(value: Promise<T>): Promise<T> => {
      calls += 1;
      const call = calls;
      const result = await value;
      if (call !== number) return result;
      isRead.resolve();
      await mayEnd.promise;
      return result;
    },
  };
}

t.test('a request after a revocation does not get the response of an earlier request', async (t) => {
  const { isRead, mayEnd, read } = pausedAt(1);
  const opened = await openResponder(t, {
    change: (store) => ({ serialStatus: (query) => read(store.serialStatus(query)) }),
  });
  const root = await createAuthority(opened, 'root');
  const certificate = await issueCertificate(opened, 'root');
  const request = ocspRequest(root, [certificate.serial]);
  const before = statusOf(opened, request);
  await isRead;
  await revoke(opened, certificate);
  const after = statusOf(opened, request);
  // When this one is signed, the one before it has long begun to wait for whatever it waits for
  await ask(opened, ocspRequest(root, [certificate.serial, certificate.serial]));
  mayEnd();
  t.equal(await after, 'revoked');
  t.equal(await before, 'revoked', 'the newer response is sent to the earlier request too');
  t.equal(await statusOf(opened, request), 'revoked');
});

t.test('a revision that was read before a revocation does not replace a newer one', async (t) => {
  const { isRead, mayEnd, read } = pausedAt(2);
  const opened = await openResponder(t, {
    change: (store) => ({ revocationRevision: (keyId) => read(store.revocationRevision(keyId)) }),
  });
  const root = await createAuthority(opened, 'root');
  const [one, two] = [await issueCertificate(opened, 'root'), await issueCertificate(opened, 'root')];
  // Both are the first about this authority, so each reads the revision
  const [first, second] = [one, two].map(({ serial }) => statusOf(opened, ocspRequest(root, [serial])));
  t.equal(await first, 'good');
  await isRead;
  await revoke(opened, one);
  mayEnd();
  t.equal(await second, 'good');
  t.equal(await statusOf(opened, ocspRequest(root, [one.serial])), 'revoked');
});

t.test('a revocation while the key of the responder is made shows in the response', async (t) => {
  let certificate: TestCertificate | undefined;
  const opened: Opened = await openResponder(t, {
    async reached(step) {
      const revoked = certificate;
      if (step !== 'stored' || revoked === undefined) return;
      certificate = undefined;
      await revoke(opened, revoked);
    },
  });
  const root = await createAuthority(opened, 'root');
  certificate = await issueCertificate(opened, 'root');
  t.equal(await statusOf(opened, ocspRequest(root, [certificate.serial])), 'revoked');
});

t.test('a client that has no share left refuses no response to those that wait with it', async (t) => {
  const opened = await openResponder(t);
  const root = await createAuthority(opened, 'root');
  const request = ocspRequest(root, [(await issueCertificate(opened, 'root')).serial]);
  const mayEnd = Promise.withResolvers<void>();
  const refuse = async () => {
    await mayEnd.promise;
    throw new RefusedError();
  };
  let admitted = 0;
  const admitOne = async () => void (admitted += 1);
  const replies = [
    opened.responder.respond(request, refuse),
    opened.responder.respond(request, admitOne),
    opened.responder.respond(request, refuse),
    opened.responder.respond(request, admitOne),
  ];
  mayEnd.resolve();
  const statuses = (await Promise.all(replies)).map(({ status }) => status);
  t.same(statuses, ['tryLater', 'successful', 'successful', 'successful']);
  t.same([admitted, opened.signatures()], [1, 1], 'one signature, and one client is counted');
});

t.test('an older response does not replace a newer one', async (t) => {
  const { clock, advance } = settableClock();
  // The first call signs the first response
  const { isRead, mayEnd, read } = pausedAt(2);
  const opened = await openResponder(t, {
    clock,
    change: (store) => ({ serialStatus: (query) => read(store.serialStatus(query)) }),
  });
  const root = await createAuthority(opened, 'root');
  const [known, other] = [await issueCertificate(opened, 'root'), await issueCertificate(opened, 'root')];
  const request = ocspRequest(root, [known.serial]);
  const thisUpdate = async () => {
    const { data } = await ask(opened, request);
    return Buffer.from(data?.responses[0]?.thisUpdate.contents ?? []).toString();
  };
  const first = await thisUpdate();
  await revoke(opened, other);
  advance(7 * HOUR);
  const slow = thisUpdate();
  await isRead;
  t.equal(await thisUpdate(), first, 'a newer one is signed meanwhile');
  await until(async () => (await thisUpdate()) > first);
  mayEnd();
  t.ok((await slow) > first);
  t.ok((await thisUpdate()) > first);
});
