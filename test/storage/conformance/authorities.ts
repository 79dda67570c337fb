import { randomUUID } from 'node:crypto';
import type { Testing } from './testing.ts';
import { createAuthority, event, newAuthority, NOW, octets, reservationOf } from '../samples.ts';

export function testAuthorities(test: Testing): void {
  test('an authority is read as it was created', async (t, store) => {
    const creation = newAuthority('Root One');
    const created = await store.createAuthority(creation);
    const authority = { ...creation.authority, revision: 1 };
    const key = { ...creation.key, authorityId: authority.id, generation: 1 };
    t.same(created, { outcome: 'created', authority, key });
    t.same(await store.getAuthority(authority.id), authority);
    t.same(await store.findAuthority('ROOT one'), authority, 'names ignore case');
    t.same(await store.listAuthorityKeys(authority.id), [key]);
    t.equal(await store.getAuthority(randomUUID()), undefined);
    t.equal(await store.findAuthority('Root'), undefined);
  });

  test('a name belongs to one authority, also at the same time', async (t, store) => {
    const results = await Promise.all(
      ['Root', 'ROOT', 'root'].map((name) => store.createAuthority(newAuthority(name))),
    );
    t.same(results.map(({ outcome }) => outcome).toSorted(), ['created', 'name-taken', 'name-taken']);
    const other = newAuthority('Other');
    const [existing] = await store.listAuthorities({ limit: 10 });
    t.same(
      await store.createAuthority({ ...other, authority: { ...other.authority, id: existing?.id ?? '' } }),
      {
        outcome: 'id-taken',
      },
    );
    t.equal((await store.auditHead()).sequence, 1, 'only what was created is recorded');
  });

  test('authorities are listed by name in pages', async (t, store) => {
    for (const name of ['b', 'D', 'a', 'C']) await store.createAuthority(newAuthority(name));
    const first = await store.listAuthorities({ limit: 3 });
    const second = await store.listAuthorities({ after: first.at(-1)?.name ?? '', limit: 3 });
    t.same(
      [...first, ...second].map(({ name }) => name),
      ['a', 'b', 'C', 'D'],
    );
  });

  test('a change needs the expected revision', async (t, store) => {
    const { authority } = newAuthority('Root');
    await store.createAuthority({ ...newAuthority('Root'), authority });
    const disable = { id: authority.id, status: 'disabled', audit: event('authority/disable') } as const;
    const changed = await store.updateAuthority({ ...disable, expectedRevision: 1 });
    t.same(changed, { outcome: 'changed', authority: { ...authority, status: 'disabled', revision: 2 } });
    t.same(await store.updateAuthority({ ...disable, expectedRevision: 1 }), { outcome: 'conflict' });
    t.same(await store.updateAuthority({ ...disable, id: randomUUID() }), { outcome: 'not-found' });
    const settings = { days: 30 };
    await store.updateAuthority({ id: authority.id, settings, audit: event() });
    t.match(await store.getAuthority(authority.id), { status: 'disabled', settings, revision: 3 });
    t.equal((await store.auditHead()).sequence, 3);
  });
}

