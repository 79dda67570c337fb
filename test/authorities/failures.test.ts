/** What fails while a certificate is issued: nothing that was not stored is returned, and no serial number is used twice. */

import t from 'tap';
import { BUILT_IN_POLICY } from '../../src/authorities/policy.ts';
import { ISSUANCE_STEPS, type IssuanceStep } from '../../src/authorities/steps.ts';
import { PkiError } from '../../src/base/errors.ts';
import { LintError } from '../../src/ca/prepared.ts';
import { SealedKeyStore } from '../../src/key-store/sealed-key-store.ts';
import { sealingKeyOf } from '../../src/key-store/sealing-key.ts';
import type { Signer } from '../../src/keys/key.ts';
import type { Store } from '../../src/storage/ports.ts';
import {
  authorityOrder,
  openAuthorities,
  order,
  TESTER,
  type TestAuthorities,
} from '../support/authorities.ts';
import { withSigner } from '../support/changed-signer.ts';
import { revoke } from '../support/crl.ts';
import { openDomain } from '../support/domain.ts';
import { signingWith } from '../support/kms.ts';
import { until } from '../support/until.ts';

const domain = await openDomain(t);

class Failpoint extends Error {
  override readonly name = 'Failpoint';
}

const stored = async ({ store }: TestAuthorities): Promise<number> =>
  (await store.counts(new Date(), [])).certificates;

const reasons = async ({ store }: TestAuthorities): Promise<readonly unknown[]> =>
  (await store.readAudit({ after: 0, limit: 100 }))
    .filter(({ action }) => action === 'certificate/abandon')
    .map(({ details }) => details['reason']);

t.test(
  'a failure at any step leaves a certificate that is stored, or a serial number that is abandoned',
  async (t) => {
    const failing: { step?: IssuanceStep | undefined } = {};
    const opened = await openAuthorities(t, domain, {
      reached(step) {
        if (step === failing.step) throw new Failpoint();
      },
    });
    await opened.use.create(authorityOrder('root'));
    for (const step of ISSUANCE_STEPS) {
      const before = await stored(opened);
      failing.step = step;
      await t.rejects(opened.use.issue(order('root')), Failpoint, step);
      failing.step = undefined;
      t.equal((await stored(opened)) - before, step === 'stored' ? 1 : 0, step);
      t.same(await opened.use.reservations('root'), [], `${step}: nothing is left open`);
    }
    t.same(await reasons(opened), ['Failpoint', 'Failpoint', 'Failpoint'], 'reserved, signed and compared');
    await t.resolves(opened.use.issue(order('root')));
  },
);

t.test(
  'a serial number that is revoked while it is signed is refused, and the request can be repeated',
  async (t) => {
    const closing: { step?: IssuanceStep | undefined } = {};
    const opened = await openAuthorities(t, domain, {
      async reached(step) {
        if (step !== closing.step) return;
        const [open] = await opened.store.listOpenReservations({
          before: new Date(Date.now() + 1000),
          limit: 1,
        });
        await revoke(opened, open?.id ?? '');
      },
    });
    await opened.use.create(authorityOrder('root'));
    for (const step of ['reserved', 'signed', 'compared'] as const) {
      const repeatable = { key: step, route: 'POST /root', requestDigest: new Uint8Array(32) };
      closing.step = step;
      await t.rejects(opened.use.issue(order('root', { repeatable })), { code: 'reservation-closed' }, step);
      closing.step = undefined;
      t.same(await opened.use.reservations('root'), [], `${step}: nothing is left open`);
      await t.resolves(opened.use.issue(order('root', { repeatable })), 'the Idempotency-Key is free again');
    }
    t.equal(await stored(opened), 3, 'the certificates of the repetitions');
  },
);

t.test(
  'a process that ends after any step leaves an open reservation, which the next one reports',
  async (t) => {
    const first = await openAuthorities(t, domain);
    await first.use.create(authorityOrder('root'));
    for (const [index, step] of (['reserved', 'signed', 'compared'] as const).entries()) {
      // Like a process that ends: nothing is called any more.
      const hung = await openAuthorities(t, domain, {
        beside: first,
        reached: (reached) => (reached === step ? new Promise<never>(() => {}) : undefined),
      });
      void hung.use.issue(order('root')).catch(() => {});
      const next = await openAuthorities(t, domain, { beside: first });
      await until(async () => (await next.leftReservations()).length > index);
      t.equal((await next.leftReservations()).length, index + 1, step);
      t.same(await next.use.reservations('root'), await next.leftReservations());
      await t.resolves(next.use.issue(order('root')));
    }
    t.equal(await stored(first), 3);
  },
);

t.test('a serial number that is in use is drawn again', async (t) => {
  const opened = await openAuthorities(t, domain, { random: repeating([1, 2, 2, 2, 3]) });
  await opened.use.create(authorityOrder('root'));
  const [first, second] = [await opened.use.issue(order('root')), await opened.use.issue(order('root'))];
  t.equal(first.serialNumber, '02'.repeat(20));
  t.equal(second.serialNumber, '03'.repeat(18) + '02'.repeat(2), 'the octets that choose the CRL stay');
  const stuck = await openAuthorities(t, domain, { beside: opened, random: repeating([2]) });
  await t.rejects(stuck.use.issue(order('root')), /all in use/);
});

