/** SLH-DSA through the API. OpenSSL 3.5 reads, verifies and makes what the service does. */

import t, { type Test } from 'tap';
import { SLH_DSA, slhDsaStandardName } from '../../src/algorithms/slh-dsa/parameter-sets.ts';
import { opensslMissing } from '../support/openssl.ts';
import { pemOf, poster, startApp } from '../support/service.ts';
import { TESTED_SETS } from '../support/slh-dsa-sets.ts';
import { judged, verifyAll } from './judge.ts';

const app = await startApp(t);
const post = poster(app);
const skip = { skip: opensslMissing };

/** Returns the reply of a request that must succeed. */
async function done(path: string, payload: object) {
  const { statusCode, answer, body } = await post(`/api/v1/${path}`, payload);
  if (statusCode !== 200) throw new Error(`${path}: ${body}`);
  return answer;
}

const subject = '/CN=www.example.com/O=Example Org';
const san = ['www.example.com'];
const text = (base64: string): string => pemOf(base64).toString();

const newAuthority = (key_algorithm: string) =>
  done('certificate/generate', { subject: `/CN=${key_algorithm} root`, is_ca: true, key_algorithm });

for (const key_algorithm of TESTED_SETS)
  t.test(`${key_algorithm}: key, certificates and CSR`, skip, async (t) => {
    const pair = await done('keys/generate', { key_algorithm });
    t.strictSame(Object.keys(pair).toSorted(), ['key_algorithm', 'private_key', 'public_key']);
    t.equal(pair.key_algorithm, key_algorithm);
    const derived = await judged('pkey -in key -pubout', { key: text(pair.private_key) });
    t.equal(derived, text(pair.public_key), 'OpenSSL derives the same public key');

    const leaf = await done('certificate/generate', { subject, san, key_algorithm });
    t.match(leaf, { key_algorithm, security_level: undefined, subject });
    t.equal(leaf.sizes.signature, SLH_DSA[key_algorithm].signatureLength);
    const certificate = text(leaf.certificate);
    await verifyAll(t, { certificate }, certificate, '-check_ss_sig');
    const shown = await judged('x509 -in file -noout -text -nameopt oneline', { file: certificate });
    t.match(shown, `Signature Algorithm: ${slhDsaStandardName(key_algorithm)}`);
    t.match(shown, /Key Usage: critical\s+Digital Signature\n/);

    const requested = await done('csr/generate', { subject, san, key_algorithm });
    t.match(requested, { key_algorithm, security_level: undefined });
    await judged('req -in csr -verify -noout', { csr: text(requested.csr) });

    const root = await newAuthority(key_algorithm);
    const ca = { ca_certificate: root.certificate, ca_private_key: root.private_key };
    const signed = await done('csr/sign', { csr: requested.csr, ...ca });
    t.match(signed, { key_algorithm, security_level: undefined });
    await verifyAll(t, { signed: text(signed.certificate) }, text(root.certificate), '-purpose sslserver');
  });

t.test('a CA of SLH-DSA certifies ML-DSA, and a CA of ML-DSA certifies SLH-DSA', skip, async (t) => {
  const mixed = ['slh-dsa-sha2-128f', 'ml-dsa-65'] as const;
  for (const [ca, key_algorithm] of [mixed, mixed.toReversed()]) {
    const root = await newAuthority(ca ?? '');
    const { csr } = await done('csr/generate', { subject, san, key_algorithm });
    const members = { csr, ca_certificate: root.certificate, ca_private_key: root.private_key };
    const { certificate } = await done('csr/sign', members);
    await verifyAll(t, { leaf: text(certificate) }, text(root.certificate), '-purpose sslserver');
    const preview = await done('csr/sign', { ...members, dry_run: true });
    t.match(preview, { dry_run: true, findings: [] });
    const { answer } = await post('/api/v1/csr/sign', { ...members, key_usage: ['keyEncipherment'] });
    t.match(answer, {
      code: 'invalid-extension',
      detail: /keyEncipherment is not possible for an (SLH|ML)-DSA/,
    });
  }
});

