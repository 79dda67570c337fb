import { randomUUID } from 'node:crypto';
import { createAuthority, event, issue, newAuthority, reservationOf } from '../samples.ts';
import { revocationOf } from './revocation.ts';
import type { Testing } from './testing.ts';

export function testRevokedKeys(test: Testing): void {
  test('a compromised key is reserved for no certificate', async (t, store) => {
    const key = await createAuthority(store);
    const [superseded, unproven, proven] = [
      await issue(store, key, { isKeyProven: true }),
      await issue(store, key, { isKeyProven: false }),
      await issue(store, key, { isKeyProven: true }),
    ];
    t.equal((await store.getCertificate(proven.id))?.isKeyProven, true);
    t.equal((await store.getCertificate(unproven.id))?.isKeyProven, false);
    t.notOk('isKeyProven' in ((await store.getCertificate((await issue(store, key)).id)) ?? {}));
    const outcomeFor = async ({ keyId }: { readonly keyId: Uint8Array }, principal = 'key:one') => {
      const { outcome } = await store.reserve(reservationOf(key, { keyId, principal }));
      t.equal(await store.isKeyCompromised({ keyId, principal }), outcome === 'key-compromised');
      return outcome;
    };
    const principal = 'key:one';
    await store.revoke(revocationOf(superseded.id, { reason: 4, principal }));
    for (const { id } of [unproven, proven]) await store.revoke(revocationOf(id, { principal }));
    t.equal(await outcomeFor(superseded), 'reserved');
    t.equal(await outcomeFor(proven), 'key-compromised');
    t.equal(await outcomeFor(proven, 'key:other'), 'key-compromised');
    t.equal(await outcomeFor(unproven), 'key-compromised');
    t.equal(await outcomeFor(unproven, 'key:other'), 'reserved', 'a principal cannot bar the key of another');
    const held = await issue(store, key);
    await store.revoke(revocationOf(held.id, { reason: 6 }));
    t.equal(await outcomeFor(held, 'key:other'), 'reserved');
    await store.revoke(revocationOf(held.id, { reason: 2, isOfficer: true }));
    t.equal(await outcomeFor(held, 'key:other'), 'key-compromised');
    const update = { id: key.authorityId, audit: event(), compromisedKeyId: superseded.keyId };
    await store.updateAuthority({ ...update, expectedRevision: 9 });
    t.equal(await outcomeFor(superseded), 'reserved', 'the update was refused');
    await store.updateAuthority(update);
    t.equal(await outcomeFor(superseded), 'key-compromised');
  });

  test('an authority never signs with a certificate that is revoked', async (t, store) => {
    const parent = await createAuthority(store);
    const certified = () => issue(store, parent, { isAuthority: true });
    const newBelow = ({ der }: { readonly der: Uint8Array }) => {
      const creation = newAuthority(randomUUID());
      return { ...creation, key: { ...creation.key, certificate: der } };
    };
    const statusOf = async (id: string) => (await store.getAuthority(id))?.status;

    const early = await certified();
    await store.revoke(revocationOf(early.id, { reason: 4 }));
    const created = newBelow(early);
    t.match(await store.createAuthority(created), { outcome: 'created', authority: { status: 'disabled' } });
    t.equal(await statusOf(created.authority.id), 'disabled');

    const late = await certified();
    const signing = newBelow(late);
    await store.createAuthority(signing);
    // The caller looked for its authority before it was stored
    await store.revoke(revocationOf(late.id, { reason: 4, disabling: [] }));
    t.match(await store.getAuthority(signing.authority.id), { status: 'disabled', revision: 2 });
    const enable = { id: signing.authority.id, status: 'enabled', audit: event() } as const;
    t.same(await store.updateAuthority(enable), { outcome: 'conflict' });

    const rotated = newBelow(await certified());
    const authorityId = rotated.authority.id;
    await store.createAuthority(rotated);
    const other = await certified();
    await store.revoke(revocationOf(other.id, { reason: 4 }));
    const { key } = newBelow(other);
    t.match(await store.addAuthorityKey({ authorityId, key, audit: event() }), {
      authority: { status: 'disabled' },
    });
    t.equal(await statusOf(authorityId), 'disabled');

    const waiting = newAuthority(randomUUID());
    const { certificate: _, ...pending } = waiting.key;
    const authority = { ...waiting.authority, status: 'pending' } as const;
    await store.createAuthority({ ...waiting, authority, key: { ...pending, state: 'pending' } });
    const imported = { keyId: waiting.key.id, certificate: other.der, chain: [], audit: event() };
    t.match(await store.importAuthorityCertificate(imported), { authority: { status: 'disabled' } });
    t.equal(await statusOf(authority.id), 'disabled');
    t.equal(await statusOf(parent.authorityId), 'enabled');
  });
}