/** Octets of these values, the last one again and again. */
const repeating = (values: readonly number[]) => {
  let used = 0;
  return (length: number): Uint8Array =>
    new Uint8Array(length).fill(values[Math.min(used++, values.length - 1)] ?? 1);
};

t.test(
  'a signature that is invalid, and content that changes while it is signed, are not returned',
  async (t) => {
    const rows: Readonly<Record<string, (signer: Signer) => Signer>> = {
      SignatureVerificationError: (signer) => signingWith(signer, () => signer.sign(Uint8Array.of(1))),
      // A fault in memory before the signature: the signature itself is valid.
      ContentMismatchError: (signer) =>
        signingWith(signer, (message) => {
          // In the serial number.
          message[15] = (message[15] ?? 0) ^ 1;
          return signer.sign(message);
        }),
    };
    const first = await openAuthorities(t, domain);
    await first.use.create(authorityOrder('root'));
    for (const [name, change] of Object.entries(rows)) {
      const opened = await openAuthorities(t, domain, {
        beside: first,
        keyStore: withSigner(domain.keys, change),
      });
      await t.rejects(opened.use.issue(order('root')), { name });
    }
    t.equal(await stored(first), 0);
    t.same(await reasons(first), Object.keys(rows));
  },
);

t.test('content that the linter refuses is not reserved', async (t) => {
  // A validity that ends before it starts.
  const opened = await openAuthorities(t, domain, {
    policy: {
      ...BUILT_IN_POLICY,
      async check({ validity }) {
        validity.notAfter.setTime(validity.notBefore.getTime() - 1000);
      },
    },
  });
  await opened.use.create(authorityOrder('root'));
  await t.rejects(opened.use.issue(order('root')), LintError);
  t.same(await reasons(opened), []);
  t.equal(await stored(opened), 0);
});

t.test('a policy refuses before anything is reserved', async (t) => {
  const opened = await openAuthorities(t, domain, {
    policy: {
      ...BUILT_IN_POLICY,
      async check({ subjectAltNames, principal, authority, profile }) {
        t.match(
          { principal, authority, profile },
          { principal: 'tester', authority: { name: 'root' }, profile: { name: 'end-entity' } },
        );
        if (subjectAltNames.some((name) => name.kind === 'DNS' && name.value === 'evil.example'))
          throw new PkiError('invalid-san', 'The name is not allowed', ['subjectAltNames']);
      },
    },
  });
  await opened.use.create(authorityOrder('root'));
  await t.rejects(opened.use.issue(order('root', { san: ['DNS:evil.example'] })), { code: 'invalid-san' });
  t.same(await reasons(opened), []);
  await t.resolves(opened.use.issue(order('root')));
});

const unavailable = (): Promise<never> =>
  Promise.reject(new PkiError('store-unavailable', 'The database cannot be written'));

t.test('a store that fails at any call fails the request, and it heals without a restart', async (t) => {
  const down = new Set<keyof Store>();
  const opened = await openAuthorities(t, domain, {
    change: (store) => ({
      reserve: (input) => (down.has('reserve') ? unavailable() : store.reserve(input)),
      complete: (input) => (down.has('complete') ? unavailable() : store.complete(input)),
      abandon: (input) => (down.has('abandon') ? unavailable() : store.abandon(input)),
    }),
  });
  await opened.use.create(authorityOrder('root'));
  for (const call of ['reserve', 'complete'] as const) {
    down.add(call);
    await t.rejects(opened.use.issue(order('root')), { code: 'store-unavailable' }, call);
    down.clear();
    await t.resolves(opened.use.issue(order('root')));
  }
  // Whether the certificate was stored is unknown to the process, so the reservation stays.
  t.equal((await opened.use.reservations('root')).length, 1);
});

t.test('an authority that another process disables or rotates is not used with its old state', async (t) => {
  const first = await openAuthorities(t, domain);
  await first.use.create(authorityOrder('root'));
  await first.use.issue(order('root'));
  const second = await openAuthorities(t, domain, { beside: first });
  const rotated = await second.use.rotate({
    authority: 'root',
    caller: TESTER,
    options: () => ({}),
    isAlgorithm: (name): name is 'ml-dsa-44' => name === 'ml-dsa-44',
  });
  const { issuerCertificate } = await first.use.issue(order('root'));
  t.same(issuerCertificate, rotated.keys.find(({ state }) => state === 'active')?.certificate);
  await second.use.setStatus({ authority: 'root', caller: TESTER, status: 'disabled' });
  await t.rejects(first.use.issue(order('root')), { code: 'authority-inactive' });
});

t.test('a sealed key of another sealing key is refused, reported, and tried again', async (t) => {
  const first = await openAuthorities(t, domain);
  await first.use.create(authorityOrder('root'));
  const keyStore = new SealedKeyStore({ keys: domain.keys, sealingKey: sealingKeyOf(Buffer.alloc(32, 9)) });
  const other = await openAuthorities(t, domain, { beside: first, keyStore });
  await other.warmUp();
  t.match(other.keyFaults(), [{ message: /neither KEY_ENCRYPTION_KEY_FILE nor/ }]);
  await t.rejects(other.use.issue(order('root')), { code: 'key-unavailable' });
  t.equal(other.faults.length, 2, 'reported each time');
  t.match(await other.use.show('root'), { authority: { status: 'enabled' } }, 'it can be read');
  await first.warmUp();
  t.same(first.keyFaults(), []);
});
