/** certificate/verify: requests, replies, and the limits of its work. */

import t from 'tap';
import * as der from '../../src/formats/der/writer.ts';
import { LIMITS } from '../../src/verification/request.ts';
import { extension, name, validity } from '../support/crafted.ts';
import { pem } from '../support/domain.ts';
import { countTurns } from '../support/turns.ts';
import { craftCrl } from '../verification/verifying.ts';
import { openVerification, TIME } from './verification.ts';

const { member, root, ca, leaf, leafOf, verify, codesOf } = await openVerification(t);

t.test('the reply has the path, the checks and what was tried', async (t) => {
  const { status, answer } = await verify({ host: 'www.a.test' });
  t.equal(status, 200);
  t.match(answer, { valid: true, time: TIME, failures: [], notes: [], revocation: [] });
  t.match(answer.path, [
    { member: 'certificate', index: 0, subject: '/CN=Leaf', issuer: '/CN=CA', serial_number: '07' },
    { member: 'intermediates', index: 0, subject: '/CN=CA' },
    { member: 'anchors', index: 0, subject: '/CN=Root', sha256_fingerprint: /^(?:[\dA-F]{2}:){31}/ },
  ]);
  t.same(answer.paths_tried, [{ certificates: answer.path, failures: [] }]);
  const results = Object.fromEntries(
    answer.checks.map(({ code, result }: { code: string; result: string }) => [code, result]),
  );
  t.match(results, { signature: 'passed', name: 'passed', purpose: 'passed', revoked: 'skipped' });
});

t.test('every failed check has its clause and certificate', async (t) => {
  const old = await member('CA', {
    by: root,
    validity: validity('2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z'),
  });
  const below = await leafOf({ by: old });
  const { answer } = await verify({ certificate: below.pem, intermediates: [old.pem], host: 'b.test' });
  t.match(answer, { valid: false, path: null });
  t.match(answer.failures, [
    {
      code: 'validity',
      clause: 'RFC 5280 §6.1.3 (a) (2)',
      certificate: { member: 'intermediates', index: 0, subject: '/CN=CA' },
      detail: /expired at 2021/,
    },
    {
      code: 'name',
      clause: 'RFC 9525 §6',
      certificate: { member: 'certificate' },
      detail: /DNS:www\.a\.test/,
    },
  ]);
});

t.test('of several paths a valid one is found, and the others are shown', async (t) => {
  const expired = validity('2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z');
  const otherRoot = await member('Other root');
  const key = ca.key;
  const cross = await member('CA', { by: otherRoot, key });
  const old = await member('CA', { by: root, key, validity: expired });
  const { answer } = await verify({
    intermediates: [old.pem, cross.pem],
    anchors: [root.pem + otherRoot.pem],
  });
  t.equal(answer.valid, true);
  t.match(answer.path, [{}, { index: 1 }, { subject: '/CN=Other root', index: 1 }]);
  const { answer: refused } = await verify({ intermediates: [old.pem, cross.pem], anchors: [root.pem] });
  t.match(refused.paths_tried, [{ failures: [{ code: 'validity' }] }]);
});

t.test('a path that ends before a trust anchor', async (t) => {
  t.equal(await codesOf({ intermediates: [] }), 'no-path');
  t.equal(
    await codesOf({ intermediates: [ca.pem, root.pem], anchors: [leaf.pem.replace(leaf.pem, ca.pem)] }),
    '',
  );
  const { answer } = await verify({ intermediates: [ca.pem, root.pem], anchors: [(await member('X')).pem] });
  t.match(answer.failures, [
    { code: 'no-path', detail: /self-issued certificate that is none of the trust/ },
  ]);
  t.match(answer.paths_tried[0].certificates, [{}, {}, { subject: '/CN=Root' }]);
  const other = await member('CA');
  t.equal(await codesOf({ intermediates: [], anchors: [other.pem] }), 'signature', 'a CA of the same name');
  t.equal(await codesOf({ anchors: [leaf.pem], intermediates: [] }), '', 'the certificate itself is trusted');
});

