/** ML-KEM through the API (RFC 9935): keys, and certificates for them. OpenSSL 3.5 reads and verifies them. */

import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ML_KEM_PARAMETER_SETS, mlKemStandardName } from '../../src/algorithms/ml-kem/parameter-sets.ts';
import { sequence } from '../../src/formats/der/writer.ts';
import { ML_DSA_ALGORITHM } from '../../src/formats/key-algorithm.ts';
import { readPemOrDer } from '../../src/formats/pem-or-der.ts';
import { KEY_FORMATS } from '../../src/keys/key.ts';
import { encodeSigned } from '../../src/x509/certificate-writer.ts';
import { encodeRequestInfo } from '../../src/x509/request-writer.ts';
import { openPatiently } from '../support/authorities.ts';
import { opensslMissing } from '../support/openssl.ts';
import { pemOf, poster, startApp } from '../support/service.ts';
import { judged, verifyAll } from './judge.ts';
import { requests } from './requests.ts';

const app = await startApp(t, { DATA_DIR: join(t.testdir(), 'data') }, openPatiently);
const skip = { skip: opensslMissing };

const post = poster(app);
const { done, refused } = requests(app);
const text = (base64: string): string => pemOf(base64).toString();
const subject = '/CN=a.example/O=Example';
const san = ['a.example'];

async function newAuthority(key_algorithm: string) {
  const { certificate, private_key } = await done('certificate/generate', {
    subject: `/CN=${key_algorithm} root`,
    is_ca: true,
    key_algorithm,
  });
  return { ca_certificate: certificate, ca_private_key: private_key };
}

const ca = await newAuthority('ml-dsa-65');
const pair = await done('keys/generate', { key_algorithm: 'ml-kem-768' });
const { private_key: key, public_key } = pair;

t.test('OpenSSL reads a key of every set in every form', skip, async (t) => {
  for (const key_algorithm of ML_KEM_PARAMETER_SETS)
    for (const key_format of KEY_FORMATS) {
      const made = await done('keys/generate', { key_algorithm, key_format });
      t.match(made, { key_algorithm, key_format, security_level: undefined });
      const derived = await judged('pkey -in key -pubout', { key: text(made.private_key) });
      t.equal(derived, text(made.public_key), `${key_algorithm} ${key_format}`);
    }
});

/** What RFC 9935 §5 requires of the certificate, as OpenSSL prints it. */
async function hasKeyEnciphermentOnly(t: Test, certificate: string, name: string): Promise<void> {
  const shown = await judged('x509 -in file -noout -text', { file: certificate });
  t.match(shown, `Public Key Algorithm: ${name}`);
  t.match(shown, /Key Usage: critical\s+Key Encipherment\n/);
  t.match(shown, /Extended Key Usage: \s+TLS Web Server Authentication\n/);
  t.match(shown, /CA:FALSE/);
}

t.test('a CA of the caller certifies a public key', skip, async (t) => {
  for (const issuer of [ca, await newAuthority('slh-dsa-sha2-128f')])
    for (const key_algorithm of ML_KEM_PARAMETER_SETS) {
      const made = await done('keys/generate', { key_algorithm });
      const signed = await done('csr/sign', { public_key: made.public_key, subject, san, ...issuer });
      t.match(signed, { key_algorithm, subject, security_level: undefined });
      t.strictSame(
        signed.notes.map(({ code, at }: { code: string; at: string }) => [code, at]),
        [
          ['encapsulation-key', '/public_key'],
          ['possession-not-proved', '/public_key'],
        ],
      );
      const certificate = text(signed.certificate);
      await verifyAll(t, { certificate }, text(issuer.ca_certificate), '-verify_hostname a.example');
      await hasKeyEnciphermentOnly(t, certificate, mlKemStandardName(key_algorithm));
      const match = {
        private_key: made.private_key,
        certificate: signed.certificate,
        chain: issuer.ca_certificate,
      };
      t.equal((await done('keys/match', match)).match, true);
      t.match(await done('certificate/inspect', { certificate }), {
        public_key: { algorithm: key_algorithm },
        key_usage: ['keyEncipherment'],
      });
    }
});

t.test('a public key of a signature algorithm is certified too', skip, async (t) => {
  const { public_key } = await done('keys/generate', {});
  const signed = await done('csr/sign', { public_key, san, ...ca });
  t.match(signed, { security_level: 'ml-dsa-65', subject: '/', notes: [{ code: 'possession-not-proved' }] });
  await verifyAll(
    t,
    { certificate: text(signed.certificate) },
    text(ca.ca_certificate),
    '-purpose sslclient',
  );
  await refused(
    t,
    'csr/sign',
    { public_key: text(ca.ca_certificate), subject, ...ca },
    {
      errors: [{ pointer: '/public_key' }],
    },
  );
});

