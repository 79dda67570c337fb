/** Whose CRLs are published: after the end of a CA, of CAs with the same name and key, and beside one that is damaged. */

import { randomUUID } from 'node:crypto';
import t from 'tap';
import { checkDer } from '../../../src/formats/der/strict.ts';
import { createReading } from '../../../src/formats/reading.ts';
import { findCrl } from '../../../src/revocation/crl/last-crl.ts';
import { refuseRevoked } from '../../../src/revocation/own-revocations.ts';
import { PublishedIssuers } from '../../../src/revocation/published-issuers.ts';
import { readCertificate } from '../../../src/x509/certificate.ts';
import { authorityOrder, openAuthorities, order, TESTER } from '../../support/authorities.ts';
import { craftCertificate } from '../../support/crafted.ts';
import { activeKey, HOUR, openCrls, revoke } from '../../support/crl.ts';
import { openDomain } from '../../support/domain.ts';

const domain = await openDomain(t);
const DAY = 24 * HOUR;

t.test('after the end of a CA, one more CRL is published, and the last one is served for good', async (t) => {
  const start = new Date();
  let now = start;
  const clock = () => now;
  const authorities = await openAuthorities(t, domain, { clock });
  const { use, store } = authorities;
  await use.create(authorityOrder('root', { days: 10 }));
  const { key } = await activeKey(authorities, 'root');
  const issued = await use.issue(order('root', { days: 10 }));
  await revoke(authorities, issued.id, 1, now);
  const checked: number[] = [];
  const crls = openCrls(authorities, { clock });
  const issuers = new PublishedIssuers(store);
  const find = () => findCrl({ crls: crls.published, issuers, clock }, key.id);
  const after = async (days: number) => {
    now = new Date(start.getTime() + days * DAY);
    await crls.publisher.run();
    crls.published.forget();
    checked.push(crls.checked.at(-1)?.length ?? -1);
    return crls.made.at(-1)?.number;
  };
  t.equal(await after(0), 1);
  t.equal(await after(8), 2);
  t.equal(await after(9.8), 3);
  t.equal(await after(10.1), 4, 'the end is past');
  t.equal(crls.made.at(-1)?.entries, 1, 'the certificate ended after the CRL before');
  t.equal(await after(11.5), 4);
  t.equal(await after(400), 4);
  t.same(checked, [1, 1, 1, 0, 0, 0], 'what is complete raises no alert');
  t.equal(await crls.published.find(key.id), 'ended');
  t.match(await find(), { number: 4 });
  now = start;
  t.match(await find(), { number: 4 });
  t.same(crls.errors, []);
});

t.test('a CRL that is too old is not served while its CA lives', async (t) => {
  let now = new Date();
  const clock = () => now;
  const authorities = await openAuthorities(t, domain, { clock });
  await authorities.use.create(authorityOrder('root', { days: 30 }));
  const { key } = await activeKey(authorities, 'root');
  const crls = openCrls(authorities, { clock });
  await crls.publisher.run();
  now = new Date(now.getTime() + 3 * DAY);
  const issuers = new PublishedIssuers(authorities.store);
  t.equal(await findCrl({ crls: crls.published, issuers, clock }, key.id), 'ended');
});

t.test('authorities with the same name and key list what is revoked of each', async (t) => {
  const authorities = await openAuthorities(t, domain);
  const { use } = authorities;
  const { keys } = domain;
  const signer = await keys.generate('ml-dsa-44');
  const certificate = readCertificate(checkDer(await craftCertificate(signer)));
  const content = async () => ({
    certificates: [certificate],
    reading: createReading({ isStrict: true }),
    key: await keys.importPrivateKey(checkDer(await signer.exportPkcs8())),
  });
  for (const name of ['one', 'two']) await use.import({ caller: TESTER, name, content });
  await use.create(authorityOrder('other'));
  const crls = openCrls(authorities);
  await crls.publisher.run();
  t.same(
    crls.made.map(({ entries }) => entries),
    [0, 0, 0],
  );
  for (const name of ['one', 'two']) await revoke(authorities, (await use.issue(order(name))).id);
  await crls.publisher.run();
  t.match(crls.made.slice(3), [
    { entries: 2, revision: 2 },
    { entries: 2, revision: 2 },
  ]);
  await crls.publisher.run();
  t.equal(crls.made.length, 5, 'there is nothing new');
  const issuers = new PublishedIssuers(authorities.store);
  const issued = readCertificate(checkDer((await use.issue(order('two'))).certificate));
  await t.resolves(refuseRevoked({ crls: crls.published, issuers }, issued));
  await revoke(
    authorities,
    (
      await authorities.store.searchCertificates({
        filter: { serial: issued.serialNumber },
        now: new Date(),
        order: 'newest-first',
        limit: 1,
      })
    )[0]?.id ?? '',
  );
  await crls.publisher.run();
  crls.published.forget();
  await t.rejects(refuseRevoked({ crls: crls.published, issuers }, issued), { message: /is revoked/ });
});

t.test('a CA certificate that is damaged in the store keeps no other CRL from being published', async (t) => {
  let damaged = '';
  const authorities = await openAuthorities(t, domain, {
    change: (store) => ({
      async listAuthorityKeys(id) {
        const keys = await store.listAuthorityKeys(id);
        return keys.map((key) => (key.id === damaged ? { ...key, certificate: new Uint8Array(7) } : key));
      },
    }),
  });
  await authorities.use.create(authorityOrder('bad'));
  await authorities.use.create(authorityOrder('good'));
  damaged = (await activeKey(authorities, 'bad')).key.id;
  const good = (await activeKey(authorities, 'good')).key.id;
  const crls = openCrls(authorities);
  for (let i = 0; i < 2; i += 1) await crls.publisher.run();
  t.match(crls.made, [{ authorityKeyId: good }]);
  t.equal(crls.made.length, 1);
  t.match(crls.errors, [{ message: new RegExp(`${damaged} in the store cannot be read`) }]);
  t.equal(crls.errors.length, 1, 'it is reported once');
  const issuers = new PublishedIssuers(authorities.store);
  t.same(
    [...(await issuers.all())].map(({ keyId }) => keyId),
    [good],
  );
});

t.test('an unknown id reads one key at most, and no text that is not an id reads any', async (t) => {
  const read: string[] = [];
  const authorities = await openAuthorities(t, domain, {
    change: (store) => ({
      async getAuthorityKey(id) {
        read.push(id);
        return store.getAuthorityKey(id);
      },
      listAuthorities: () => Promise.reject(new Error('Every authority is read')),
    }),
  });
  await authorities.use.create(authorityOrder('root'));
  const { key } = await activeKey(authorities, 'root');
  const issuers = new PublishedIssuers(authorities.store);
  for (const text of ['', 'root', `${key.id}-0`, key.id.toUpperCase()])
    t.equal(await issuers.find(text), undefined);
  t.same(read, []);
  const unknown = randomUUID();
  t.equal(await issuers.find(unknown), undefined);
  for (let i = 0; i < 2; i += 1) t.match(await issuers.find(key.id), { keyId: key.id });
  t.same(read, [unknown, key.id], 'a known one is read once');
});
