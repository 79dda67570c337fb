/** Revocation over HTTP: who may, what is refused, and what the store then has. */

import { randomUUID } from 'node:crypto';
import t from 'tap';
import { issueFor, makeAuthorities, startAuthorityService } from '../support/authority-service.ts';
import { readExposition } from '../support/exposition.ts';
import { startApp } from '../support/service.ts';

const CERTIFICATES = '/api/v1/certificates';
const AUTHORITIES = '/api/v1/authorities';

const started = (t: Parameters<typeof startAuthorityService>[0]) =>
  startAuthorityService(t, {
    operator: ['authorities:manage', 'certs:issue', 'certs:issue:ca', 'certs:read:all', 'certs:read'],
    alice: ['certs:issue', 'certs:read'],
    bob: ['certs:issue'],
    responder: ['certs:revoke', 'certs:read', 'certs:read:all'],
    reader: ['certs:read'],
  });

t.test('a certificate is revoked by its principal, and only once', async (t) => {
  const { app, clients } = await started(t);
  const { operator, alice, bob, responder, reader } = clients;
  const authority = await makeAuthorities(operator);
  const { id, serial_number } = await issueFor(alice, { subject: '/CN=a' });
  const path = `${CERTIFICATES}/${id}/revoke`;
  const missing = await bob.post(`${CERTIFICATES}/${randomUUID()}/revoke`, { reason: 'superseded' });
  const others = await bob.post(path, { reason: 'superseded' });
  t.equal(others.statusCode, 404);
  const withoutId = (body: object) => ({ ...body, request_id: '', instance: '' });
  t.same(withoutId(others.json()), withoutId(missing.json()), 'the same as for one that does not exist');
  const forbidden = await reader.post(path, { reason: 'superseded' });
  t.match(forbidden.json(), { status: 403, detail: /certs:revoke or certs:issue/ });

  const invalidity_date = '2026-01-31T00:00:00Z';
  const revoked = await alice.post(path, { reason: 'Key Compromise', invalidity_date });
  t.match(revoked.json(), {
    id,
    authority_id: authority,
    serial_number,
    status: 'revoked',
    reason: 'keyCompromise',
    invalidity_date,
    disabled_authorities: [],
    authorities_below: [],
  });
  const again = await alice.post(path, { reason: '1' });
  t.equal(again.statusCode, 200);
  t.same(again.json(), revoked.json());
  for (const reason of ['superseded', 'certificateHold']) {
    const reply = await responder.post(path, { reason });
    t.equal(reply.statusCode, 409);
    t.match(reply.json(), {
      code: 'already-revoked',
      detail: /with the reason keyCompromise, which is final/,
    });
  }
  t.match((await alice.post(`${CERTIFICATES}/${id}/release`)).json(), { status: 409, code: 'not-on-hold' });
  const shown = (await alice.get(`${CERTIFICATES}/${id}`)).json();
  t.match(shown, {
    status: 'revoked',
    revocation_reason: 'keyCompromise',
    revoked_at: revoked.json().revoked_at,
  });
  t.match((await alice.get(`${CERTIFICATES}?status=revoked`)).json().certificates, [{ id }]);

  const records =
    (await app.authorityDomain?.store.searchAudit({ filter: { action: 'certificate/revoke' }, limit: 9 })) ??
    [];
  t.same(
    records
      .filter(({ outcome }) => outcome === 'success')
      .map(({ details, principal }) => [details.certificate, principal]),
    [[id, alice.principal]],
  );
  const families = readExposition(await app.metrics.registry.metrics());
  const valueOf = (operation: string, outcome: string) =>
    families
      .get('certificate_revocations_total')
      ?.samples.find(({ labels }) => labels.operation === operation && labels.outcome === outcome)?.value;
  t.equal(valueOf('revoke', 'success'), 2);
  t.equal(valueOf('revoke', 'refused'), 3);
  t.equal(valueOf('hold', 'refused'), 1);
});

t.test('a hold is released, or becomes final', async (t) => {
  const { clients } = await started(t);
  const { operator, alice, responder } = clients;
  await makeAuthorities(operator);
  const { id } = await issueFor(alice, { subject: '/CN=a' });
  const path = `${CERTIFICATES}/${id}`;
  t.match((await responder.post(`${path}/release`)).json(), { status: 409, code: 'not-on-hold' });
  const hold = await responder.post(`${path}/revoke`, { reason: 'certificate_hold' });
  t.match(hold.json(), { status: 'held', reason: 'certificateHold' });
  const released = await responder.post(`${path}/release`);
  t.match(released.json(), { id, status: 'released' });
  t.notOk('reason' in released.json());
  t.match((await alice.get(path)).json(), { status: 'valid' });
  const second = await responder.post(`${path}/revoke`, { reason: 'certificateHold' });
  const final = await responder.post(`${path}/revoke`, { reason: 'unspecified' });
  t.match(final.json(), { status: 'revoked', reason: 'unspecified', revoked_at: second.json().revoked_at });
});

