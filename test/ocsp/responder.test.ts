/** What the responder says about certificates, and when it signs. */

import t, { type Test } from 'tap';
import { PkiError } from '../../src/base/errors.ts';
import { sequence } from '../../src/formats/der/writer.ts';
import { RefusedError, type OcspObserver } from '../../src/ocsp/ports.ts';
import type { OcspReply, OcspResponder } from '../../src/ocsp/responder.ts';
import type { Store } from '../../src/storage/ports.ts';
import { openAuthorities, order, TESTER, type TestAuthorities } from '../support/authorities.ts';
import { openDomain } from '../support/domain.ts';
import {
  createAuthority,
  issueCertificate,
  ocspRequest,
  readReply,
  revoke,
  type ReadReply,
} from '../support/ocsp.ts';
import { until } from '../support/until.ts';

const HOUR = 3_600_000;
const NONCE = Buffer.alloc(32, 1);

interface Opened extends TestAuthorities {
  readonly responder: OcspResponder;
  /** Signatures of responses so far. */
  readonly signatures: () => number;
  readonly sources: string[];
  readonly failures: unknown[];
}

type Given = Parameters<typeof openAuthorities>[2] & { readonly cacheLimit?: number };

const admit = async () => undefined;

async function open(t: Test, { cacheLimit = 1e6, ...given }: Given = {}): Promise<Opened> {
  const opened = await openAuthorities(t, await openDomain(t), given);
  let signatures = 0;
  const sources: string[] = [];
  const failures: unknown[] = [];
  const observer: OcspObserver = {
    replied: (_status, source) => void sources.push(source),
    stated: () => undefined,
    signed: () => void (signatures += 1),
    failed: (error) => void failures.push(error),
  };
  const responder = opened.createResponder({ signer: 'delegated', validity: 43_200, cacheLimit, observer });
  t.teardown(() => responder.close());
  return { ...opened, responder, signatures: () => signatures, sources, failures };
}

const derOf = (reply: OcspReply): Uint8Array =>
  reply.status === 'successful' ? reply.response.der : reply.der;

const ask = async ({ responder }: Opened, request: Uint8Array): Promise<ReadReply> =>
  readReply(derOf(await responder.respond(request, admit)));

const statusOf = async (opened: Opened, request: Uint8Array): Promise<string> => {
  const { status, statuses } = await ask(opened, request);
  return statuses[0] ?? status;
};

/** A clock that the test sets. */
function settableClock(start = Date.now()) {
  let now = start;
  return { clock: () => new Date(now), advance: (by: number) => void (now += by) };
}

/** Changes of the store that can be switched on and off. */
function breakable(methods: readonly (keyof Store)[]) {
  let isBroken = false;
  const change = (store: Store): Partial<Store> =>
    Object.fromEntries(
      methods.map((name) => [
        name,
        async (...input: readonly unknown[]) => {
          if (isBroken) throw new PkiError('store-unavailable', 'The store cannot be used');
          return (store[name] as (...input: readonly unknown[]) => unknown)(...input);
        },
      ]),
    );
  return { change, set: (value: boolean) => void (isBroken = value) };
}

t.test('a response without a nonce is signed once', async (t) => {
  const opened = await open(t);
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
  const opened = await open(t);
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
  const opened = await open(t);
  const root = await createAuthority(opened, 'root');
  const [one, two] = [await issueCertificate(opened, 'root'), await issueCertificate(opened, 'root')];
  const beside = await open(t, { beside: opened });
  for (const { serial } of [one, two]) t.equal(await statusOf(beside, ocspRequest(root, [serial])), 'good');
  await revoke(opened, one);
  await until(async () => (await statusOf(beside, ocspRequest(root, [one.serial]))) === 'revoked');
  const signatures = beside.signatures();
  t.equal(await statusOf(beside, ocspRequest(root, [two.serial])), 'good');
  t.equal(beside.signatures(), signatures, 'the same status under a new revision');
});

t.test('a response that was signed while its certificate was revoked is not sent again', async (t) => {
  const reading: (() => Promise<void>)[] = [];
  const opened = await open(t, {
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
  const opened = await open(t, {
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
  const opened = await open(t, { clock });
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

t.test('without the store, signed responses are sent until they end', async (t) => {
  const { clock, advance } = settableClock();
  const { change, set } = breakable(['serialStatus', 'revocationRevision', 'listAuthorities']);
  const opened = await open(t, { clock, change });
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
  const opened = await open(t, { change });
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
  const opened = await open(t, { clock });
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
  const opened = await open(t);
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
  const opened = await open(t, {
    change: () => ({ serialStatus: () => Promise.reject(new Error('a bug')) }),
  });
  const root = await createAuthority(opened, 'root');
  t.equal(await statusOf(opened, ocspRequest(root, [Uint8Array.of(1)])), 'internalError');
  t.match(opened.failures, [{ message: 'a bug' }]);
});

t.test('the memory has a limit', async (t) => {
  const opened = await open(t, { cacheLimit: 30_000 });
  const root = await createAuthority(opened, 'root');
  for (let i = 0; i < 8; i += 1)
    await ask(opened, ocspRequest(root, [(await issueCertificate(opened, 'root')).serial]));
  t.ok(opened.responder.cacheSize > 10_000 && opened.responder.cacheSize <= 30_000);
});

t.test('a request about certificates of two issuers is not authorized', async (t) => {
  const opened = await open(t);
  const [root, other] = [await createAuthority(opened, 'root'), await createAuthority(opened, 'other')];
  const [one, two] = [ocspRequest(root, [Uint8Array.of(1)]), ocspRequest(other, [Uint8Array.of(1)])];
  t.equal(await statusOf(opened, one), 'unknown');
  // Each has one Request, after three headers of two octets
  const mixed = sequence(sequence(sequence(one.subarray(6), two.subarray(6))));
  t.equal(await statusOf(opened, mixed), 'unauthorized');
  const same = sequence(sequence(sequence(one.subarray(6), one.subarray(6))));
  t.same((await ask(opened, same)).statuses, ['unknown', 'unknown']);
});