export function testKeys(test: Testing): void {
  test('a pending authority becomes enabled by the import of its certificate', async (t, store) => {
    const { authority, key, audit } = newAuthority('Sub');
    const { certificate = octets(1), chain, ...others } = key;
    const pending = { ...others, state: 'pending', csr: octets(4000), chain: [] } as const;
    await store.createAuthority({ authority: { ...authority, status: 'pending' }, key: pending, audit });
    const enable = { id: authority.id, status: 'enabled', audit: event() } as const;
    t.same(await store.updateAuthority(enable), { outcome: 'conflict' });
    const imported = { keyId: key.id, certificate, chain, audit: event('authority/import') };
    t.match(await store.importAuthorityCertificate(imported), {
      outcome: 'changed',
      authority: { status: 'enabled' },
    });
    t.match(await store.listAuthorityKeys(authority.id), [
      { state: 'active', certificate, chain, csr: pending.csr },
    ]);
    t.same(await store.importAuthorityCertificate(imported), { outcome: 'conflict' });
    t.same(await store.importAuthorityCertificate({ ...imported, keyId: 'none' }), { outcome: 'not-found' });
  });

  test('a new active key retires the former one, which cannot reserve any more', async (t, store) => {
    const first = await createAuthority(store);
    const { key } = newAuthority('unused');
    const addition = { authorityId: first.authorityId, key, audit: event('authority/rotate') };
    t.match(await store.addAuthorityKey(addition), { outcome: 'changed', authority: { revision: 2 } });
    t.match(await store.listAuthorityKeys(first.authorityId), [
      { id: key.id, generation: 2, state: 'active' },
      { id: first.authorityKeyId, generation: 1, state: 'retired' },
    ]);
    t.same(await store.addAuthorityKey(addition), { outcome: 'conflict' }, 'its id is in use');
    t.same(await store.reserve(reservationOf(first)), { outcome: 'authority-unavailable' });
    t.same(await store.reserve(reservationOf({ ...first, authorityKeyId: key.id })), { outcome: 'reserved' });
  });

  test('a sealed key is replaced only if it is the expected one', async (t, store) => {
    const creation = newAuthority('Root');
    await store.createAuthority(creation);
    const expected = creation.key.sealed ?? octets(1);
    const sealed = octets(92);
    const resealing = { keyId: creation.key.id, expected, sealed, audit: event('key/reseal') };
    t.match(await store.reseal(resealing), { outcome: 'changed', authority: { id: creation.authority.id } });
    t.same(await store.reseal(resealing), { outcome: 'conflict' });
    t.same(await store.reseal({ ...resealing, keyId: 'none' }), { outcome: 'not-found' });
    t.match(await store.listSealedKeys({ limit: 10 }), [{ id: creation.key.id, sealed }]);
    t.same(await store.listSealedKeys({ limit: 10, after: creation.key.id }), []);
  });

  test('a key without a sealed form has a reference', async (t, store) => {
    const creation = newAuthority('Kms');
    const { sealed, ...key } = { ...creation.key, keyReference: 'pkcs11:object=one' };
    t.ok(sealed);
    await store.createAuthority({ ...creation, key });
    t.same(await store.listSealedKeys({ limit: 10 }), []);
    const [stored] = await store.listAuthorityKeys(creation.authority.id);
    t.equal(stored?.keyReference, 'pkcs11:object=one');
    t.notOk('sealed' in (stored ?? {}));
  });
}

export function testProfiles(test: Testing): void {
  test('profiles have versions that never change', async (t, store) => {
    const versionOf = (version: number, name = 'Server') => ({
      profile: { name, version, document: { days: version }, createdAt: NOW, createdBy: 'key:one' },
      audit: event('profile/write'),
    });
    t.equal(await store.addProfileVersion(versionOf(1)), 'added');
    t.equal(await store.addProfileVersion(versionOf(1)), 'conflict');
    t.equal(await store.addProfileVersion(versionOf(3)), 'conflict');
    const both = await Promise.all(
      [versionOf(2), versionOf(2)].map((addition) => store.addProfileVersion(addition)),
    );
    t.same(both.toSorted(), ['added', 'conflict']);
    await store.addProfileVersion(versionOf(1, 'client'));
    t.same(await store.getProfile('SERVER'), versionOf(2).profile);
    t.same(await store.getProfile('server', 1), versionOf(1).profile);
    t.equal(await store.getProfile('server', 3), undefined);
    t.equal(await store.getProfile('none'), undefined);
    const names = (await store.listProfiles({ limit: 5 })).map(({ name, version }) => `${name} ${version}`);
    t.same(names, ['client 1', 'Server 2']);
    t.match(await store.listProfiles({ limit: 5, after: 'client' }), [{ name: 'Server' }]);
    t.equal((await store.auditHead()).sequence, 3);
  });
}
