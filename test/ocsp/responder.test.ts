/** What the responder says about certificates, and when it signs. */

import t from 'tap';
import { PkiError } from '../../src/base/errors.ts';
import { sequence } from '../../src/formats/der/writer.ts';
import { order, TESTER } from '../support/authorities.ts';
import { createAuthority, issueCertificate, ocspRequest, revoke } from '../support/ocsp.ts';
import {
  admit,
  ask,
  derOf,
  HOUR,
  NONCE,
  openResponder,
  settableClock,
  statusOf,
} from '../support/responder.ts';
import { until } from '../support/until.ts';

t.test('a response without a nonce is signed once', async (t) => {
  const opened = await openResponder(t);
  const root = await createAuthority(opened, 'root');
  const { serial } = await issueCertificate(opened, 'root');
  const replies = await Promise.all(
    [1, 2, 3].map(() => opened.responder.respond(ocspRequest(root, [serial]), admit)),
  );
  t.equal(opened.signatures(), 1, 'also for requests at the same time');
  replies.push(await opened.responder.respond(ocspRequest(root, [serial]), admit));
  t.equal(new Set(replies.map((reply) => Buffer.from(derOf(reply)).toString('hex'))).size, 1);
  t.equal(opened.sources.at(-1), 'cache');
  await ask(opened, ocspRequest(root, [serial], { digest: 'sha1' }));
  t.equal(opened.signatures(), 2, 'another hash algorithm is another CertID');
  await ask(opened, ocspRequest(root, [serial], { nonce: NONCE }));
  await ask(opened, ocspRequest(root, [serial], { nonce: NONCE }));
  await ask(opened, ocspRequest(root, [serial, serial]));
  t.equal(opened.signatures(), 5);
});

t.test('a revocation, a hold and its release show in the next response', async (t) => {
  const opened = await openResponder(t);
  const root = await createAuthority(opened, 'root');
  const certificate = await issueCertificate(opened, 'root');
  const request = ocspRequest(root, [certificate.serial]);
  t.equal(await statusOf(opened, request), 'good');
  await revoke(opened, certificate, 6);
  t.equal(await statusOf(opened, request), 'revoked');
  const audit = {
    at: new Date(),
    action: 'certificate/release',
    outcome: 'success',
    principal: TESTER.principal,
    details: {},
  } as const;
  await opened.store.release({ id: certificate.id, at: new Date(), audit });
  t.equal(await statusOf(opened, request), 'good');
});

t.test('a revocation by another process shows soon, and other responses are not signed again', async (t) => {
  const opened = await openResponder(t);
  const root = await createAuthority(opened, 'root');
  const [one, two] = [await issueCertificate(opened, 'root'), await issueCertificate(opened, 'root')];
  const beside = await openResponder(t, { beside: opened });
  for (const { serial } of [one, two]) t.equal(await statusOf(beside, ocspRequest(root, [serial])), 'good');
  await revoke(opened, one);
  await until(async () => (await statusOf(beside, ocspRequest(root, [one.serial]))) === 'revoked');
  const signatures = beside.signatures();
  t.equal(await statusOf(beside, ocspRequest(root, [two.serial])), 'good');
  t.equal(beside.signatures(), signatures, 'the same status under a new revision');
});

t.test('a response that was signed while its certificate was revoked is not sent again', async (t) => {
  const reading: (() => Promise<void>)[] = [];
  const opened = await openResponder(t, {
    change: (store) => ({
      async serialStatus(query) {
        const status = await store.serialStatus(query);
        await reading.shift()?.();
        return status;
      },
    }),
  });
  const root = await createAuthority(opened, 'root');
  const certificate = await issueCertificate(opened, 'root');
  const request = ocspRequest(root, [certificate.serial]);
  reading.push(async () => void (await revoke(opened, certificate)));
  t.equal(await statusOf(opened, request), 'good', 'it was, when the request arrived');
  t.equal(await statusOf(opened, request), 'revoked');
});

t.test('what was never issued is unknown, and no memory is used for it', async (t) => {
  let ends = true;
  const opened = await openResponder(t, {
    reached(step) {
      if (!ends || step !== 'reserved') return;
      ends = false;
      throw new PkiError('store-unavailable', 'The store is not there any more');
    },
  });
  const root = await createAuthority(opened, 'root');
  await t.rejects(opened.use.issue(order('root')));
  const [reserved] = await opened.store.listOpenReservations({
    before: new Date(Date.now() + HOUR),
    limit: 5,
  });
  const before = opened.responder.cacheSize;
  for (const serial of [Uint8Array.of(1), Uint8Array.of(0x80), reserved?.serial ?? new Uint8Array()])
    t.equal(await statusOf(opened, ocspRequest(root, [serial])), 'unknown');
  t.equal(opened.responder.cacheSize, before);
});

t.test('a response is renewed after half of its life, and at its end at the latest', async (t) => {
  const { clock, advance } = settableClock();
  const opened = await openResponder(t, { clock });
  const root = await createAuthority(opened, 'root');
  const { serial } = await issueCertificate(opened, 'root');
  const request = ocspRequest(root, [serial]);
  await ask(opened, request);
  advance(5 * HOUR);
  await ask(opened, request);
  t.equal(opened.signatures(), 1);
  advance(2 * HOUR);
  await ask(opened, request);
  t.equal(opened.sources.at(-1), 'cache', 'the old one is sent meanwhile');
  await until(async () => opened.signatures() === 2);
  advance(13 * HOUR);
  await ask(opened, request);
  t.equal(opened.sources.at(-1), 'signed');
});

t.test('the memory has a limit', async (t) => {
  const opened = await openResponder(t, { cacheLimit: 30_000 });
  const root = await createAuthority(opened, 'root');
  for (let i = 0; i < 8; i += 1)
    await ask(opened, ocspRequest(root, [(await issueCertificate(opened, 'root')).serial]));
  t.ok(opened.responder.cacheSize > 10_000 && opened.responder.cacheSize <= 30_000);
});

t.test('a request about certificates of two issuers is not authorized', async (t) => {
  const opened = await openResponder(t);
  const [root, other] = [await createAuthority(opened, 'root'), await createAuthority(opened, 'other')];
  const [one, two] = [ocspRequest(root, [Uint8Array.of(1)]), ocspRequest(other, [Uint8Array.of(1)])];
  t.equal(await statusOf(opened, one), 'unknown');
  // Each has one Request, after three headers of two octets
  const mixed = sequence(sequence(sequence(one.subarray(6), two.subarray(6))));
  t.equal(await statusOf(opened, mixed), 'unauthorized');
  const same = sequence(sequence(sequence(one.subarray(6), one.subarray(6))));
  t.same((await ask(opened, same)).statuses, ['unknown', 'unknown']);
});

t.test('the statuses of many certificates are read one after another', async (t) => {
  let [running, most] = [0, 0];
  const opened = await openResponder(t, {
    change: (store) => ({
      async serialStatus(query) {
        running += 1;
        most = Math.max(most, running);
        const status = await store.serialStatus(query);
        running -= 1;
        return status;
      },
    }),
  });
  const root = await createAuthority(opened, 'root');
  const { serial } = await issueCertificate(opened, 'root');
  const serials = Array.from({ length: 100 }, (_, i) => (i === 50 ? serial : Uint8Array.of(1, i)));
  const { statuses } = await ask(opened, ocspRequest(root, serials));
  t.same([statuses.length, statuses.indexOf('good'), statuses.lastIndexOf('good')], [100, 50, 50]);
  t.equal(most, 1);
});
