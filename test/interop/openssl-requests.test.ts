/** The service signs CSRs from OpenSSL 3.5, and signs with CAs from OpenSSL 3.5. OpenSSL verifies the results. */

import t, { type Test } from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { formatOneLine } from '../../src/x509/names/name-text.ts';
import { same } from '../algorithms/ml-dsa/octets.ts';
import { authority, certificatePem, openDomain } from '../support/domain.ts';
import type { SignCsrText } from '../support/texts.ts';
import { opensslMissing } from '../support/openssl.ts';
import { judged, verifyAll } from './judge.ts';

const { issuer } = await openDomain(t);
const skip = { skip: opensslMissing };

/** Arguments of OpenSSL for a new key, by our name of the algorithm. */
const NEW_KEYS: Readonly<Record<string, string>> = {
  'ml-dsa-44': 'ml-dsa-44',
  'ml-dsa-65': 'ml-dsa-65',
  'ml-dsa-87': 'ml-dsa-87',
  'rsa-2048': 'rsa:2048',
  'ecdsa-p256': 'ec -pkeyopt ec_paramgen_curve:P-256',
  'ecdsa-p384': 'ec -pkeyopt ec_paramgen_curve:P-384',
  'ecdsa-p521': 'ec -pkeyopt ec_paramgen_curve:P-521',
  ed25519: 'ed25519',
};

/** Returns a CA that the service issued. */
const { certificate, key } = await issuer.selfSigned({
  algorithm: 'ml-dsa-44',
  subject: '/CN=Example Root',
  days: 3650,
  isCa: true,
});
const ca = { pem: certificatePem(certificate), member: await authority(certificate, key) };

const sign = (csr: string, wish: Partial<SignCsrText> = {}) =>
  issuer.signCsr({ csr, ...ca.member, days: 30, isCa: false, ...wish });

/** Returns a CSR with a new key, the arguments of `options`, and the configuration if there is one. */
const request = (key: string, options: string, configuration = '[req]\ndistinguished_name = dn\n[dn]\n') =>
  judged(`req -new -newkey ${key} -nodes -keyout /dev/null -config configuration ${options}`, {
    configuration,
  });

const expectVerified = (t: Test, leaves: readonly Uint8Array[], roots = ca.pem): Promise<void> => {
  const files = leaves.map((leaf, index) => [`leaf${index}`, certificatePem(leaf)]);
  return verifyAll(t, Object.fromEntries(files), roots, '-purpose sslserver');
};

t.test('CSRs of every algorithm are signed', skip, async (t) => {
  const leaves: Uint8Array[] = [];
  for (const [algorithm, newKey] of Object.entries(NEW_KEYS)) {
    const csr = await request(newKey, '-subj /CN=a.example -addext subjectAltName=DNS:a.example');
    const signed = await sign(csr);
    t.equal(signed.keyAlgorithm, algorithm);
    leaves.push(signed.certificate);
  }
  await expectVerified(t, leaves);
});

t.test('CSRs with an RSASSA-PSS signature are signed', skip, async (t) => {
  for (const options of [
    '-sha256',
    '-sha384 -sigopt rsa_pss_saltlen:20',
    '-sha512 -sigopt rsa_pss_saltlen:max',
  ]) {
    const csr = await request('rsa:2048', `-subj /CN=a.example -sigopt rsa_padding_mode:pss ${options}`);
    await t.resolves(sign(csr), options);
  }
});

t.test('the error for an unsupported algorithm names the algorithm', skip, async (t) => {
  const faults: [key: string, options: string, code: string, message: RegExp][] = [
    ['rsa:2048', '-sha1', 'unsupported-algorithm', /sha1WithRSAEncryption/],
    ['rsa:2048', '-sha1 -sigopt rsa_padding_mode:pss', 'unsupported-algorithm', /SHA-1/],
    ['rsa:1024', '', 'invalid-public-key', /2048/],
    ['ec -pkeyopt ec_paramgen_curve:secp256k1', '', 'unsupported-algorithm', /secp256k1/],
    [
      'ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit',
      '',
      'unsupported-algorithm',
      /curve/,
    ],
    ['ed448', '', 'unsupported-algorithm', /Ed448/],
    ['rsa-pss -pkeyopt rsa_keygen_bits:2048', '', 'unsupported-algorithm', /RSASSA-PSS/],
  ];
  for (const [newKey, options, code, message] of faults) {
    const csr = await request(newKey, `-subj /CN=a.example ${options}`);
    await t.rejects(sign(csr), { code, message, pointer: '/csr' }, `${newKey} ${options}`);
  }
});

