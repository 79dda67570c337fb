import t from 'tap';
import { allowedProfiles, profileRefusals } from '../../src/authorities/allowed-profiles.ts';
import { builtInProfile } from '../../src/policy/built-in.ts';
import type { Authority } from '../../src/storage/ports.ts';

const authorityWith = (settings: Authority['settings']): Authority => ({
  id: '5d0b4f0e-7a5b-4f1e-9d3a-2f6c1b0a9e77',
  name: 'issuing-1',
  status: 'enabled',
  settings,
  createdAt: new Date(),
  revision: 1,
});

t.test('a list of profiles that is damaged in the database allows none', async (t) => {
  const profile = builtInProfile('tls');
  if (profile === undefined) throw new Error('The profile tls must exist');
  const refusals = (settings: Authority['settings']) =>
    profileRefusals(authorityWith(settings), profile).length;
  t.equal(refusals({}), 0);
  t.equal(refusals({ profiles: ['tls'] }), 0);
  for (const profiles of ['tls', { tls: true }, null, 1, [1], []]) t.equal(refusals({ profiles }), 1);
  t.same(allowedProfiles(authorityWith({ profiles: ['a', 1] })), ['a']);
});