t.test('the owner of a certificate does not end the hold of an officer', async (t) => {
  const { clients } = await started(t);
  const { operator, alice, responder } = clients;
  await makeAuthorities(operator);
  const issued = async () => `${CERTIFICATES}/${(await issueFor(alice, { subject: '/CN=a' })).id}`;
  const statusOf = async (path: string) => (await alice.get(path)).json().status;
  const hold = { reason: 'certificateHold' };

  const own = await issued();
  t.equal((await alice.post(`${own}/revoke`, hold)).statusCode, 200);
  t.match((await alice.post(`${own}/release`)).json(), { status: 'released' }, 'its own hold');

  const held = await issued();
  t.equal((await responder.post(`${held}/revoke`, hold)).statusCode, 200);
  t.equal((await alice.post(`${held}/revoke`, hold)).statusCode, 200, 'the same again changes nothing');
  t.match((await alice.post(`${held}/release`)).json(), { status: 403, detail: /certs:revoke/ });
  t.equal(await statusOf(held), 'revoked');
  t.match((await responder.post(`${held}/release`)).json(), { status: 'released' });

  const taken = await issued();
  const first = (await alice.post(`${taken}/revoke`, hold)).json();
  t.same((await responder.post(`${taken}/revoke`, hold)).json(), first, 'an officer takes the hold over');
  t.equal((await alice.post(`${taken}/release`)).statusCode, 403);
  t.match((await alice.post(`${taken}/revoke`, { reason: 'superseded' })).json(), { status: 'revoked' });
});

t.test('the audit record of a refusal names the certificate', async (t) => {
  const { app, clients } = await started(t);
  const { operator, alice, bob, responder } = clients;
  await makeAuthorities(operator);
  const { id, serial_number, certificate } = await issueFor(alice, { subject: '/CN=a' });
  const reason = 'superseded';
  await bob.post(`${CERTIFICATES}/${id}/revoke`, { reason });
  await bob.post(`${CERTIFICATES}/${id}/release`);
  await bob.post(`${AUTHORITIES}/issuing-1/revoke`, { serial: serial_number, reason });
  await bob.post(`${AUTHORITIES}/issuing-1/revoke`, { certificate, reason });
  await responder.post(`${AUTHORITIES}/issuing-1/revoke`, { serial: 'xyz', reason });
  const records =
    (await app.authorityDomain?.store.searchAudit({ filter: { outcome: 'refused' }, limit: 9 })) ?? [];
  const [authority, code] = ['issuing-1', 'unknown-certificate'];
  t.same(
    records.map(({ action, details }) => [action, details]),
    [
      ['certificate/revoke', { authority, code: 'invalid-revocation' }],
      ['certificate/revoke', { authority, serial: serial_number, code }],
      ['certificate/revoke', { authority, serial: serial_number, code }],
      ['certificate/release', { certificate: id, code }],
      ['certificate/revoke', { certificate: id, code }],
    ],
  );
});

