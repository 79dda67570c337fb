/** A request that is repeated with its Idempotency-Key has one result. */

import { hash } from 'node:crypto';
import t from 'tap';
import { forgetOldKeys } from '../../src/authorities/idempotency.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { readCertificationRequest } from '../../src/x509/certification-request.ts';
import { asking } from '../ca/signing.ts';
import { authorityOrder, caller, openAuthorities, order, TESTER } from '../support/authorities.ts';
import { craftRequest, extension } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';

const domain = await openDomain(t);
const { keys } = domain;

const repeatable = (key: string, content = 'a', route = 'POST /root') => ({
  key,
  route,
  requestDigest: hash('sha256', content, 'buffer'),
});

const stored = await openAuthorities(t, domain);
const { use, authorities } = stored;
await use.create(authorityOrder('root'));

const count = async (): Promise<number> => (await stored.store.counts(new Date(), [])).certificates;

t.test('the second request gets the certificate of the first one', async (t) => {
  const key = await keys.generate('ml-dsa-44');
  const asked = {
    extensions: [...(asking('a.example').extensions ?? []), extension('2.5.29.15', true, '03 02 05 a0')],
  };
  const request = readCertificationRequest(checkDer(await craftRequest(key, asked)));
  const ask = () =>
    use.issue(order('root', { key: { from: 'csr', request }, repeatable: repeatable('one') }));
  const first = await ask();
  const before = await count();
  const { isReplay, ...second } = await ask();
  t.equal(isReplay, true, 'the second request is a replay');
  const { isReplay: _, key: __, ...expected } = first;
  t.same(second, expected, 'the whole result');
  t.same(second.ignoredExtensions, ['keyUsage']);
  t.equal(await count(), before);
});

t.test('a private key is not repeated', async (t) => {
  const ask = () => use.issue(order('root', { repeatable: repeatable('two') }));
  const first = await ask();
  const second = await ask();
  t.ok(first.key);
  t.equal(second.key, undefined);
  t.equal(second.id, first.id);
  t.match(second.notes, [{ code: 'private-key-not-repeated' }]);
});

t.test(
  'another request with the key is refused; the same key of another caller or route is another key',
  async (t) => {
    const { id } = await use.issue(order('root', { repeatable: repeatable('three') }));
    const refused = { code: 'idempotency-key-reused' };
    await t.rejects(use.issue(order('root', { repeatable: repeatable('three', 'b') })), refused);
    const elsewhere = await use.issue(order('root', { repeatable: repeatable('three', 'a', 'POST /other') }));
    t.notSame(elsewhere.id, id);
    const other = await authorities('other').issue(
      order('root', { caller: caller('other'), repeatable: repeatable('three') }),
    );
    t.notSame(other.id, id);
  },
);

t.test('two requests at the same time make one certificate', async (t) => {
  const before = await count();
  const ask = () => use.issue(order('root', { repeatable: repeatable('four') }));
  const outcomes = await Promise.allSettled(Array.from({ length: 4 }, ask));
  t.equal((await count()) - before, 1);
  const fulfilled = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.id] : []));
  t.equal(new Set(fulfilled).size, 1);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') t.match(outcome.reason, { code: 'idempotency-in-progress' });
});

t.test('a request that was refused can be repeated with the same key', async (t) => {
  const refused = order('root', { days: 0, repeatable: repeatable('five') });
  await t.rejects(use.issue(refused), { code: 'invalid-validity' });
  await t.resolves(use.issue(order('root', { repeatable: repeatable('five') })));
});

t.test('a request whose process was lost is run again after five minutes', async (t) => {
  const never = new Promise<never>(() => {});
  const hung = await openAuthorities(t, domain, {
    beside: stored,
    reached: (step) => (step === 'signed' ? never : undefined),
  });
  void hung.use.issue(order('root', { repeatable: repeatable('six') })).catch(() => {});
  const ask = (minutes: number) =>
    openAuthorities(t, domain, { beside: stored, clock: () => new Date(Date.now() + minutes * 60_000) });
  const [now, later] = [await ask(0), await ask(6)];
  while ((await now.leftReservations()).length === 0) await new Promise(setImmediate);
  await t.rejects(now.use.issue(order('root', { repeatable: repeatable('six') })), {
    code: 'idempotency-in-progress',
  });
  const again = await later.use.issue(order('root', { repeatable: repeatable('six') }));
  t.equal(again.isReplay, false);
  t.same(await now.leftReservations(), []);
});

t.test('an authority is created once', async (t) => {
  const create = (name: string, content = name) =>
    use.create(
      authorityOrder(name, { repeatable: repeatable(`create-${name}`, content, 'POST /authorities') }),
    );
  const first = await create('again');
  const second = await create('again');
  t.equal(second.authority.id, first.authority.id);
  t.equal(second.keys.length, 1);
  await t.rejects(create('again', 'other content'), { code: 'idempotency-key-reused' });
  await t.rejects(use.create(authorityOrder('AGAIN')), { code: 'authority-name-taken' });
  t.equal(TESTER.principal, 'tester');
});

t.test('old keys are forgotten in small parts', async (t) => {
  const results = [500, 500, 3];
  const limits: number[] = [];
  const forgetIdempotencyKeys = async ({ limit }: { readonly limit: number }) => {
    limits.push(limit);
    return results.shift() ?? 0;
  };
  await forgetOldKeys({ forgetIdempotencyKeys }, new Date());
  t.same(limits, [500, 500, 500]);
});
