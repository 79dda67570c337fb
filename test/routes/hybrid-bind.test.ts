/** Bound pairs: RelatedCertificate in the second certificate over the first (RFC 9763), and how it is verified. */

import { hash, X509Certificate } from 'node:crypto';
import t from 'tap';
import { extension } from '../support/crafted.ts';
import { certificatePem, openDomain } from '../support/domain.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { fingerprintOf, pemOf, poster, startApp } from '../support/service.ts';
import { craftMember } from '../ca/hierarchy.ts';

const app = await startApp(t);
const post = poster(app);

const PAIR = { subject: '/CN=a.test', san: ['DNS:a.test'], classical_algorithm: 'ecdsa' };

const hybrid = async (body: object) => {
  const { statusCode, answer } = await post('/api/v1/certificate/hybrid', { ...PAIR, ...body });
  return { status: statusCode, answer };
};
const verify = async (certificate: string, related: string) => {
  const { answer } = await post('/api/v1/certificate/verify', {
    certificate,
    anchors: [certificate],
    related_certificate: related,
  });
  const { result } = answer.checks.find(({ code }: { code: string }) => code === 'related-certificate');
  return { valid: answer.valid, result, failures: answer.failures };
};

const { answer: bound } = await hybrid({ bind: true });
const { answer: other } = await hybrid({ bind: true });
const first = new X509Certificate(pemOf(bound.ml_dsa_certificate));
const second = new X509Certificate(pemOf(bound.classical_certificate));

const extensionsOf = async (certificate: string) => {
  const { answer } = await post('/api/v1/certificate/inspect', { certificate });
  return answer.extensions.filter(({ name }: { name: string }) => name === 'relatedCertificate');
};

t.test('the second certificate has the hash of the first, and the first has no extension', async (t) => {
  t.same(await extensionsOf(bound.ml_dsa_certificate), []);
  t.same(await extensionsOf(bound.classical_certificate), [
    {
      oid: '1.3.6.1.5.5.7.1.36',
      name: 'relatedCertificate',
      critical: false,
      value: [
        `sha512 ${hash('sha512', first.raw, 'hex')
          .toUpperCase()
          .replace(/..(?=.)/g, '$&:')}`,
      ],
    },
  ]);
  t.ok(second.verify(second.publicKey));
  t.same(await extensionsOf((await hybrid({})).answer.classical_certificate), [], 'only when requested');
});

t.test('OpenSSL reads the extension, and accepts the certificate', { skip: opensslMissing }, async (t) => {
  const files = { pem: pemOf(bound.classical_certificate) };
  const { stdout } = await openssl(['asn1parse', '-in', 'pem'], { files });
  t.match(stdout.toString(), /OBJECT +:(?:1\.3\.6\.1\.5\.5\.7\.1\.36|.*elated)/);
  t.equal((await openssl(['verify', '-CAfile', 'pem', 'pem'], { files })).code, 0);
});

t.test('both directions are verified, and another certificate is refused', async (t) => {
  t.match(await verify(bound.classical_certificate, bound.ml_dsa_certificate), {
    valid: true,
    result: 'passed',
  });
  t.match(await verify(bound.ml_dsa_certificate, bound.classical_certificate), {
    valid: true,
    result: 'passed',
  });
  t.match(await verify(bound.classical_certificate, other.ml_dsa_certificate), {
    valid: false,
    failures: [{ code: 'related-certificate', clause: 'RFC 9763 §4.1', detail: /another certificate/ }],
  });
  t.match(await verify(bound.ml_dsa_certificate, other.ml_dsa_certificate), {
    valid: false,
    failures: [{ detail: /Neither/ }],
  });
  const { answer } = await post('/api/v1/certificate/verify', {
    certificate: bound.classical_certificate,
    anchors: [bound.classical_certificate],
  });
  t.equal(answer.valid, true, 'the extension alone does not matter');
});

t.test('other subjects and unknown hash algorithms are refused', async (t) => {
  const { keys } = await openDomain(t);
  const member = craftMember(keys);
  const one = await member('One');
  const digest = hash('sha256', one.der, 'hex');
  const related = (oid: string) => ({
    related: extension('1.3.6.1.5.5.7.1.36', false, `30 31 30 0d 06 09 ${oid} 05 00 04 20 ${digest}`),
  });
  const sha256 = '60 86 48 01 65 03 04 02 01';
  const two = await member('Two', { extensions: related(sha256) });
  const three = await member('One', { extensions: related('60 86 48 01 65 03 04 02 63') });
  const four = await member('One', { extensions: related(sha256) });
  t.match((await verify(two.pem, one.pem)).failures, [{ detail: /different subjects/ }]);
  t.match((await verify(three.pem, one.pem)).failures, [
    { detail: /hash algorithm 2\.16\..* is not supported/ },
  ]);
  t.match(await verify(four.pem, certificatePem(one.der)), { valid: true });
});

t.test('a dry run shows the extension, and a CA has none', async (t) => {
  const { status, answer } = await hybrid({ bind: true, dry_run: true });
  t.equal(status, 200);
  t.match(JSON.stringify(answer.classical), /relatedCertificate/);
  t.notMatch(JSON.stringify(answer.ml_dsa), /relatedCertificate/);
  const { status: refused, answer: problem } = await hybrid({ bind: true, is_ca: true });
  t.equal(refused, 400);
  t.match(problem.errors, [{ pointer: '/bind' }]);
});

t.test('the fingerprint of the first is in the reply of verify', async (t) => {
  const { answer } = await post('/api/v1/certificate/verify', {
    certificate: bound.ml_dsa_certificate,
    anchors: [bound.ml_dsa_certificate],
  });
  t.equal(answer.path[0].sha256_fingerprint, fingerprintOf('sha256', first.raw));
});
