/** The list of certificates without authentication and without a store, and the metrics of the store. */

import t from 'tap';
import { EXPIRY_DAYS } from '../../plugins/metrics/store-metrics.ts';
import { event } from '../storage/samples.ts';
import { issueFor, makeAuthorities, startAnonymousService } from '../support/authority-service.ts';
import { readExposition } from '../support/exposition.ts';
import { startApp } from '../support/service.ts';

const LIST = '/api/v1/certificates';

t.test('in a service without authentication, what was issued without is listed', async (t) => {
  const { client, app } = await startAnonymousService(t);
  await makeAuthorities(client);
  const { id } = await issueFor(client, { subject: '/CN=open' });
  t.match((await client.get(`${LIST}?subject=open`)).json().certificates, [{ id, principal: 'anonymous' }]);
  t.equal((await client.get(`${LIST}/${id}`)).statusCode, 200);
  const domain = app.authorityDomain;
  const stored = await domain?.store.getCertificate(id, 'key:other');
  t.equal(stored, undefined, 'a principal with a key does not see it');
});

t.test('a service without a store refuses every list', async (t) => {
  const app = await startApp(t, { NODE_ENV: 'production', ALLOW_ANONYMOUS: 'true' });
  for (const path of [LIST, `${LIST}/expiring`, `${LIST}/export`, `${LIST}/1`]) {
    const reply = await app.inject(path);
    t.equal(reply.statusCode, 503, path);
    t.equal(reply.json().code, 'store-unavailable');
  }
});

t.test('the metrics have the writes and the content of the store', async (t) => {
  const { app, client } = await startAnonymousService(t);
  await makeAuthorities(client);
  await issueFor(client, { subject: '/CN=a', days: 3 });
  const { store } = app.checkpointPorts();
  app.metrics.store.set(await store.counts(new Date(), Object.values(EXPIRY_DAYS)));
  const families = readExposition((await app.inject('/metrics')).body);
  const valueOf = (family: string, sample: string, labels: Readonly<Record<string, string>> = {}) =>
    families
      .get(family)
      ?.samples.find(
        ({ name, labels: own }) =>
          name === sample && Object.entries(labels).every(([label, value]) => own[label] === value),
      )?.value;
  const count = 'store_write_duration_seconds_count';
  t.equal(valueOf('store_write_duration_seconds', count, { kind: 'complete' }), 2);
  t.equal(valueOf('store_write_duration_seconds', count, { kind: 'reserve' }), 2);
  t.equal(valueOf('store_certificates', 'store_certificates'), 2);
  t.equal(valueOf('store_certificates_expiring', 'store_certificates_expiring', { within: '7d' }), 1);
  t.equal(valueOf('store_pending_writes', 'store_pending_writes'), 0);
  t.equal(valueOf('store_failures_total', 'store_failures_total'), 0);
  await store.close();
  await t.rejects(store.appendAudit(event()), { code: 'store-unavailable' });
  const after = readExposition((await app.inject('/metrics')).body).get('store_failures_total');
  t.equal(after?.samples[0]?.value, 1);
});
