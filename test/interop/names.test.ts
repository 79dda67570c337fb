/** Names of requests that OpenSSL writes, and of certificates that it reads, beyond those of a TLS server. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { ROOT } from '../support/process.ts';
import { pemOf, poster, startApp } from '../support/service.ts';

const app = await startApp(t);
const post = poster(app);
const skip = { skip: opensslMissing };

const { answer: ca } = await post('/api/v1/certificate/generate', { subject: '/CN=Root', is_ca: true });
const authority = { ca_certificate: ca.certificate, ca_private_key: ca.private_key };

const SECTIONS = `
oid_section = types
[types]
matterNodeId = 1.3.6.1.4.1.37244.1.1
vendorName = 1.2.3.4
[mail]
otherName.0 = 1.3.6.1.5.5.7.8.9;FORMAT:UTF8,UTF8:é@example.com
otherName.1 = 1.3.6.1.5.5.7.8.7;IA5:_ldap.example.com
[req]
distinguished_name = subject
[subject]
[krb5]
realm = EXP:0,GeneralString:REALM
principal = EXP:1,SEQUENCE:principal
[principal]
type = EXP:0,INTEGER:1
strings = EXP:1,SEQUENCE:strings
[strings]
a = GeneralString:host
b = GeneralString:a.example
`;

/** Returns a CSR in PEM. */
async function request(subject: string, san?: string): Promise<string> {
  const words =
    'req -new -utf8 -config conf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -subj';
  const extra = san === undefined ? [] : ['-reqexts', 'wish'];
  const files = { conf: `${SECTIONS}\n[wish]\nsubjectAltName = ${san ?? ''}\n` };
  const { stdout, stderr } = await openssl([...words.split(' '), subject, ...extra], { files });
  if (stdout.length === 0) throw new Error(stderr);
  return stdout.toString();
}

const sign = async (csr: string, body: object = {}) =>
  post('/api/v1/csr/sign', { csr, ...authority, ...body });

/** Returns what OpenSSL prints of a certificate that it also verifies. */
async function shown(certificate: string): Promise<string> {
  const files = { ca: pemOf(ca.certificate), leaf: pemOf(certificate) };
  const verified = await openssl(['verify', '-x509_strict', '-CAfile', 'ca', 'leaf'], { files });
  if (verified.code !== 0) throw new Error(verified.stderr);
  const args = ['x509', '-in', 'leaf', '-noout', '-text', '-nameopt', 'oneline,utf8,-esc_msb'];
  return (await openssl(args, { files })).stdout.toString();
}

t.test('the subjects of Cisco, Matter and others are certified', skip, async (t) => {
  for (const [subject, text] of [
    ['unstructuredName=r1.example.com', 'unstructuredName = r1.example.com'],
    ['matterNodeId=DEDEDEDE00010001', '1.3.6.1.4.1.37244.1.1 = DEDEDEDE00010001'],
    ['vendorName=é', '1.2.3.4 = é'],
    ['role=admin/houseIdentifier=7', 'houseIdentifier = 7'],
  ] as const) {
    const { statusCode, answer } = await sign(await request(`/${subject}`));
    t.equal(statusCode, 200, answer.error);
    t.ok(answer.subject.endsWith(text.replace(' = ', '=')), answer.subject);
    t.ok((await shown(answer.certificate)).includes(text), text);
  }
});

const CERTMONGER =
  'DNS:a.example,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:host/a.example@REALM,otherName:1.3.6.1.5.2.2;SEQUENCE:krb5';

t.test('the DNS name of a request of certmonger is certified, its otherNames are listed', skip, async (t) => {
  const csr = await request('/CN=a.example', CERTMONGER);
  const { answer } = await sign(csr);
  t.same(answer.ignored_names, [
    { index: 1, type: '1.3.6.1.4.1.311.20.2.3' },
    { index: 2, type: '1.3.6.1.5.2.2' },
  ]);
  t.match(await shown(answer.certificate), /Alternative Name:\s+DNS:a\.example\n/);
  const preview = await sign(csr, { dry_run: true });
  t.same(preview.answer.ignored_names, answer.ignored_names);
  t.same(preview.answer.san, ['DNS:a.example']);
  const inspected = await post('/api/v1/csr/inspect', { csr });
  t.same(inspected.answer.san, ['DNS:a.example', 'UPN:host/a.example@REALM', 'KRB5:host/a.example@REALM']);
  const onlyOthers = CERTMONGER.replace('DNS:a.example,', '');
  t.match((await sign(await request('/', onlyOthers))).answer, {
    code: 'invalid-csr',
    error: /empty subject/,
  });
});

