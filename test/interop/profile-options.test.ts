/** OpenSSL 3.5 reads the extensions, the validity and the name constraints that a caller requests. */

import { join } from 'node:path';
import t from 'tap';
import type { ProfileName } from '../../src/ca/profile.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { pemOf } from '../support/service.ts';
import { judged } from './judge.ts';
import { linesOf, openProfiled } from './profiled.ts';

const { post, authority, roots, underCa, selfSigned } = await openProfiled(t);
const skip = { skip: opensslMissing };

t.test('OpenSSL prints the extensions that a caller names', skip, async (t) => {
  const extensions = {
    crl_distribution_points: ['http://pki.example.com/a.crl', 'https://pki.example.com/b.crl'],
    ocsp: ['http://ocsp.example.com/'],
    ca_issuers: ['http://pki.example.com/ca.crt'],
    certificate_policies: [
      { oid: '1.3.6.1.4.1.32473.1', cps: 'https://pki.example.com/cps' },
      { oid: '2.23.140.1.2.1' },
    ],
    must_staple: true,
  };
  const leaf = await underCa('tls-server', { extensions });
  const text = (await linesOf(leaf)).join('\n');
  for (const part of [
    'X509v3 Certificate Policies:\nPolicy: 1.3.6.1.4.1.32473.1\nCPS: https://pki.example.com/cps\nPolicy: 2.23.140.1.2.1\n',
    'X509v3 CRL Distribution Points:\nFull Name:\nURI:http://pki.example.com/a.crl\n',
    'Full Name:\nURI:https://pki.example.com/b.crl\n',
    'Authority Information Access:\nOCSP - URI:http://ocsp.example.com/\nCA Issuers - URI:http://pki.example.com/ca.crt\n',
    'TLS Feature:\nstatus_request\n',
  ])
    t.ok(text.includes(part), part);
  const files = { roots, leaf };
  t.equal(await judged('verify -x509_strict -purpose sslserver -CAfile roots leaf', files), 'leaf: OK\n');
});

t.test('OpenSSL keeps to the name constraints of a CA that was generated with them', skip, async (t) => {
  const { answer: constrained } = await post('/api/v1/certificate/generate', {
    subject: '/CN=Constrained CA/O=Example Org',
    profile: 'ca',
    path_length: 0,
    name_constraints: {
      permitted: [
        'DNS:example.com',
        'IP:192.0.2.0/24',
        'IP:2001:db8::/32',
        'email:.example.com',
        'URI:example.com',
      ],
      excluded: ['DNS:secret.example.com', 'dirName:/O=Other Org'],
    },
  });
  const printed = await linesOf(pemOf(constrained.certificate));
  for (const line of [
    'DNS:example.com',
    'IP:2001:DB8:0:0:0:0:0:0/FFFF:FFFF:0:0:0:0:0:0',
    'DirName:O = Other Org',
  ])
    t.ok(printed.includes(line), line);
  const authority = { ca_certificate: constrained.certificate, ca_private_key: constrained.private_key };
  const { answer: request } = await post('/api/v1/csr/generate', { subject: '/CN=a' });
  const sign = (san: readonly string[]) => post('/api/v1/csr/sign', { csr: request.csr, ...authority, san });
  const good = await sign([
    'a.example.com',
    'IP:192.0.2.9',
    'IP:2001:db8::9',
    'email:a@b.example.com',
    'URI:https://example.com/',
  ]);
  const files = { roots: pemOf(constrained.certificate), leaf: pemOf(good.answer.certificate) };
  t.equal(await judged('verify -x509_strict -CAfile roots leaf', files), 'leaf: OK\n');
  for (const name of [
    'a.example.net',
    'secret.example.com',
    'IP:192.0.3.1',
    'email:a@example.com',
    'URI:https://a.example.com/',
  ])
    t.match((await sign([name])).answer, { code: 'name-constraints-violated' }, name);
});