t.test('CRLs: a status for each certificate', async (t) => {
  const crls = await Promise.all([
    craftCrl({ by: root }),
    craftCrl({ by: ca, revoked: [{ serial: 7, reason: 1 }] }),
  ]);
  const texts = crls.map((octets) => pem('X509 CRL', octets));
  const { answer } = await verify({ crls: texts });
  t.match(answer.failures, [{ code: 'revoked', detail: /2026-04-01T00:00:00Z \(keyCompromise\)/ }]);
  t.match(answer.revocation, [
    { status: 'revoked', source: 'crls/1', revoked_at: '2026-04-01T00:00:00Z', reason: 'keyCompromise' },
    { certificate: { subject: '/CN=CA' }, status: 'good', source: 'crls/0' },
  ]);
  const { answer: missing } = await verify({ crls: texts.slice(0, 1) });
  t.match(missing.revocation, [{ status: 'unknown', problems: [] }, { status: 'good' }]);
  t.match(missing.failures, [{ code: 'revocation-status', detail: /No CRL and no OCSP response/ }]);
  t.equal(await codesOf({ crls: texts.slice(0, 1), revocation: 'if-available' }), '');
});

const REFUSED: readonly (readonly [at: string, body: object])[] = [
  ['/certificate', { certificate: 'bm9uZQ==' }],
  ['/intermediates/1', { intermediates: [ca.pem, 'bm9uZQ=='] }],
  ['/anchors/0', { anchors: ['bm9uZQ=='] }],
  ['/anchors', { anchors: [] }],
  ['/time', { time: 'yesterday' }],
  ['/host', { host: 'a b' }],
  ['/email', { email: 'nobody' }],
  ['/email', { email: 'a@b.test', host: 'b.test' }],
  ['/purpose', { purpose: 'servrAuth' }],
  ['/crls/0', { crls: [ca.pem] }],
  ['/ocsp_responses/0', { ocsp_responses: ['bm9uZQ=='] }],
  ['/initial_policies/0', { initial_policies: ['any'] }],
  ['/profile', { profile: 'none' }],
];

t.test('an error names the member', async (t) => {
  for (const [at, body] of REFUSED) {
    const { status, answer } = await verify(body);
    t.equal(status, 400, at);
    t.match(answer.errors ?? answer, [{ pointer: at }], JSON.stringify(answer));
  }
});

t.test('a full body of certificates ends within the limits, with pauses', async (t) => {
  const ring = await Promise.all(
    Array.from({ length: 60 }, (_, i) =>
      member('', {
        subject: name('Ring'),
        by: { ...ca, subject: name('Ring') },
        serialNumber: der.unsignedInteger(i + 1),
      }),
    ),
  );
  const shared = await member('Ring', { key: ca.key });
  const { pem: certificate } = await leafOf({ by: { ...ca, subject: name('Ring') } });
  const turns = countTurns();
  const { answer } = await verify({
    certificate,
    intermediates: [ring.map((one) => one.pem).join('')],
    anchors: [shared.pem.replace(shared.pem, root.pem), (await member('Ring')).pem],
  });
  const count = turns.end();
  t.ok(count > ring.length, `${count} turns`);
  t.equal(answer.valid, false);
  t.ok(answer.paths_tried.length <= LIMITS.paths);
});

t.test('more certificates than the limit are refused', async (t) => {
  const { status, answer } = await verify({ intermediates: [ca.pem.repeat(LIMITS.certificates + 1)] });
  t.equal(status, 400);
  t.match(JSON.stringify(answer), /at most 500 certificates/);
});

t.test('more paths than are checked', async (t) => {
  const expired = validity('2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z');
  const { key } = ca;
  const crosses = await Promise.all(
    Array.from({ length: LIMITS.paths + 1 }, (_, i) =>
      member('CA', { by: root, key, validity: expired, serialNumber: der.unsignedInteger(i + 1) }),
    ),
  );
  const codes = await codesOf({ intermediates: [crosses.map((one) => one.pem).join('')] });
  t.equal(codes, 'validity,search-limit');
  t.equal(await codesOf({ intermediates: [crosses[0]?.pem] }), 'validity');
});

t.test('the reply about a certificate that is wrong in a thousand ways is short', async (t) => {
  const twice = Array.from({ length: 1_200 }, (_, i) => `1.3.6.1.4.1.32473.${i}`).flatMap((oid) => [
    [`${oid} a`, extension(oid, false, '05 00')],
    [`${oid} b`, extension(oid, false, '05 00')],
  ]);
  const { pem: certificate } = await leafOf({
    subject: name('x'.repeat(50_000)),
    extensions: Object.fromEntries(twice),
  });
  const { status, answer } = await verify({ certificate });
  t.equal(status, 200);
  t.match(answer.failures[0], { code: 'duplicate-extension' });
  t.ok(JSON.stringify(answer).length < 500_000);
});