t.test('a CSR of OpenSSL is signed, and its key and certificate are read', skip, async (t) => {
  const key = await judged('genpkey -algorithm SLH-DSA-SHAKE-128f', {});
  const csr = await judged('req -new -key key -subj /CN=a.example -addext subjectAltName=DNS:a.example', {
    key,
  });
  const root = await newAuthority('ml-dsa-44');
  const signed = await done('csr/sign', {
    csr,
    ca_certificate: root.certificate,
    ca_private_key: root.private_key,
  });
  t.match(signed, { key_algorithm: 'slh-dsa-shake-128f', notes: [] });
  const match = await done('keys/match', { private_key: key, csr, certificate: signed.certificate });
  t.equal(match.match, true);
  const own = await judged('req -x509 -key key -subj /CN=a.example', { key });
  t.match(await done('certificate/inspect', { certificate: own }), {
    public_key: { algorithm: 'slh-dsa-shake-128f' },
    signature_algorithm: 'SLH-DSA-SHAKE-128f',
    signature_valid: true,
  });
  t.match(await done('csr/inspect', { csr }), { signature_valid: true });
  const changed = csr.replace(/.{8}(?=.{56}\n.{1,64}\n-----END)/, 'AAAAAAAA');
  t.match(await done('csr/inspect', { csr: changed }), { signature_valid: false });
});

/** Members that contradict each other, with the member at fault. */
const CONTRADICTIONS: readonly (readonly [
  path: string,
  members: object,
  pointer: string,
  message: RegExp,
])[] = [
  [
    'keys/generate',
    { security_level: 'ml-dsa-44', key_algorithm: 'ml-dsa-65' },
    '/key_algorithm',
    /security_level ml-dsa-44/,
  ],
  [
    'keys/generate',
    { key_algorithm: 'slh-dsa-sha2-128f', key_format: 'seed' },
    '/key_format',
    /one form only/,
  ],
  [
    'csr/generate',
    { subject, security_level: 'ml-dsa-65', key_algorithm: 'slh-dsa-sha2-128f' },
    '/key_algorithm',
    /not allowed/,
  ],
  [
    'certificate/generate',
    { subject, key_algorithm: 'slh-dsa-sha2-128f', key_format: 'both' },
    '/key_format',
    /one form/,
  ],
  [
    'certificate/generate',
    { subject, key_algorithm: 'slh-dsa-sha2-512f' },
    '/key_algorithm',
    /must be one of ml-dsa-44/,
  ],
  [
    'certificate/generate',
    { subject, security_level: 'slh-dsa-sha2-128f' },
    '/security_level',
    /member key_algorithm/,
  ],
  [
    'certificate/generate',
    { subject, key_algorithm: 'ML-KEM-768' },
    '/key_algorithm',
    /ML-KEM keys cannot sign/,
  ],
];

t.test('members that contradict each other are refused', async (t) => {
  for (const [path, members, pointer, message] of CONTRADICTIONS) {
    const { statusCode, answer } = await post(`/api/v1/${path}`, members);
    t.equal(statusCode, 400);
    t.match(answer, { errors: [{ pointer, message }] }, JSON.stringify(members));
  }
});

t.test('the names of FIPS 205 and of the object identifiers are read', async (t) => {
  for (const key_algorithm of ['SLH-DSA-SHA2-128f', 'id-slh-dsa-sha2-128f', 'slh_dsa_sha2_128f'])
    t.match(await done('keys/generate', { key_algorithm }), { key_algorithm: 'slh-dsa-sha2-128f' });
  t.match(await done('keys/generate', { key_algorithm: 'ML-DSA-44' }), {
    security_level: 'ml-dsa-44',
    key_algorithm: undefined,
    key_format: 'seed',
  });
});

const { private_key: key } = await done('keys/generate', { key_algorithm: 'slh-dsa-sha2-192f' });

