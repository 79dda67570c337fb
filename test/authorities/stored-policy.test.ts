/** Stored profiles without HTTP: the audit chain, several processes, and presets that change on a day. */

import t from 'tap';
import type { ProfileOrder } from '../../src/authorities/profiles.ts';
import { PolicyViolationError } from '../../src/policy/policy-violation.ts';
import type { ProfileDocument } from '../../src/policy/document.ts';
import {
  authorityOrder,
  openAuthorities,
  order,
  TESTER,
  type TestAuthorities,
} from '../support/authorities.ts';
import { openDomain } from '../support/domain.ts';

const domain = await openDomain(t);

const profileOrder = (
  name: string,
  document: Partial<ProfileDocument> = {},
  expectedVersion?: number,
): ProfileOrder => ({
  caller: TESTER,
  name,
  document: () => ({ extends: 'tls', ...document }),
  expectedVersion,
});

const profilesOf = (stored: TestAuthorities) => stored.profiles(TESTER.principal);

async function issueWith(stored: TestAuthorities, name: string, given: Parameters<typeof order>[1] = {}) {
  const profile = await stored.use.profile(name);
  return stored.use.issue(order('root', { ...given, profile }));
}

/** The error of a task that fails. */
const refusal = (task: Promise<unknown>): Promise<unknown> => task.catch((error: unknown) => error);

t.test('the audit chain has each version, and the rules of each refusal', async (t) => {
  const stored = await openAuthorities(t, domain);
  await stored.use.create(authorityOrder('root'));
  await profilesOf(stored).write(profileOrder('web', { names: { dns: { allow: ['**.example.com'] } } }));
  await t.rejects(profilesOf(stored).write(profileOrder('web')), { code: 'profile-version-required' });
  const refused = issueWith(stored, 'web', { san: ['DNS:secret.example', 'DNS:b.example'] });
  await t.rejects(refused, PolicyViolationError);
  const records = await stored.store.readAudit({ after: 1, limit: 10 });
  t.match(records, [
    {
      action: 'profile/write',
      outcome: 'success',
      principal: 'tester',
      details: { profile: 'web', version: 1, sha256: /^[\da-f]{64}$/ },
    },
    {
      action: 'profile/write',
      outcome: 'refused',
      details: { code: 'profile-version-required', profile: 'web' },
    },
    {
      action: 'certificate/issue',
      outcome: 'refused',
      details: { code: 'policy-violation', profileVersion: 'web@1', rules: ['names.dns.allow'] },
    },
  ]);
  t.notMatch(JSON.stringify(records), 'secret.example', 'what was refused is not recorded');
  t.same(await stored.use.reservations('root'), [], 'nothing was reserved');
});

t.test('a version that another process writes counts at once', async (t) => {
  const first = await openAuthorities(t, domain);
  const second = await openAuthorities(t, domain, { beside: first });
  await first.use.create(authorityOrder('root'));
  await profilesOf(first).write(profileOrder('web'));
  const issued = await issueWith(second, 'web');
  t.match(issued, { profile: 'web', profileVersion: 1 });
  t.match(await first.store.getCertificate(issued.id), { profile: 'web', profileVersion: 1 });
  const old = await second.use.profile('web');
  await profilesOf(first).write(profileOrder('web', { enabled: false }, 1));
  t.match(await refusal(issueWith(second, 'web')), { profile: 'web@2', refusals: [{ rule: 'enabled' }] });
  await t.resolves(
    second.use.issue(order('root', { profile: old })),
    'an order keeps the version that it began with',
  );
});

t.test('of two processes that write the same version, one wins', async (t) => {
  const first = await openAuthorities(t, domain);
  const second = await openAuthorities(t, domain, { beside: first });
  await profilesOf(first).write(profileOrder('web'));
  for (let version = 1; version <= 5; version += 1) {
    const writes = await Promise.allSettled(
      [first, second].map((stored, index) =>
        profilesOf(stored).write(profileOrder('web', { description: `${index}` }, version)),
      ),
    );
    t.equal(writes.filter(({ status }) => status === 'fulfilled').length, 1);
    t.match(
      writes.find(({ status }) => status === 'rejected'),
      { reason: { code: 'profile-changed' } },
    );
  }
  t.match(await profilesOf(second).show('web'), { version: 6 });
});

t.test('the default and the limit of cabf-tls change on the day of the ballot', async (t) => {
  let now = new Date('2027-03-14T12:00:00Z');
  const stored = await openAuthorities(t, domain, { clock: () => now });
  await stored.use.create(authorityOrder('root'));
  await profilesOf(stored).write(profileOrder('public', { narrow: ['cabf-tls'] }));
  const daysOf = async () => {
    const { validity } = await issueWith(stored, 'public');
    return (validity.notAfter.getTime() - validity.notBefore.getTime() + 1000) / 86_400_000;
  };
  t.equal(await daysOf(), 200);
  now = new Date('2027-03-15T12:00:00Z');
  t.equal(await daysOf(), 100);
  t.match(await refusal(issueWith(stored, 'public', { days: 100 })), {
    refusals: [{ rule: 'cabf-tls.validity.maximum', path: ['days'] }],
  });
  await t.resolves(issueWith(stored, 'public', { days: 99 }));
});