const SUBJECT = `
[req]
prompt = no
distinguished_name = subject
string_mask = MASK
attributes = attributes
[subject]
C = US
O = Example Org
0.OU = first
1.OU = second
CN = a.example
+UID = 7
[attributes]
challengePassword = canary-password
unstructuredName = any
`;

t.test('the subject keeps its octets, and attributes are ignored', skip, async (t) => {
  for (const [mask, stringType] of [
    ['utf8only', 'UTF8STRING'],
    ['default', 'PRINTABLESTRING'],
  ]) {
    const csr = await request('ed25519', '', SUBJECT.replace('MASK', mask ?? ''));
    t.match(csr, /BEGIN/);
    const signed = await sign(csr);
    const show = 'req -in csr -noout -subject -nameopt show_type,sep_multiline,sname';
    const asked = await judged(show, { csr });
    const granted = await judged(show.replace(/^req -in csr/, 'x509 -in leaf'), {
      leaf: certificatePem(signed.certificate),
    });
    t.equal(granted, asked, 'string types and order are those of the CSR');
    t.match(granted, new RegExp(`O=${stringType}:Example Org`));
    t.match(granted, /CN=\w+:a\.example \+ UID=|UID=\w+:7 \+ CN=/);
    t.equal(formatOneLine(signed.subject), '/C=US/O=Example Org/OU=first/OU=second/UID=7+CN=a.example');
    t.notOk(Buffer.from(signed.certificate).includes('canary'), 'no password is copied');
    t.same(signed.ignoredExtensions, []);
    await expectVerified(t, [signed.certificate]);
  }
});

const CA_OPTIONS =
  '-days 3000 -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign';

async function opensslCa(newKey: string, options: string, configuration?: string) {
  const text = await judged(
    `req -x509 -new -newkey ${newKey} -nodes -config configuration ${CA_OPTIONS} ${options}`,
    { configuration: configuration ?? '[req]\ndistinguished_name = dn\n[dn]\n' },
  );
  const [key = '', caCertificate = ''] = text.split(/(?=-----BEGIN CERTIFICATE-----)/);
  return { caPrivateKey: Buffer.from(key), caCertificate };
}

t.test('the service signs with a CA of each algorithm from OpenSSL', skip, async (t) => {
  const csr = await request('ml-dsa-65', '-subj /CN=a.example -addext subjectAltName=DNS:a.example');
  const leaves: Uint8Array[] = [];
  let roots = '';
  for (const [algorithm, newKey] of Object.entries(NEW_KEYS)) {
    const member = await opensslCa(newKey, `-subj /CN=${algorithm}/O=Org`);
    const { certificate, issuer } = await sign(csr, member);
    t.equal(formatOneLine(issuer), `/CN=${algorithm}/O=Org`);
    const { subject } = readCertificate(checkDer(pemBody(member.caCertificate)));
    t.ok(
      same(readCertificate(checkDer(certificate)).issuer, subject),
      'issuer is the subject of the CA, octet for octet',
    );
    leaves.push(certificate);
    roots += member.caCertificate;
  }
  await expectVerified(t, leaves, roots);
});

const pemBody = (text: string): Uint8Array =>
  new Uint8Array(Buffer.from(text.replace(/-----[^-]+-----/g, ''), 'base64'));

t.test('the issuer name keeps the string types of the CA certificate', skip, async (t) => {
  const csr = await request('ed25519', '-subj /CN=a.example');
  const subject =
    '[req]\nprompt = no\ndistinguished_name = dn\nstring_mask = MASK\n[dn]\nO = OR\nCN = Root\n';
  for (const [mask, organization, type] of [
    ['default', 'Org', 'PRINTABLESTRING'],
    ['default', 'Käse', 'T61STRING'],
    ['MASK:0x800', 'Käse', 'BMPSTRING'],
    ['utf8only', 'Käse', 'UTF8STRING'],
  ]) {
    const configuration = subject.replace('MASK', mask ?? '').replace('= OR', `= ${organization ?? ''}`);
    const member = await opensslCa('ed25519', '-utf8', configuration);
    const signed = await sign(csr, member);
    const leaf = certificatePem(signed.certificate);
    t.match(await judged('x509 -in leaf -noout -issuer -nameopt show_type,sname', { leaf }), `O=${type}:`);
    t.equal(formatOneLine(signed.issuer), `/O=${organization}/CN=Root`);
    await expectVerified(t, [signed.certificate], member.caCertificate);
  }
});