t.test('a key of each algorithm gets the usages that it can have', skip, async (t) => {
  const keys: readonly [newKey: string, accepted: readonly string[], printed: string, refused: string][] = [
    [
      'rsa:2048',
      ['digitalSignature', 'keyEncipherment'],
      'Digital Signature, Key Encipherment',
      'keyAgreement',
    ],
    [
      'ec -pkeyopt ec_paramgen_curve:P-256',
      ['keyAgreement', 'encipherOnly'],
      'Key Agreement, Encipher Only',
      'keyEncipherment',
    ],
    ['ed25519', ['nonRepudiation'], 'Non Repudiation', 'keyAgreement'],
    [
      'ml-dsa-44',
      ['digitalSignature', 'nonRepudiation'],
      'Digital Signature, Non Repudiation',
      'dataEncipherment',
    ],
  ];
  for (const [newKey, key_usage, printed, refused] of keys) {
    const request = `req -new -newkey ${newKey} -nodes -keyout /dev/null -subj /CN=a -config configuration`;
    const csr = await judged(request, { configuration: '[req]\ndistinguished_name = dn\n[dn]\n' });
    const sign = (usages: readonly string[]) =>
      post('/api/v1/csr/sign', { csr, ...authority, key_usage: usages });
    const { answer } = await sign(key_usage);
    t.ok((await linesOf(pemOf(answer.certificate))).includes(printed), `${newKey}: ${printed}`);
    t.match((await sign(['digitalSignature', refused])).answer, {
      code: 'invalid-extension',
      error: /is not possible for an? [\w-]+ key/,
      errors: [{ pointer: '/key_usage/1' }],
    });
  }
});

t.test('OpenSSL prints the start and the end that a caller names', skip, async (t) => {
  const own = await selfSigned('ca', {
    days: undefined,
    not_before: '1950-01-01T00:00:00Z',
    not_after: '9999-12-31T23:59:59Z',
  });
  const printed = await linesOf(own);
  t.ok(printed.includes('Not Before: Jan  1 00:00:00 1950 GMT'));
  t.ok(printed.includes('Not After : Dec 31 23:59:59 9999 GMT'));
  t.equal(await judged('verify -x509_strict -check_ss_sig -CAfile own own', { own }), 'own: OK\n');
});

t.test('a CSR asks for the extensions of its profile, and OpenSSL reads them', skip, async (t) => {
  const { answer } = await post('/api/v1/csr/generate', {
    subject: '/CN=www.example.com',
    san: ['www.example.com'],
    profile: 'time-stamping',
    extensions: { certificate_policies: [{ oid: '1.3.6.1.4.1.32473.1' }] },
  });
  const text = await judged('req -in csr -noout -verify -text', { csr: pemOf(answer.csr) });
  const lines = text.split('\n').map((line) => line.trim());
  for (const line of [
    'CA:FALSE',
    'Digital Signature',
    'X509v3 Extended Key Usage: critical',
    'Time Stamping',
    'DNS:www.example.com',
    'Policy: 1.3.6.1.4.1.32473.1',
  ])
    t.ok(lines.includes(line), line);
  const { answer: plain } = await post('/api/v1/csr/generate', { subject: '/CN=a', san: ['a.example'] });
  const names = await judged('req -in csr -noout -text', { csr: pemOf(plain.csr) });
  t.notMatch(names, /Key Usage|Basic Constraints/, 'without a profile it asks for its names only');
});

t.test('OpenSSL accepts OCSP responses of a responder, and of no other certificate', skip, async (t) => {
  const requests = await Promise.all(
    ['/CN=responder', '/CN=leaf'].map((subject) => post('/api/v1/csr/generate', { subject })),
  );
  const [responder, leaf] = requests.map(({ answer }) => answer);
  const sign = async (csr: string, profile: ProfileName) =>
    pemOf((await post('/api/v1/csr/sign', { csr, ...authority, profile })).answer.certificate);
  const certificate = await sign(leaf.csr, 'tls');
  for (const profile of ['ocsp-responder', 'tls-server'] as const) {
    const files = {
      ca: roots,
      leaf: certificate,
      responder: await sign(responder.csr, profile),
      key: pemOf(responder.private_key),
      index: '',
    };
    const folder = t.testdir({});
    const [request, response] = [join(folder, 'request'), join(folder, 'response')];
    await judged(`ocsp -issuer ca -cert leaf -no_nonce -reqout ${request}`, files);
    const respond = `ocsp -index index -CA ca -rsigner responder -rkey key -reqin ${request} -respout ${response}`;
    await judged(respond, files);
    const verify = `ocsp -respin ${response} -issuer ca -cert leaf -CAfile ca -no_nonce`;
    const { stderr } = await openssl(verify.split(' '), { files });
    t.match(
      stderr,
      profile === 'ocsp-responder' ? /Response verify OK/ : /missing ocspsigning usage/,
      stderr,
    );
  }
});
