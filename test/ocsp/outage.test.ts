/** What the responder does while a part of the service cannot be used, or is wrong. */

import t from 'tap';
import { RefusedError } from '../../src/ocsp/ports.ts';
import { createAuthority, issueCertificate, ocspRequest, revoke } from '../support/ocsp.ts';
import { ask, breakable, HOUR, NONCE, openResponder, settableClock, statusOf } from '../support/responder.ts';

t.test('without the store, signed responses are sent until they end', async (t) => {
  const { clock, advance } = settableClock();
  const { change, set } = breakable(['serialStatus', 'revocationRevision', 'listAuthorities']);
  const opened = await openResponder(t, { clock, change });
  const root = await createAuthority(opened, 'root');
  const [known, other] = [await issueCertificate(opened, 'root'), await issueCertificate(opened, 'root')];
  const request = ocspRequest(root, [known.serial]);
  await ask(opened, request);
  set(true);
  for (const hours of [0, 7]) {
    advance(hours * HOUR);
    t.equal(await statusOf(opened, request), 'good');
  }
  t.equal(await statusOf(opened, ocspRequest(root, [other.serial])), 'tryLater');
  t.equal(await statusOf(opened, ocspRequest(root, [known.serial], { nonce: NONCE })), 'tryLater');
  advance(6 * HOUR);
  t.equal(await statusOf(opened, request), 'tryLater', 'after nextUpdate');
  set(false);
  t.equal(await statusOf(opened, request), 'good');
  t.same(opened.failures, []);
});

t.test('a revocation that was acknowledged is not denied while the store is away', async (t) => {
  const { change, set } = breakable(['serialStatus', 'revocationRevision']);
  const opened = await openResponder(t, { change });
  const root = await createAuthority(opened, 'root');
  const [revoked, other] = [await issueCertificate(opened, 'root'), await issueCertificate(opened, 'root')];
  const request = ocspRequest(root, [revoked.serial]);
  for (const { serial } of [revoked, other]) await ask(opened, ocspRequest(root, [serial]));
  await revoke(opened, revoked);
  set(true);
  for (let i = 0; i < 2; i += 1) {
    t.equal(await statusOf(opened, request), 'tryLater');
    t.equal(await statusOf(opened, ocspRequest(root, [other.serial])), 'good');
  }
  set(false);
  t.equal(await statusOf(opened, request), 'revoked');
});

t.test('a clock that steps back lowers no thisUpdate', async (t) => {
  const { clock, advance } = settableClock();
  const opened = await openResponder(t, { clock });
  const root = await createAuthority(opened, 'root');
  const { serial } = await issueCertificate(opened, 'root');
  const request = ocspRequest(root, [serial], { nonce: NONCE });
  const thisUpdate = async () => {
    const { data } = await ask(opened, request);
    return Buffer.from(data?.responses[0]?.thisUpdate.contents ?? []).toString();
  };
  const first = await thisUpdate();
  advance(-2 * HOUR);
  t.equal(await thisUpdate(), first);
  advance(3 * HOUR);
  t.ok((await thisUpdate()) > first);
});

t.test('what may not be signed now is tryLater, and what is signed is sent', async (t) => {
  const opened = await openResponder(t);
  const root = await createAuthority(opened, 'root');
  const { serial } = await issueCertificate(opened, 'root');
  const refuse = async () => {
    throw new RefusedError();
  };
  const request = ocspRequest(root, [serial]);
  t.equal((await opened.responder.respond(request, refuse)).status, 'tryLater');
  await ask(opened, request);
  t.equal((await opened.responder.respond(request, refuse)).status, 'successful');
  const withNonce = ocspRequest(root, [serial], { nonce: NONCE });
  t.equal((await opened.responder.respond(withNonce, refuse)).status, 'tryLater');
});

t.test('a bug is internalError, and is reported', async (t) => {
  const opened = await openResponder(t, {
    change: () => ({ serialStatus: () => Promise.reject(new Error('a bug')) }),
  });
  const root = await createAuthority(opened, 'root');
  t.equal(await statusOf(opened, ocspRequest(root, [Uint8Array.of(1)])), 'internalError');
  t.match(opened.failures, [{ message: 'a bug' }]);
});