t.test('the profile for mail grants SmtpUTF8Mailbox, those for TLS servers SRV', skip, async (t) => {
  const csr = await request('/CN=a', '@mail');
  const mail = (await sign(csr, { profile: 'email' })).answer;
  t.same(mail.ignored_names, [{ index: 1, type: '1.3.6.1.5.5.7.8.7' }]);
  t.match(await shown(mail.certificate), /SmtpUTF8Mailbox:é@example\.com\n/);
  const server = (await sign(csr, { profile: 'tls-server' })).answer;
  t.same(server.ignored_names, [{ index: 0, type: '1.3.6.1.5.5.7.8.9' }]);
  t.match(await shown(server.certificate), /SRVName:_ldap\.example\.com\n/);
});

t.test('OpenSSL reads every kind that a caller can write', skip, async (t) => {
  const san = [
    'UPN:user@example.com',
    'SmtpUTF8Mailbox:é@bücher.example',
    'SRV:_xmpp-client.example.com',
    'KRB5:user@EXAMPLE.COM',
    'otherName:1.2.3.4;UTF8:text',
    'URI:spiffe://cluster_1/ns/a',
    'my_service',
  ];
  const { answer: generated } = await post('/api/v1/csr/generate', {
    subject: '',
    san,
    dns_underscore: true,
  });
  const plain = await post('/api/v1/csr/sign', { csr: generated.csr, ...authority });
  t.match(plain.answer, { errors: [{ pointer: '/csr' }], error: /"my_service".*dns_underscore/ });
  const { answer } = await sign(generated.csr, { dns_underscore: true, san });
  t.same(
    answer.ignored_names.map(({ index }: { index: number }) => index),
    [0, 1, 3, 4],
  );
  const text = await shown(answer.certificate);
  for (const part of [
    /Alternative Name: critical/,
    /UPN:+user@example\.com/,
    /SmtpUTF8Mailbox:é@xn--bcher-kva\.example/,
    /SRVName:_xmpp-client\.example\.com/,
    /1\.3\.6\.1\.5\.2\.2:+<unsupported>/,
    /1\.2\.3\.4:+text/,
    /URI:spiffe:\/\/cluster_1\/ns\/a/,
    /DNS:my_service/,
  ])
    t.match(text, part);
  const inspected = await post('/api/v1/certificate/inspect', { certificate: answer.certificate });
  t.same(new Set(inspected.answer.san).size, san.length);
  t.ok(inspected.answer.san.includes('KRB5:user@EXAMPLE.COM'));
});

const program = (name: string): string =>
  readFileSync(join(ROOT, 'test/vectors/programs', `${name}.csr`), 'latin1');

t.test('the names that programs write are granted, listed or refused', skip, async (t) => {
  const cisco = (await sign(program('10-cisco-unstructuredname'))).answer;
  t.equal(cisco.subject, '/unstructuredName=r1.example.com');
  const matter = (await sign(program('11-matter-node-id'))).answer;
  t.equal(matter.subject, '/1.3.6.1.4.1.37244.1.1=DEDEDEDE00010001');
  const certmonger = (await sign(program('12a-certmonger-upn-krb5'))).answer;
  t.same(
    certmonger.ignored_names.map(({ type }: { type: string }) => type),
    ['1.3.6.1.4.1.311.20.2.3', '1.3.6.1.5.2.2'],
  );
  t.match(await shown(certmonger.certificate), /Alternative Name:\s+DNS:a\.example\n/);
  const underscore = program('16-san-underscore');
  const refused = await sign(underscore);
  t.match(refused.answer, {
    errors: [{ pointer: '/csr' }],
    error: /the character "_".*dns_underscore to true/,
  });
  const allowed = (await sign(underscore, { dns_underscore: true })).answer;
  t.match(await shown(allowed.certificate), /DNS:my_service\n/);
});

t.test('certificate/hybrid has the same names', skip, async (t) => {
  const { answer } = await post('/api/v1/certificate/hybrid', {
    subject: '/unstructuredName=a',
    classical_algorithm: 'ecdsa',
    san: ['UPN:user@example.com', 'a_b.example'],
    dns_underscore: true,
  });
  for (const certificate of [answer.ml_dsa_certificate, answer.classical_certificate]) {
    const files = { leaf: pemOf(certificate) };
    const { stdout } = await openssl(['x509', '-in', 'leaf', '-noout', '-text'], { files });
    t.match(stdout.toString(), /UPN:+user@example\.com, DNS:a_b\.example/);
  }
});
