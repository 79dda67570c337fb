/** CRLs of stored authorities: OpenSSL checks them, for every kind of key; when they are published, and what they list. */

import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import { secondsAhead } from '../../../plugins/metrics/crl-metrics.ts';
import type { KeyAlgorithmName } from '../../../src/keys/key.ts';
import { readCertificateList } from '../../../src/x509/certificate-list.ts';
import { checkDer } from '../../../src/formats/der/strict.ts';
import { refuseRevoked } from '../../../src/revocation/own-revocations.ts';
import { PublishedIssuers } from '../../../src/revocation/published-issuers.ts';
import { readCertificate } from '../../../src/x509/certificate.ts';
import { createPublication } from '../../../src/revocation/pointers.ts';
import { authorityOrder, openAuthorities, order, rootAndIssuing, TESTER } from '../../support/authorities.ts';
import { activeKey, HOUR, opensslVerdict, openCrls, revoke } from '../../support/crl.ts';
import { openDomain } from '../../support/domain.ts';
import { opensslMissing } from '../../support/openssl.ts';
import { databaseIn } from '../../../src/storage/sqlite/files.ts';

const domain = await openDomain(t);
const DAY = 24 * HOUR;
const listOf = (der: Uint8Array) => readCertificateList(checkDer(der, { maxValues: 100_000 }));

const KINDS: readonly KeyAlgorithmName[] = [
  'ml-dsa-44',
  'ml-dsa-65',
  'ml-dsa-87',
  'rsa-2048',
  'ecdsa-p256',
  'ecdsa-p384',
  'ed25519',
];

for (const algorithm of KINDS)
  t.test(`OpenSSL finds good and revoked with CRLs of ${algorithm}`, { skip: opensslMissing }, async (t) => {
    const authorities = await openAuthorities(t, domain);
    const { use } = authorities;
    await use.create(authorityOrder('root', { algorithm }));
    await use.create(
      authorityOrder('issuing', { algorithm, issuer: { is: 'parent', reference: 'root' }, pathLength: 0 }),
    );
    const crls = openCrls(authorities);
    const [good, bad] = [await use.issue(order('issuing')), await use.issue(order('issuing'))];
    await revoke(authorities, bad.id);
    await crls.publisher.run();
    const keys = [(await activeKey(authorities, 'issuing')).key, (await activeKey(authorities, 'root')).key];
    const chain = keys.map(({ certificate }) => certificate ?? new Uint8Array());
    const lists = await Promise.all(keys.map((key) => crls.newest(key)));
    t.same(crls.errors, []);
    t.equal(await opensslVerdict({ certificate: good.certificate, chain, lists }), 'OK');
    t.equal(await opensslVerdict({ certificate: bad.certificate, chain, lists }), 'certificate revoked');
  });

t.test('a CRL is published at once, for each change, and at half of its life', async (t) => {
  let now = new Date();
  const authorities = await openAuthorities(t, domain, { clock: () => now });
  await authorities.use.create(authorityOrder('root'));
  const crls = openCrls(authorities, { periods: { delay: 10_000, validity: 48 * HOUR } });
  const after = async (milliseconds: number) => {
    now = new Date(now.getTime() + milliseconds);
    await crls.publisher.run();
    return crls.made.at(-1)?.number;
  };
  t.equal(await after(0), 1, 'the first');
  t.equal(await after(23 * HOUR), 1, 'there is nothing new');
  t.equal(await after(HOUR), 2, 'half of its life');
  const issued = await authorities.use.issue(order('root'));
  t.equal(await after(1000), 2, 'to issue changes nothing');
  await revoke(authorities, issued.id, 6, now);
  t.equal(await after(1000), 2, 'the last one is very new');
  const other = await authorities.use.issue(order('root'));
  await revoke(authorities, other.id, 1, now);
  t.equal(await after(5000), 3, 'both changes make one CRL');
  t.equal(crls.made.at(-1)?.entries, 2);
  await authorities.store.release({
    id: issued.id,
    at: now,
    audit: { at: now, action: 'certificate/release', outcome: 'success', principal: 'tester', details: {} },
  });
  t.equal(await after(10_000), 4);
  t.equal(crls.made.at(-1)?.entries, 1, 'a hold that ended is not listed');
  const audit = await authorities.store.searchAudit({ filter: { action: 'crl/publish' }, limit: 10 });
  t.same(
    audit.map(({ details }) => details.number),
    [4, 3, 2, 1],
  );
});

