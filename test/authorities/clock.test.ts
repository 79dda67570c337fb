/** What an authority issues depends on the clock of the service. */

import t from 'tap';
import { createRevocations } from '../../src/revocation/revocations.ts';
import { authorityOrder, openAuthorities, order, TESTER } from '../support/authorities.ts';
import { openCrls } from '../support/crl.ts';
import { openDomain } from '../support/domain.ts';

const domain = await openDomain(t);

t.test('a clock that is behind the last certificate issues nothing', async (t) => {
  const first = await openAuthorities(t, domain);
  await first.use.create(authorityOrder('root'));
  await first.use.issue(order('root'));
  const clockAt = (minutes: number) =>
    openAuthorities(t, domain, {
      beside: first,
      clock: () => new Date(Date.now() + minutes * 60_000),
    });
  await t.resolves((await clockAt(-4)).use.issue(order('root')));
  await t.rejects((await clockAt(-6)).use.issue(order('root')), {
    code: 'clock-behind',
    message: /The clock is behind the last certificate/,
  });
  await t.rejects((await clockAt(-1440)).use.create(authorityOrder('other')), { code: 'clock-behind' });
  await t.resolves((await clockAt(10)).use.issue(order('root')));
  await t.rejects(
    first.use.issue(order('root')).then(async () => (await clockAt(0)).use.issue(order('root'))),
    { code: 'clock-behind' },
  );
});

t.test('a clock that is behind refuses no revocation', async (t) => {
  const first = await openAuthorities(t, domain);
  await first.use.create(authorityOrder('root'));
  const { id } = await first.use.issue(order('root'));
  const behind = await openAuthorities(t, domain, {
    beside: first,
    clock: () => new Date(Date.now() - 86_400_000),
  });
  const { principal } = TESTER;
  const revoker = { principal, revokesAll: false, requireAll() {} };
  const revocations = createRevocations(behind.context, principal, []);
  const reference = () => ({ by: 'id', id }) as const;
  await t.resolves(revocations.revoke({ revoker, reason: 'certificateHold', reference }));
  await t.resolves(revocations.release({ revoker, reference }));
  const compromise = { revoker, reason: 'keyCompromise', reference } as const;
  const right = createRevocations(first.context, principal, []);
  const ofToday = { ...compromise, invalidityDate: new Date(Date.now() - 3_600_000) };
  const ofTomorrow = { ...compromise, invalidityDate: new Date(Date.now() + 3_600_000) };
  await t.rejects(right.revoke(ofTomorrow), { code: 'invalid-revocation' });
  const { revocation } = await revocations.revoke(ofToday);
  t.ok(revocation.revokedAt < new Date(Date.now() - 3_600_000));
  const crls = openCrls(behind);
  await crls.publisher.run();
  t.match(crls.made, [{ entries: 1 }]);
  t.same(crls.errors, []);
});

t.test('an operator who corrected a clock that was ahead can issue again', async (t) => {
  const minutes = (count: number) => () => new Date(Date.now() + count * 60_000);
  const first = await openAuthorities(t, domain);
  await first.use.create(authorityOrder('root'));
  const ahead = await openAuthorities(t, domain, { beside: first, clock: minutes(1440) });
  await ahead.use.issue(order('root'));
  const corrected = await openAuthorities(t, domain, { beside: first });
  await t.rejects(corrected.use.issue(order('root')), { code: 'clock-behind' });
  const allowed = await openAuthorities(t, domain, { beside: first, allowClockBehind: true });
  await t.resolves(allowed.use.issue(order('root')));
  await t.resolves(allowed.use.create(authorityOrder('other')));
});

t.test('an authority that has expired or is not valid yet issues nothing', async (t) => {
  const first = await openAuthorities(t, domain);
  await first.use.create(authorityOrder('root', { days: 10 }));
  const later = await openAuthorities(t, domain, {
    beside: first,
    clock: () => new Date(Date.now() + 11 * 86_400_000),
  });
  await t.rejects(later.use.issue(order('root')), {
    code: 'unsuitable-issuer',
    message: /expired at/,
    path: [],
  });
  const earlier = await openAuthorities(t, domain, {
    beside: first,
    clock: () => new Date(Date.now() - 86_400_000),
  });
  await t.rejects(earlier.use.issue(order('root')), {
    code: 'unsuitable-issuer',
    message: /is not valid before/,
  });
});

t.test('an authority that issued stops when its certificate expires', async (t) => {
  let now = new Date();
  const { use } = await openAuthorities(t, domain, { clock: () => now });
  await use.create(authorityOrder('root', { days: 2 }));
  const short = { days: 1 };
  await t.resolves(use.issue(order('root', short)));
  await t.resolves(use.issue(order('root', short)), 'what was checked before is used again');
  now = new Date(now.getTime() + 3 * 86_400_000);
  await t.rejects(use.issue(order('root', short)), { code: 'unsuitable-issuer', message: /expired/ });
});
