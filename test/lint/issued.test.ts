/** What the service issues has no error: certificates of every profile and algorithm, CSRs, CRLs and OCSP responses. */

import t from 'tap';
import { PROFILE_NAMES } from '../../src/ca/profile.ts';
import { lintData } from '../../src/lint/lint-data.ts';
import { createAuthority, issueCertificate, ocspRequest, revoke, startOcsp } from '../support/ocsp.ts';
import { poster } from '../support/service.ts';
import { succeeding } from '../support/until.ts';

const { app, url, domain } = await startOcsp(t);
const post = poster(app);

const lint = async (octets: Uint8Array) => (await lintData(Uint8Array.from(octets))).findings;
const lintText = async (text: string) => lint(Buffer.from(text, 'base64'));

/** What a profile needs besides a subject. */
const NAMES: Readonly<Record<string, object>> = {
  svid: { subject: '/O=Example', san: ['URI:spiffe://example.org/a'] },
  email: { san: ['email:a@example.com'] },
};

t.test('certificates of every profile, and with every algorithm', async (t) => {
  for (const profile of PROFILE_NAMES) {
    const request = { subject: '/CN=example.com', san: ['DNS:example.com'], profile, ...NAMES[profile] };
    const { statusCode, answer } = await post('/api/v1/certificate/generate', request);
    t.ok(statusCode < 300, `${profile}: ${JSON.stringify(answer).slice(0, 200)}`);
    t.same(await lintText(answer.certificate), [], profile);
  }
  const names = { subject: '/CN=example.com', san: ['DNS:example.com'] };
  for (const choice of [
    { security_level: 'ml-dsa-44' },
    { security_level: 'ml-dsa-87' },
    { is_ca: true, path_length: 0 },
  ]) {
    const { answer } = await post('/api/v1/certificate/generate', { ...names, ...choice });
    t.same(await lintText(answer.certificate), [], JSON.stringify(choice));
  }
  for (const classical_algorithm of ['rsa', 'ecdsa']) {
    const { answer } = await post('/api/v1/certificate/hybrid', { ...names, classical_algorithm });
    const texts = JSON.stringify(answer).match(/"[^"]*certificate":"[^"]+"/g) ?? [];
    t.equal(texts.length, 2);
    for (const text of texts) t.same(await lintText(text.split('"')[3] ?? ''), [], classical_algorithm);
  }
});

t.test('CSRs, and certificates that are signed for them', async (t) => {
  const { answer: ca } = await post('/api/v1/certificate/generate', { subject: '/CN=CA', is_ca: true });
  const { answer: made } = await post('/api/v1/csr/generate', {
    subject: '/CN=example.com',
    san: ['DNS:example.com', 'IP:192.0.2.1', 'URI:https://example.com/', 'email:a@example.com'],
  });
  t.same(await lintText(made.csr), []);
  const authority = { ca_certificate: ca.certificate, ca_private_key: ca.private_key };
  const { answer } = await post('/api/v1/csr/sign', { csr: made.csr, ...authority });
  t.same(await lintText(answer.chain), []);
});

t.test('CRLs and OCSP responses of a stored authority', async (t) => {
  const root = await createAuthority(domain, 'root');
  t.same(await lint(root.certificate), []);
  const revoked = await issueCertificate(domain, root.name);
  const good = await issueCertificate(domain, root.name);
  for (const { der } of [revoked, good]) t.same(await lint(der), []);
  await revoke(domain, revoked, 1);
  const crl = await succeeding(async () => {
    const reply = await app.inject(`/crl/${root.keyId}.crl`);
    if (reply.statusCode !== 200) throw new Error(reply.body);
    return reply.rawPayload;
  });
  t.same(await lint(crl), []);
  for (const digest of ['sha1', 'sha256'] as const) {
    const body = ocspRequest(root, [revoked.serial, good.serial], { digest, nonce: new Uint8Array(32) });
    const headers = { 'content-type': 'application/ocsp-request' };
    const reply = await fetch(url, { method: 'POST', body, headers });
    const found = await lint(new Uint8Array(await reply.arrayBuffer()));
    t.same(
      found.map(({ rule }) => rule),
      digest === 'sha1' ? ['rfc9919-cert-id-sha256'] : [],
    );
  }
});