t.test('a clock that steps back lowers neither number nor thisUpdate', async (t) => {
  let now = new Date();
  const authorities = await openAuthorities(t, domain, { clock: () => now });
  await authorities.use.create(authorityOrder('root'));
  const issued = await authorities.use.issue(order('root'));
  const crls = openCrls(authorities);
  await crls.publisher.run();
  now = new Date(now.getTime() - 400 * DAY);
  await revoke(authorities, issued.id, 1, now);
  // Another process, which cannot wait for a lease that the clock of then made
  const later = openCrls(authorities);
  await later.publisher.run();
  const [first] = crls.made;
  const [second] = later.made;
  t.equal(second?.number, 2);
  t.same(second?.thisUpdate, first?.thisUpdate);
  t.equal(second?.entries, 1);
  const day = 86_400;
  t.equal(secondsAhead(later.checked.at(-1) ?? [], now) > 399 * day, true, 'a metric says so');
  now = new Date(now.getTime() + 401 * DAY);
  await later.publisher.run();
  t.ok((later.made.at(-1)?.thisUpdate ?? 0) > (first?.thisUpdate ?? 0), 'it is right again by itself');
  t.equal(secondsAhead(later.checked.at(-1) ?? [], now), 0);
});

t.test('an operator can lower thisUpdate in the database, as docs/crl.md says', async (t) => {
  const start = Date.now();
  let now = new Date(start + 10 * DAY);
  const authorities = await openAuthorities(t, domain, { clock: () => now });
  await authorities.use.create(authorityOrder('root'));
  const crls = openCrls(authorities);
  await crls.publisher.run();
  now = new Date(start);
  const database = new DatabaseSync(databaseIn(authorities.folder));
  const [statement = ''] = /UPDATE crls[^`]*/.exec(readFileSync('docs/crl.md', 'utf8')) ?? [];
  database.exec(statement.replace('NOW_IN_MILLISECONDS', String(start)));
  database.close();
  await crls.publisher.run();
  t.match(crls.made.at(-1), { number: 2, thisUpdate: new Date(Math.floor(start / 1000) * 1000) });
  t.same(crls.errors, []);
});

t.test('after a clock that was ahead, certificates that are still valid are listed', async (t) => {
  const start = new Date();
  let now = start;
  const authorities = await openAuthorities(t, domain, { clock: () => now });
  await authorities.use.create(authorityOrder('root'));
  const issued = await authorities.use.issue(order('root', { days: 3 }));
  now = new Date(start.getTime() + 10 * DAY);
  await openCrls(authorities).publisher.run();
  now = start;
  await revoke(authorities, issued.id, 1, now);
  const right = openCrls(authorities);
  await right.publisher.run();
  t.match(right.made, [{ number: 2, entries: 1 }]);
});

t.test('an entry stays until one CRL after the end of its certificate', async (t) => {
  let now = new Date();
  const authorities = await openAuthorities(t, domain, { clock: () => now });
  await authorities.use.create(authorityOrder('root'));
  const { key } = await activeKey(authorities, 'root');
  const crls = openCrls(authorities);
  const issued = await authorities.use.issue(order('root', { days: 3 }));
  await revoke(authorities, issued.id, 1, now);
  const entriesAfter = async (days: number) => {
    now = new Date(now.getTime() + days * DAY);
    await crls.publisher.run();
    return listOf(await crls.newest(key)).serialNumbers.size;
  };
  t.equal(await entriesAfter(0), 1);
  t.equal(await entriesAfter(2), 1);
  t.equal(await entriesAfter(2), 1, 'the first CRL after the end');
  t.equal(await entriesAfter(2), 0);
});

t.test('a retired key goes on signing the CRL of what it issued', { skip: opensslMissing }, async (t) => {
  const authorities = await openAuthorities(t, domain);
  const { use } = authorities;
  await use.create(authorityOrder('root'));
  const { key: old } = await activeKey(authorities, 'root');
  const before = await use.issue(order('root'));
  await use.rotate({
    authority: 'root',
    caller: TESTER,
    options: () => ({}),
    isAlgorithm: (name): name is KeyAlgorithmName => name === 'ml-dsa-44',
  });
  await use.setStatus({ authority: 'root', caller: TESTER, status: 'disabled' });
  await revoke(authorities, before.id);
  const crls = openCrls(authorities);
  await crls.publisher.run();
  t.same(crls.errors, []);
  t.equal(crls.made.length, 2, 'one for each key, also of an authority that is disabled');
  const chain = [old.certificate ?? new Uint8Array()];
  const lists = [await crls.newest(old)];
  t.equal(await opensslVerdict({ certificate: before.certificate, chain, lists }), 'certificate revoked');
});

t.test(
  'a CRL in parts: each certificate names its part, which repeats the name',
  { skip: opensslMissing },
  async (t) => {
    const publicUrl = 'http://pki.example.com';
    const publication = createPublication({ publicUrl, hasOcsp: false });
    const authorities = await openAuthorities(t, domain, { publication });
    const { use, store } = authorities;
    await use.create(authorityOrder('root'));
    const parent = { is: 'parent', reference: 'root' } as const;
    await use.create(authorityOrder('issuing', { crlShards: 3, issuer: parent }));
    const { key, authority } = await activeKey(authorities, 'issuing');
    const { key: rootKey } = await activeKey(authorities, 'root');
    t.same(authority.settings, { crl: { shards: 3, url: publicUrl } });
    const crls = openCrls(authorities);
    const issued = [];
    for (let i = 0; i < 8; i += 1) issued.push(await use.issue(order('issuing')));
    const pointers = { policies: [], ocsp: [], caIssuers: [], mustStaple: false };
    const crlDistributionPoints = ['http://cdn.example.com/elsewhere.crl'];
    const content = order('issuing').content();
    const own = { ...content, options: { pointers: { ...pointers, crlDistributionPoints } } };
    issued.unshift(await use.issue(order('issuing', { content: () => own })));
    for (const { id } of issued.slice(0, 4)) await revoke(authorities, id);
    await crls.publisher.run();
    const lists = await Promise.all(['0', '1', '2'].map((scope) => crls.newest(key, scope)));
    lists.push(await crls.newest(rootKey));
    const chain = [key, rootKey].map(({ certificate }) => certificate ?? new Uint8Array());
    for (const [i, { certificate }] of issued.entries())
      t.equal(await opensslVerdict({ certificate, chain, lists }), i < 4 ? 'certificate revoked' : 'OK');
    const later = await openAuthorities(t, domain, {
      beside: authorities,
      publication: createPublication({ publicUrl: undefined, hasOcsp: false }),
    });
    const { certificate: without } = await later.use.issue(order('issuing'));
    t.equal(await opensslVerdict({ certificate: without, chain, lists }), 'OK', 'without PUBLIC_URL too');
    const sources = { crls: crls.published, issuers: new PublishedIssuers(store) };
    for (const [i, { certificate }] of issued.entries()) {
      const check = refuseRevoked(sources, readCertificate(checkDer(certificate)));
      await (i < 4 ? t.rejects(check, { message: 'The certificate is revoked' }) : t.resolves(check));
    }
    t.equal(
      (await store.listCrls()).reduce((sum, { entries }) => sum + entries, 0),
      4,
    );
  },
);

t.test('replicas publish each number once', async (t) => {
  const authorities = await openAuthorities(t, domain);
  await rootAndIssuing(authorities);
  const replicas = [1, 2, 3].map(() => openCrls(authorities));
  for (let round = 0; round < 3; round += 1) {
    const { id } = await authorities.use.issue(order('issuing'));
    await revoke(authorities, id);
    await Promise.all(replicas.map(({ publisher }) => publisher.run()));
  }
  const { key } = await activeKey(authorities, 'issuing');
  const numbers = replicas
    .flatMap(({ made }) => made)
    .filter(({ authorityKeyId }) => authorityKeyId === key.id)
    .map(({ number }) => number);
  t.same(
    numbers.toSorted((a, b) => a - b),
    [1, 2, 3],
  );
  t.same(
    replicas.flatMap(({ errors }) => errors),
    [],
  );
  t.equal(replicas.filter(({ made }) => made.length > 0).length, 1, 'one has the lease');
});