t.test('a certificate is found by its serial number or by itself', async (t) => {
  const { app, clients } = await started(t);
  const { operator, alice, responder } = clients;
  await makeAuthorities(operator);
  const path = `${AUTHORITIES}/issuing-1/revoke`;
  const reason = 'superseded';
  const first = await issueFor(alice, { subject: '/CN=a' });
  const colons = first.serial_number.replaceAll(/(..)(?=.)/g, '$1:').toLowerCase();
  t.match((await alice.post(path, { serial: colons, reason })).json(), { id: first.id, status: 'revoked' });
  const second = await issueFor(alice, { subject: '/CN=b' });
  const { certificate } = second;
  t.match((await alice.post(path, { certificate, reason })).json(), { id: second.id, status: 'revoked' });
  const root = (await operator.get(`${AUTHORITIES}/root-1`)).json().keys[0];
  const refused: [object, number, RegExp | string][] = [
    [{ reason }, 400, /either serial or certificate/],
    [{ serial: '01', certificate, reason }, 400, /either serial or certificate/],
    [{ serial: 'xyz', reason }, 400, /hexadecimal/],
    [{ serial: '01', reason }, 404, /unknown-certificate.*no certificate with this serial number/s],
    [{ certificate: root.certificate, reason }, 404, /unknown-certificate.*no record of this certificate/s],
    [{ serial: first.serial_number, reason: 'removeFromCRL' }, 400, /delta CRL/],
    [{ serial: first.serial_number, reason: '7' }, 400, /must be/],
    [{ serial: first.serial_number, reason: 'cACompromise' }, 400, /certificate of a CA/],
    [{ serial: first.serial_number, reason: 'aACompromise' }, 400, /attribute authorities/],
    [{ serial: first.serial_number, reason, invalidity_date: '2999-01-01T00:00:00Z' }, 400, /in the future/],
    [
      { serial: first.serial_number, reason, invalidity_date: '0000-01-01T00:00:00+01:00' },
      400,
      /before 1970/,
    ],
    [{ serial: first.serial_number, reason, revoked_at: '2026-01-01T00:00:00Z' }, 400, /revoked_at/],
  ];
  for (const [body, status, expected] of refused) {
    const reply = await responder.post(path, body);
    t.equal(reply.statusCode, status, reply.body);
    t.match(reply.body, expected);
  }
  const elsewhere = await responder.post(`${AUTHORITIES}/root-1/revoke`, {
    serial: first.serial_number,
    reason,
  });
  t.equal(elsewhere.statusCode, 404);

  const store = app.authorityDomain?.store;
  const keys = await store?.listAuthorityKeys(first.authority_id);
  const reserved = {
    id: randomUUID(),
    authorityId: first.authority_id,
    authorityKeyId: keys?.[0]?.id ?? '',
    serial: new Uint8Array(20).fill(0x5a),
    principal: alice.principal,
    profile: 'tls-server',
    profileVersion: 1,
    requestedAt: new Date(),
  };
  await store?.reserve(reserved);
  const reply = await alice.post(path, { serial: '5A'.repeat(20), reason });
  t.match(reply.json(), { id: reserved.id, status: 'revoked' });
  t.notOk('not_after' in reply.json());
});

t.test('an authority whose certificate is revoked issues no more', async (t) => {
  const { clients } = await started(t);
  const { operator, responder } = clients;
  const issuing = await makeAuthorities(operator);
  const below = { name: 'below', subject: '/CN=Below', parent: 'issuing-1', key_algorithm: 'ml-dsa-44' };
  t.equal((await operator.post(AUTHORITIES, below)).statusCode, 400, 'its path length is 0');
  const path = `${AUTHORITIES}/issuing-1/certificate/revoke`;
  t.equal((await operator.post(path, { reason: 'superseded' })).statusCode, 403);
  const serial = (await operator.get(`${AUTHORITIES}/issuing-1`)).json().keys[0].serial_number;
  const bySerial = { serial, reason: 'superseded' };
  t.match(
    (await operator.post(`${AUTHORITIES}/root-1/revoke`, bySerial)).json(),
    { status: 403, detail: /certs:revoke/ },
    'who requested the certificate of an authority cannot disable the authority',
  );
  const revoked = await responder.post(path, { reason: 'cACompromise' });
  t.match(revoked.json(), {
    authority_id: issuing,
    published: 'by-parent',
    revocation: { status: 'revoked', disabled_authorities: [{ id: issuing, name: 'issuing-1' }] },
    authorities_below: [],
  });
  t.same((await responder.post(path, { reason: 'cACompromise' })).json(), revoked.json());
  const order = { subject: '/CN=x', key_algorithm: 'ml-dsa-44' };
  const refused = await operator.post(`${AUTHORITIES}/issuing-1/certificates`, order);
  t.match(refused.json(), { status: 409, code: 'authority-inactive' });
  const enabled = await operator.post(`${AUTHORITIES}/issuing-1/enable`);
  t.match(enabled.json(), { status: 409, detail: /is revoked/ });
  t.equal((await operator.post(`${AUTHORITIES}/issuing-1/rotate`)).statusCode, 200);
  t.equal(
    (await operator.post(`${AUTHORITIES}/issuing-1/enable`)).statusCode,
    200,
    'with another certificate',
  );
  const root = await responder.post(`${AUTHORITIES}/root-1/certificate/revoke`, { reason: 'keyCompromise' });
  t.match(root.json(), { published: 'self-signed', authorities_below: [{ name: 'issuing-1' }] });
  t.notOk('revocation' in root.json());
  t.match((await operator.get(`${AUTHORITIES}/root-1`)).json(), { status: 'disabled' });
});

t.test('a service without a store refuses', async (t) => {
  const app = await startApp(t, { NODE_ENV: 'production', ALLOW_ANONYMOUS: 'true' });
  const payload = { reason: 'superseded' };
  const paths = [`${CERTIFICATES}/a/revoke`, `${AUTHORITIES}/a/certificate/revoke`];
  for (const url of paths)
    t.match((await app.inject({ method: 'POST', url, payload })).json(), { code: 'store-unavailable' });
});
