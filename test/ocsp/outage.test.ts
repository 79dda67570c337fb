/** What the responder does while a part of the service cannot be used, or is wrong. */

import t from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { KnownRequests } from '../../src/ocsp/known-requests.ts';
import { RefusedError, type IssuerKey } from '../../src/ocsp/ports.ts';
import { createAuthority, issueCertificate, ocspRequest, revoke } from '../support/ocsp.ts';
import { ask, breakable, HOUR, NONCE, openResponder, settableClock, statusOf } from '../support/responder.ts';
import { until } from '../support/until.ts';

const DAY = 24 * HOUR;

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
  await until(async () => (await statusOf(opened, request)) === 'good' && opened.responder.isStoreFaulty);
  t.equal(await statusOf(opened, ocspRequest(root, [other.serial])), 'tryLater');
  t.equal(await statusOf(opened, ocspRequest(root, [known.serial], { nonce: NONCE })), 'tryLater');
  advance(6 * HOUR);
  t.equal(await statusOf(opened, request), 'tryLater', 'after nextUpdate');
  set(false);
  t.equal(await statusOf(opened, request), 'good');
  await until(async () => (await statusOf(opened, request)) === 'good' && !opened.responder.isStoreFaulty);
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

t.test('after a clock that was ahead, responses are signed, and the operator learns it once', async (t) => {
  const { clock, advance } = settableClock();
  const opened = await openResponder(t, { clock });
  const root = await createAuthority(opened, 'root');
  const { serial } = await issueCertificate(opened, 'root');
  const request = ocspRequest(root, [serial], { nonce: NONCE });
  const read = async () => {
    const { data, certificates } = await ask(opened, request);
    const thisUpdate = Buffer.from(data?.responses[0]?.thisUpdate.contents ?? []).toString();
    return { thisUpdate, isDelegated: certificates.length > 0 };
  };
  advance(10 * DAY);
  const ahead = await read();
  t.same([ahead.isDelegated, opened.responder.ahead, opened.aheads], [true, 0, []]);
  advance(-10 * DAY);
  for (let i = 0; i < 3; i += 1) t.equal((await read()).thisUpdate, ahead.thisUpdate);
  t.ok(opened.responder.ahead > 9 * 86_400);
  t.match(opened.aheads, [Number]);
  advance(5 * DAY);
  t.equal((await read()).thisUpdate, ahead.thisUpdate);
  advance(6 * DAY);
  const after = await read();
  t.ok(after.thisUpdate > ahead.thisUpdate, 'it is right again by itself');
  t.ok(after.isDelegated);
  t.equal(opened.aheads.length, 2);
  t.equal(opened.aheads.at(-1), 0);
  t.same(opened.failures, []);
});

t.test(
  'after a clock that was ahead, the delegate ends before thisUpdate: the authority signs',
  async (t) => {
    const { clock, advance } = settableClock();
    const opened = await openResponder(t, { clock, allowClockBehind: true });
    const root = await createAuthority(opened, 'root');
    const { serial } = await issueCertificate(opened, 'root');
    const request = ocspRequest(root, [serial], { nonce: NONCE });
    t.equal((await ask(opened, request)).certificates.length, 1);
    const other = await createAuthority(opened, 'other');
    advance(10 * DAY);
    await ask(opened, ocspRequest(other, [Uint8Array.of(1)]));
    advance(-10 * DAY);
    const { statuses, certificates } = await ask(opened, request);
    t.same([statuses, certificates.length], [['good'], 0]);
    t.same(opened.failures, []);
  },
);

t.test('while the clock is behind, the authority signs what no delegate can', async (t) => {
  const { clock, advance } = settableClock();
  const opened = await openResponder(t, { clock });
  const root = await createAuthority(opened, 'root');
  const { serial } = await issueCertificate(opened, 'root');
  advance(-HOUR);
  const { statuses, certificates } = await ask(opened, ocspRequest(root, [serial]));
  t.same([statuses, certificates.length], [['good'], 0]);
});

t.test('a CA certificate that is damaged in the store stops no other issuer', async (t) => {
  let damaged = '';
  const opened = await openResponder(t, {
    change: (store) => ({
      async listAuthorityKeys(id) {
        const keys = await store.listAuthorityKeys(id);
        return keys.map((key) => (key.id === damaged ? { ...key, certificate: new Uint8Array(7) } : key));
      },
    }),
  });
  const [bad, good] = [await createAuthority(opened, 'bad'), await createAuthority(opened, 'good')];
  const [one, two] = [await issueCertificate(opened, 'bad'), await issueCertificate(opened, 'good')];
  damaged = bad.keyId;
  t.equal(await statusOf(opened, ocspRequest(good, [two.serial])), 'good');
  t.equal(await statusOf(opened, ocspRequest(bad, [one.serial])), 'unauthorized');
  t.match(opened.failures, [{ message: new RegExp(`${damaged} in the store cannot be read`) }]);
});

t.test('a bug while a response is renewed is reported', async (t) => {
  const { clock, advance } = settableClock();
  let isBroken = false;
  const opened = await openResponder(t, {
    clock,
    change: (store) => ({
      async serialStatus(query) {
        if (isBroken) throw new Error('a bug');
        return store.serialStatus(query);
      },
    }),
  });
  const root = await createAuthority(opened, 'root');
  const request = ocspRequest(root, [(await issueCertificate(opened, 'root')).serial]);
  await ask(opened, request);
  advance(7 * HOUR);
  isBroken = true;
  t.equal(await statusOf(opened, request), 'good');
  await until(async () => opened.failures.length === 1);
});

t.test('a request that is remembered keeps no large buffer in memory', (t) => {
  const pool = Buffer.alloc(65_536);
  const octets = pool.subarray(100, 130);
  const known = new KnownRequests();
  const view = new Uint8Array(pool.buffer, 100, 20);
  const certId = {
    encoding: checkDer(Uint8Array.of(5, 0)),
    digest: 'sha256',
    issuerNameHash: view,
    issuerKeyHash: view,
    serialNumber: view,
  } as const;
  const issuer = {} as IssuerKey;
  known.set(octets, { issuer, certId });
  const kept = known.get(octets)?.certId;
  t.same(kept, certId);
  for (const member of [kept?.issuerNameHash, kept?.issuerKeyHash, kept?.serialNumber])
    t.equal(member?.buffer.byteLength, 20);
  t.end();
});