t.test('a stored authority certifies a public key, and makes a key', skip, async (t) => {
  const root = await done('authorities', { name: 'root', subject: '/CN=Root', key_algorithm: 'ml-dsa-87' });
  const [{ certificate }] = root.keys;
  for (const order of [{ public_key }, { key_algorithm: 'ml-kem-768', key_format: 'both' }]) {
    const issued = await done('authorities/root/certificates', { ...order, subject, san });
    t.match(issued, { key_algorithm: 'ml-kem-768' });
    await verifyAll(t, { issued: text(issued.certificate) }, text(certificate), '-verify_hostname a.example');
    await hasKeyEnciphermentOnly(t, text(issued.certificate), 'ML-KEM-768');
    if (issued.private_key === undefined) continue;
    t.equal(await judged('pkey -in key -pubout', { key: text(issued.private_key) }), text(issued.public_key));
  }
  const preview = await done('authorities/root/certificates', {
    key_algorithm: 'ml-kem-512',
    subject,
    dry_run: true,
  });
  t.match(preview, { dry_run: true, key_usage: ['keyEncipherment'], sizes: { public_key: 800 } });
  const below = { name: 'below', subject: '/CN=Below', parent: 'root', key_algorithm: 'ml-kem-768' };
  await refused(t, 'authorities', below, { errors: [{ pointer: '/key_algorithm' }] });
  const renewed = await done('authorities/root/certificates', {
    public_key,
    subject,
    san,
    profile: 'tls-server',
  });
  const again = await done('authorities/root/certificates', { renew: renewed.id });
  t.match(again, { key_algorithm: 'ml-kem-768' });
});

/** What an ML-KEM key cannot have, with the reason. */
const IMPOSSIBLE: readonly (readonly [members: object, pointer: string, message: RegExp])[] = [
  [{ is_ca: true }, '/is_ca', /cannot sign, so it cannot be that of a CA/],
  [{ profile: 'ca' }, '/profile', /cannot sign, so it cannot be that of a CA/],
  [{ profile: 'code-signing' }, '/profile', /cannot sign, which the purpose codeSigning needs/],
  [{ profile: 'tls-client' }, '/profile', /the purpose clientAuth needs/],
  [{ profile: 'ocsp-responder' }, '/profile', /OCSPSigning/],
  [{ profile: 'svid' }, '/profile', /SVID/],
  [
    { key_usage: ['digitalSignature'] },
    '/key_usage/0',
    /digitalSignature is not possible for an ML-KEM key \(RFC 9935 §5\)/,
  ],
  [
    { key_usage: ['keyEncipherment', 'dataEncipherment'] },
    '/key_usage/1',
    /dataEncipherment is not possible/,
  ],
  [
    { extended_key_usage: ['serverAuth', 'clientAuth'] },
    '/extended_key_usage/1',
    /cannot sign, which the purpose clientAuth/,
  ],
];

t.test('what needs a signature is refused for a key that cannot sign', async (t) => {
  for (const [members, pointer, message] of IMPOSSIBLE) {
    const { statusCode, answer } = await post('/api/v1/csr/sign', {
      public_key,
      subject,
      san,
      ...ca,
      ...members,
    });
    t.equal(statusCode, 400, JSON.stringify(members));
    t.match(answer.detail, message);
    t.equal(answer.errors[0].pointer, pointer);
  }
  const purposes = { key_usage: ['keyEncipherment'], extended_key_usage: ['emailProtection'] };
  const email = await done('csr/sign', { public_key, subject, ...ca, ...purposes });
  t.match(email.notes, [{ code: 'possession-not-proved' }]);
  t.match(await done('certificate/inspect', { certificate: email.certificate }), {
    key_usage: ['keyEncipherment'],
    extended_key_usage: ['emailProtection'],
  });
});

t.test('routes that sign with the new key refuse ML-KEM, and say why', async (t) => {
  const reason = /ML-KEM keys cannot sign, so a CA certifies their public key/;
  for (const path of ['certificate/generate', 'csr/generate'])
    await refused(t, path, { subject, key_algorithm: 'ml-kem-768' }, { errors: [{ message: reason }] });
  await refused(t, 'keys/generate', { security_level: 'ml-kem-768' }, { errors: [{ message: reason }] });
  await refused(
    t,
    'csr/sign',
    { public_key, subject, ca_certificate: ca.ca_certificate, ca_private_key: key },
    { errors: [{ pointer: '/ca_private_key', message: /Keys of ML-KEM cannot sign/ }] },
  );
});

t.test('a CSR with a key of ML-KEM is refused, because it proves nothing', async (t) => {
  const { der: subjectPublicKeyInfo } = readPemOrDer(public_key, 'PUBLIC KEY');
  const info = encodeRequestInfo({ subject: sequence(), subjectPublicKeyInfo, extensions: [] });
  const signed = encodeSigned(info, ML_DSA_ALGORITHM['ml-dsa-44'], new Uint8Array(2420));
  const csr = Buffer.from(signed).toString('base64');
  const message = /cannot sign its CSR; send its public key as public_key/;
  const expected = { code: 'proof-of-possession-failed', errors: [{ pointer: '/csr', message }] };
  await refused(t, 'csr/sign', { csr, san, ...ca }, expected);
  t.match(await done('csr/inspect', { csr }), {
    public_key: { algorithm: 'ml-kem-768' },
    signature_valid: false,
  });
});

t.test('the key of a certificate is named in one way', async (t) => {
  const { csr } = await done('csr/generate', { subject });
  const expected = { code: 'invalid-order' };
  await refused(t, 'csr/sign', ca, {
    ...expected,
    errors: [{ pointer: '/csr', message: /or else public_key/ }],
  });
  await refused(
    t,
    'csr/sign',
    { csr, public_key, ...ca },
    { ...expected, errors: [{ pointer: '/public_key' }] },
  );
  await refused(t, 'csr/sign', { csr, subject, ...ca }, { ...expected, errors: [{ pointer: '/subject' }] });
  await refused(t, 'csr/sign', { public_key, ...ca }, { errors: [{ pointer: '/subject' }] });
  const own = await done('keys/convert', { key: ca.ca_private_key });
  await refused(
    t,
    'csr/sign',
    { public_key: own.public_key, subject, ...ca },
    {
      code: 'issuer-key-reused',
      errors: [{ pointer: '/public_key' }],
    },
  );
});
