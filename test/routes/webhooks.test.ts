/** Webhooks of the whole service, over HTTP. */

import { join } from 'node:path';
import t from 'tap';
import { issueFor, makeAuthorities, startAuthorityService } from '../support/authority-service.ts';
import { isAuthentic, startReceiver, WEBHOOK_SECRET } from '../support/receiver.ts';
import { until } from '../support/until.ts';

const LETTERS = '/api/v1/webhooks/dead-letters';

t.test(
  'a receiver gets what is issued, revoked and released; dead letters are listed and sent again',
  async (t) => {
    const receiver = await startReceiver(t);
    const { app, clients } = await startAuthorityService(
      t,
      {
        operator: ['authorities:manage', 'certs:issue', 'certs:issue:ca', 'certs:revoke', 'admin'],
        other: ['certs:issue'],
      },
      {
        WEBHOOK_URLS: receiver.url,
        WEBHOOK_SECRET,
        WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
        WEBHOOK_EVENTS: 'certificate.issued,certificate.revoked,certificate.released',
      },
    );
    const { operator, other } = clients;
    await makeAuthorities(operator);
    const { id, serial_number } = await issueFor(operator, { subject: '/CN=a' });
    const post = (path: string, body = {}) => operator.post(`/api/v1/certificates/${id}/${path}`, body);
    await post('revoke', { reason: 'certificateHold' });
    await post('release');
    const types = () => receiver.received.map(({ body }): string => JSON.parse(body).type).toSorted();
    await until(() => receiver.received.length >= 4);
    t.same(types(), [
      'certificate.issued',
      'certificate.issued',
      'certificate.released',
      'certificate.revoked',
    ]);
    t.ok(receiver.received.every((message) => isAuthentic(message)));
    const held = receiver.received
      .map(({ body }) => JSON.parse(body))
      .find(({ type }) => type === 'certificate.revoked');
    t.match(held.data, { certificate_id: id, serial_number, reason: 'certificateHold', is_final: false });

    receiver.status = 410;
    await post('revoke', { reason: 'superseded' });
    const store = app.authorityDomain?.store;
    await until(async () => (await store?.webhookCounts())?.dead === 1);
    t.equal((await other.get(LETTERS)).statusCode, 403);
    const { dead_letters, next } = (await operator.get(LETTERS)).json();
    t.match(dead_letters, [
      {
        type: 'certificate.revoked',
        attempts: 1,
        fault: 'status 410',
        receiver: /^http:\/\/127\.0\.0\.1:\d+#/,
      },
    ]);
    t.equal(next, null);
    t.equal((await operator.post(`${LETTERS}/none/retry`)).json().code, 'unknown-webhook');
    receiver.status = 200;
    const retried = await operator.post(`${LETTERS}/${dead_letters[0].id}/retry`);
    t.same(retried.json(), { id: dead_letters[0].id, status: 'pending' });
    await until(async () => (await store?.webhookCounts())?.pending === 0);
    t.same((await operator.get(LETTERS)).json().dead_letters, []);
    t.match(await app.metrics.registry.metrics(), /webhook_deliveries_total\{outcome="dead"\} 1/);
  },
);

t.test('the metrics say when the certificates of the authorities end', async (t) => {
  const { app, clients } = await startAuthorityService(t, { operator: ['authorities:manage'] });
  await makeAuthorities(clients.operator);
  const store = app.authorityDomain?.store;
  if (store !== undefined) await app.metrics.store.readAuthorities(store);
  const text = await app.metrics.registry.metrics();
  for (const name of ['root-1', 'issuing-1']) {
    const [, end] =
      new RegExp(`certificate_not_after_seconds\\{authority="${name}"\\} (\\S+)`).exec(text) ?? [];
    t.ok(Number(end) > Date.now() / 1000, join(name, String(end)));
  }
});
