/** Client certificates of stored authorities are checked with the CRLs in memory. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { storeUnavailable } from '../../src/storage/unavailable.ts';
import { PublishedIssuers } from '../../src/revocation/published-issuers.ts';
import { refuseRevoked } from '../../src/revocation/own-revocations.ts';
import { readCertificate, type Certificate } from '../../src/x509/certificate.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { openAuthorities, order, rootAndIssuing } from '../support/authorities.ts';
import { certify, createCa } from '../support/client-authority.ts';
import { activeKey, openCrls, revoke } from '../support/crl.ts';
import { openDomain } from '../support/domain.ts';
import { opensslMissing } from '../support/openssl.ts';
import { startApp } from '../support/service.ts';
import { succeeding } from '../support/until.ts';

const read = (der: Uint8Array): Certificate => readCertificate(checkDer(der));

t.test('good, revoked, revoked above, and not current', async (t) => {
  let now = new Date();
  const authorities = await openAuthorities(t, await openDomain(t), { clock: () => now });
  await rootAndIssuing(authorities);
  const { use, store } = authorities;
  const { published, publisher } = openCrls(authorities);
  const sources = { crls: published, issuers: new PublishedIssuers(store) };
  const [good, bad] = [await use.issue(order('issuing')), await use.issue(order('issuing'))];
  const check = (der: Uint8Array) => refuseRevoked(sources, read(der));
  const publish = async () => {
    await publisher.run();
    published.forget();
  };
  await t.rejects(check(good.certificate), /its CRL is not current/);
  await revoke(authorities, bad.id, 1, now);
  await publish();
  await t.resolves(check(good.certificate));
  await t.rejects(check(bad.certificate), /^The certificate is revoked$/);
  const { key } = await activeKey(authorities, 'root');
  await t.resolves(check(key.certificate ?? new Uint8Array()), 'a root has no CRL about itself');
  const [issuing] = (await use.show('issuing')).keys;
  const serial = issuing?.certificate && read(issuing.certificate).serialNumber;
  const own = serial && (await store.findCertificate(key.authorityId, serial));
  await revoke(authorities, own?.id ?? '', 2, now);
  await publish();
  await t.rejects(check(good.certificate), /^A CA certificate above it is revoked$/);
  now = new Date(now.getTime() + 400 * 86_400_000);
  await t.rejects(check(good.certificate), /its CRL is not current/);
});

t.test('no certificate passes before the authorities were read from the store', async (t) => {
  const authorities = await openAuthorities(t, await openDomain(t));
  await rootAndIssuing(authorities);
  const { published: crls, publisher } = openCrls(authorities);
  await publisher.run();
  const { certificate } = await authorities.use.issue(order('issuing'));
  const away = { listAuthorities: () => Promise.reject(storeUnavailable('cannot be reached')) };
  const never = new PublishedIssuers({ ...authorities.store, ...away });
  await t.rejects(refuseRevoked({ crls, issuers: never }, read(certificate)), { code: 'store-unavailable' });
  const issuers = new PublishedIssuers(authorities.store);
  await t.resolves(refuseRevoked({ crls, issuers }, read(certificate)));
});

t.test('a certificate of another CA passes', { skip: opensslMissing }, async (t) => {
  const authorities = await openAuthorities(t, await openDomain(t));
  const sources = { crls: openCrls(authorities).published, issuers: new PublishedIssuers(authorities.store) };
  const other = await certify({}, await createCa());
  const der = Buffer.from(other.cert.replaceAll(/-----[^-]+-----/g, ''), 'base64');
  await t.resolves(refuseRevoked(sources, read(der)));
});

t.test('a client whose certificate is revoked is rejected without a file', async (t) => {
  const folder = t.testdir({});
  const DATA_DIR = join(folder, 'data');
  const first = await startApp(t, { DATA_DIR });
  const post = (url: string, payload: object) =>
    succeeding(async () => {
      const reply = await first.inject({ method: 'POST', url: `/api/v1/authorities${url}`, payload });
      if (reply.statusCode !== 201) throw new Error(reply.body);
      return reply.json();
    });
  const made = await post('', { name: 'root', subject: '/CN=Root', key_algorithm: 'ecdsa-p256' });
  const client = await post('/root/certificates', {
    subject: '/CN=client',
    profile: 'tls-client',
    key_algorithm: 'ecdsa-p256',
  });
  await first.close();
  mkdirSync(join(folder, 'ca'));
  const file = join(folder, 'ca', 'root.pem');
  writeFileSync(file, Buffer.from(made.keys[0].certificate, 'base64'));
  const app = await startApp(t, {
    DATA_DIR,
    TLS_CLIENT_CA_FILE: file,
    TLS_CLIENT_OWN_CRLS: 'true',
    CLIENT_CERT_HEADER: 'X-SSL-Client-Cert',
    TRUST_PROXY: '127.0.0.1',
    CRL_DELAY: '1',
  });
  const pem = Buffer.from(client.certificate, 'base64').toString();
  const ask = () =>
    app.inject({
      method: 'POST',
      url: '/api/v1/keys/generate',
      headers: { 'x-ssl-client-cert': encodeURIComponent(pem) },
      payload: { security_level: 'ml-dsa-44' },
    });
  await succeeding(async () => {
    const reply = await ask();
    if (reply.statusCode !== 200) throw new Error(reply.body);
  });
  const { authorityDomain } = app;
  if (authorityDomain === undefined) throw new Error('The service has no store');
  await revoke(authorityDomain, client.id);
  await succeeding(async () => {
    const reply = await ask();
    if (reply.statusCode !== 403) throw new Error(reply.body);
    t.match(reply.json().detail, /The certificate is revoked/);
  });
});