t.test('a key is inspected and identified', async (t) => {
  const shown = await done('keys/inspect', { key });
  t.match(shown, { algorithm: 'slh-dsa-sha2-192f', valid: true, sizes: { private_key: 96, public_key: 48 } });
  t.strictSame(clausesOf(shown), {
    structure: 'RFC 5958 §2',
    algorithm: 'RFC 9909 §3',
    'private-key': 'RFC 9909 §7',
    'key-pair': 'FIPS 205 §9.1',
    'not-published': 'RFC 9909 appendix C',
  });
  const der = pemOf((await done('keys/convert', { key, encoding: 'der' })).private_key);
  const last = der.length - 1;
  der[last] = (der[last] ?? 0) ^ 1;
  const other = await done('keys/inspect', { key: der.toString('base64') });
  t.match(other, { valid: false, algorithm: 'SLH-DSA-SHA2-192f' });
  t.match(other.checks.at(-1), {
    check: 'key-pair',
    passed: false,
    message: /PK\.root/,
    clause: 'FIPS 205 §9.1',
  });
  const found = await done('identify', { data: key });
  t.match(found.parts, [{ type: 'private-key', facts: { algorithm: 'slh-dsa-sha2-192f' } }]);
});

const clausesOf = ({ checks }: { checks: { check: string; clause: string }[] }) =>
  Object.fromEntries(checks.map(({ check, clause }) => [check, clause]));

/** Converts the key, and converts the result back. */
async function thereAndBack(t: Test, choice: object, back: object = {}) {
  const converted = await done('keys/convert', { key, ...choice });
  t.match(converted, { key_algorithm: 'slh-dsa-sha2-192f', key_format: undefined });
  const again = await done('keys/convert', { key: converted.private_key, ...back });
  t.equal(again.private_key, key, JSON.stringify(choice));
  return pemOf(converted.private_key);
}

t.test('a key is converted to each form and back', skip, async (t) => {
  const password = 'correct horse battery staple';
  await thereAndBack(t, { target: 'openssl' });
  await thereAndBack(t, { encoding: 'der' });
  await thereAndBack(t, { include_public_key: true });
  const encrypted = await thereAndBack(
    t,
    { format: 'encrypted-pkcs8', new_password: password },
    { password },
  );
  t.match(await judged(['pkey', '-in', 'key', '-passin', `pass:${password}`], { key: encrypted }), text(key));
  const pfx = await thereAndBack(t, { format: 'pkcs12', new_password: password }, { password });
  const opened = ['pkcs12', '-in', 'pfx', '-nodes', '-passin', `pass:${password}`];
  t.match(await judged(opened, { pfx }), text(key), 'OpenSSL opens the PKCS #12');
  for (const encoding of ['binary', 'hex']) {
    const raw = await thereAndBack(t, { format: 'raw', encoding }, { key_algorithm: 'SLH-DSA-SHA2-192f' });
    t.equal(raw.length, encoding === 'hex' ? 192 : 96);
  }
});

t.test('a form that the key does not have is refused with the reason', async (t) => {
  const { answer: raw } = await post('/api/v1/keys/convert', { key, format: 'raw' });
  const refused: readonly (readonly [members: object, pointer: string, message: RegExp])[] = [
    [{ key, format: 'jwk' }, '/format', /RFC 9964 has the form for ML-DSA only/],
    [{ key, format: 'pkcs1' }, '/format', /RSA keys/],
    [{ key, key_format: 'seed' }, '/key_format', /A key of slh-dsa has no seed/],
    [{ key: raw.private_key }, '/key_algorithm', /96 octets .* slh-dsa-sha2-192s, slh-dsa-sha2-192f/],
    [
      { key: raw.private_key, key_algorithm: 'slh-dsa-sha2-128f' },
      '/key',
      /the length for slh-dsa-sha2-192s/,
    ],
  ];
  for (const [members, pointer, message] of refused) {
    const { statusCode, answer } = await post('/api/v1/keys/convert', members);
    t.equal(statusCode, 400);
    t.match(answer, { errors: [{ pointer, message }] });
  }
});
