import { createPrivateKey, X509Certificate } from 'node:crypto';
import t, { type Test } from 'tap';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { fingerprintOf, pemOf, poster, startApp } from '../support/service.ts';
import { textInspector } from '../support/texts.ts';

const app = await startApp(t);
const post = poster(app);
const generate = (body: object) => post('/api/v1/certificate/generate', body);
const hybrid = (body: object) => post('/api/v1/certificate/hybrid', body);
const inspect = (certificate: string) => post('/api/v1/certificate/inspect', { certificate });

const subject = '/CN=example.com/O=Example Org/C=US';
const SECONDS_A_DAY = 86_400;

const parsed = (base64: string) => new X509Certificate(pemOf(base64));

const daysOf = ({ validFromDate, validToDate }: X509Certificate) =>
  (validToDate.getTime() - validFromDate.getTime()) / 1000 / SECONDS_A_DAY;

async function print(base64: string): Promise<string> {
  const files = { certificate: pemOf(base64) };
  return (await openssl(['x509', '-in', 'certificate', '-noout', '-text'], { files })).stdout.toString();
}

t.test('a certificate comes with the members of the contract and its own key', async (t) => {
  const { statusCode, headers, answer } = await generate({ subject });
  t.equal(statusCode, 200);
  t.equal(headers['cache-control'], 'no-store');
  t.same(Object.keys(answer).toSorted(), [
    'certificate',
    'not_after',
    'not_before',
    'private_key',
    'public_key',
    'security_level',
    'sizes',
    'subject',
    'validity_days',
    'warnings',
  ]);
  t.match(answer, { security_level: 'ml-dsa-65', subject, validity_days: 365 });
  const certificate = parsed(answer.certificate);
  t.ok(certificate.checkPrivateKey(createPrivateKey(pemOf(answer.private_key))));
  t.equal(certificate.publicKey.export({ format: 'pem', type: 'spki' }), pemOf(answer.public_key).toString());
  t.equal(certificate.subject, 'CN=example.com\nO=Example Org\nC=US');
  t.equal(certificate.ca, false);
  t.equal(daysOf(certificate), 365);
  t.same(
    [answer.not_before, answer.not_after].map((moment) => new Date(moment)),
    [certificate.validFromDate, certificate.validToDate],
  );
  t.match(answer.sizes, { certificate: certificate.raw.length, public_key: 1952, signature: 3309 });
});

t.test('the certificate has the requested content', { skip: opensslMissing }, async (t) => {
  const san = ['DNS:www.example.com', 'example.com', 'IP:192.0.2.1', 'email:info@example.com'];
  const cases: [asked: object, ...says: RegExp[]][] = [
    [{ security_level: 'ml-dsa-44' }, /Public Key Algorithm: ML-DSA-44/, /Signature Algorithm: ML-DSA-44/],
    [{ security_level: 'ml-dsa-87' }, /Public Key Algorithm: ML-DSA-87/],
    [{ san }, /DNS:www\.example\.com, DNS:example\.com, IP Address:192\.0\.2\.1, email:info@example\.com/],
    [
      { is_ca: true },
      /Basic Constraints: critical\s+CA:TRUE/,
      /Digital Signature, Certificate Sign, CRL Sign/,
    ],
    [{ is_ca: false }, /Basic Constraints: critical\s+CA:FALSE/, /TLS Web Server Authentication/],
    [{ is_ca: null, san: null }, /CA:FALSE/],
  ];
  for (const [asked, ...says] of cases) {
    const { answer } = await generate({ subject, ...asked });
    const text = await print(answer.certificate);
    for (const saying of says) t.match(text, saying, JSON.stringify(asked));
  }
});

t.test('validity is 1 to 7300 whole days', async (t) => {
  for (const days of [1, 30, 7300]) {
    const { answer } = await generate({ subject, days, security_level: 'ml-dsa-44' });
    t.equal(answer.validity_days, days);
    t.equal(daysOf(parsed(answer.certificate)), days);
  }
  for (const days of [0, -1, 1.5, 7301, 2 ** 31, 2 ** 53, '30', '1e3', null, [30], {}, true]) {
    const { statusCode, answer } = await generate({ subject, days });
    t.equal(statusCode, 400, JSON.stringify(days));
    t.match(answer, {
      error: '`days` must be a whole number from 1 to 7300',
      errors: [{ pointer: '/days' }],
    });
  }
});

t.test('a number that is too large for JSON is refused as days', async (t) => {
  const { statusCode } = await app.inject({
    method: 'POST',
    url: '/api/v1/certificate/generate',
    headers: { 'content-type': 'application/json' },
    payload: `{"subject": "/CN=a", "days": 1e400}`,
  });
  t.equal(statusCode, 400);
});

t.test('up to 100 names are certified', async (t) => {
  const names = (count: number) => Array.from({ length: count }, (_, i) => `DNS:host-${i}.example.com`);
  for (const count of [0, 1, 100]) {
    const { answer } = await generate({ subject, san: names(count), security_level: 'ml-dsa-44' });
    const certified = parsed(answer.certificate).subjectAltName?.split(', ') ?? [];
    t.same(certified, names(count));
  }
  for (const count of [101, 3000]) {
    const { statusCode, answer } = await generate({ subject, san: names(count) });
    t.equal(statusCode, 400);
    t.match(answer.error, /`san` must be an array of at most 100/);
  }
});

t.test('every form of the private key is that of the certificate', { skip: opensslMissing }, async (t) => {
  for (const key_format of ['seed', 'expanded', 'both']) {
    const { answer } = await generate({ subject, key_format });
    const files = { key: pemOf(answer.private_key) };
    const derived = await openssl(['pkey', '-in', 'key', '-pubout'], { files });
    t.equal(derived.stdout.toString(), pemOf(answer.public_key).toString(), key_format);
  }
});

async function judgeHybridPair(t: Test, asked: object, classical: RegExp): Promise<void> {
  const san = ['DNS:www.example.com', 'IP:192.0.2.1'];
  const { statusCode, headers, answer } = await hybrid({ subject, san, days: 90, ...asked });
  t.equal(statusCode, 200);
  t.equal(headers['cache-control'], 'no-store');
  t.same(Object.keys(answer).toSorted(), [
    'classical_algorithm',
    'classical_certificate',
    'classical_private_key',
    'classical_public_key',
    'ml_dsa_certificate',
    'ml_dsa_private_key',
    'ml_dsa_public_key',
    'not_after',
    'not_before',
    'security_level',
    'sizes',
    'subject',
    'validity_days',
    'warnings',
  ]);
  t.match(answer, { ...asked, security_level: 'ml-dsa-65', subject, validity_days: 90 });
  const [post, pre] = [parsed(answer.ml_dsa_certificate), parsed(answer.classical_certificate)];
  for (const member of ['subject', 'issuer', 'subjectAltName', 'validFrom', 'validTo'] as const)
    t.equal(pre[member], post[member], member);
  t.not(pre.serialNumber, post.serialNumber);
  for (const [certificate, kind] of [
    [post, 'ml_dsa'],
    [pre, 'classical'],
  ] as const) {
    t.ok(certificate.verify(certificate.publicKey), `${kind} verifies alone`);
    t.ok(certificate.checkPrivateKey(createPrivateKey(pemOf(answer[`${kind}_private_key`]))));
    const spki = certificate.publicKey.export({ format: 'pem', type: 'spki' });
    t.equal(spki, pemOf(answer[`${kind}_public_key`]).toString());
  }
  t.match(answer.sizes, {
    ml_dsa: { certificate: post.raw.length, public_key: 1952, signature: 3309 },
    classical: { certificate: pre.raw.length },
  });
  t.match(await print(answer.ml_dsa_certificate), /ML-DSA-65/);
  t.match(await print(answer.classical_certificate), classical);
}

t.test('a hybrid pair shares subject, names and validity', { skip: opensslMissing }, async (t) => {
  await judgeHybridPair(t, { classical_algorithm: 'rsa' }, /\(3072 bit\)/);
  await judgeHybridPair(t, { classical_algorithm: 'ecdsa' }, /NIST CURVE: P-256/);
});

t.test('size and curve of the classical key can be chosen', async (t) => {
  const cases: [asked: object, details: object][] = [
    [{ classical_algorithm: 'rsa', rsa_key_size: 2048 }, { modulusLength: 2048 }],
    [{ classical_algorithm: 'rsa', rsa_key_size: 4096 }, { modulusLength: 4096 }],
    [{ classical_algorithm: 'ecdsa', ec_curve: 'P-384' }, { namedCurve: 'secp384r1' }],
    [{ classical_algorithm: 'ecdsa', ec_curve: 'P-521' }, { namedCurve: 'secp521r1' }],
  ];
  for (const [asked, details] of cases) {
    const { answer } = await hybrid({ subject, ...asked });
    t.match(parsed(answer.classical_certificate).publicKey.asymmetricKeyDetails, details);
  }
});

t.test('a choice for the other classical algorithm is refused by its name', async (t) => {
  const cases: [asked: object, pointer: string][] = [
    [{ classical_algorithm: 'rsa', ec_curve: 'P-256' }, '/ec_curve'],
    [{ classical_algorithm: 'ecdsa', rsa_key_size: 2048 }, '/rsa_key_size'],
    [{ classical_algorithm: 'rsa', rsa_key_size: 1024 }, '/rsa_key_size'],
    [{ classical_algorithm: 'ecdsa', ec_curve: 'P-192' }, '/ec_curve'],
    [{ classical_algorithm: 'ed25519' }, '/classical_algorithm'],
    [{}, '/classical_algorithm'],
  ];
  for (const [asked, pointer] of cases) {
    const { statusCode, answer } = await hybrid({ subject, ...asked });
    t.equal(statusCode, 400);
    t.match(answer, { errors: [{ pointer }] }, JSON.stringify(asked));
    t.match(answer.error, new RegExp(pointer.slice(1)));
  }
});

t.test('inspection shows what Node reads from the same certificate', async (t) => {
  const made = await generate({ subject, san: ['DNS:www.example.com'], is_ca: true });
  const certificate = parsed(made.answer.certificate);
  const { statusCode, answer } = await inspect(made.answer.certificate);
  t.equal(statusCode, 200);
  t.match(answer, {
    version: 3,
    serial_number: certificate.serialNumber,
    subject,
    issuer: subject,
    not_before: `${certificate.validFromDate.toISOString().slice(0, 19)}Z`,
    not_after: `${certificate.validToDate.toISOString().slice(0, 19)}Z`,
    self_issued: true,
    signature_valid: true,
    is_ca: true,
    san: ['DNS:www.example.com'],
    public_key: { algorithm: 'ml-dsa-65', size: 1974 },
    fingerprints: { sha1: certificate.fingerprint, sha256: certificate.fingerprint256 },
    sizes: {
      certificate: certificate.raw.length,
      pem: pemOf(made.answer.certificate).length,
      public_key: 1952,
      signature: 3309,
    },
  });
  const spki = certificate.publicKey.export({ format: 'der', type: 'spki' });
  const description = await textInspector(app.inspector).certificate(made.answer.certificate);
  const { sizes, ...members } = JSON.parse(JSON.stringify(description));
  const { chain, url_encoded_pem } = answer.sizes;
  const added = { warnings: answer.warnings, notes: [], findings: [] };
  t.same(
    answer,
    { ...members, sizes: { ...sizes, chain, url_encoded_pem }, ...added },
    'nothing is left out',
  );
  t.equal(answer.public_key.sha256_fingerprint, fingerprintOf('sha256', spki));
});

t.test('a certificate is read from base64 of PEM, PEM and base64 of DER', async (t) => {
  const { answer } = await generate({ subject });
  const certificate = parsed(answer.certificate);
  const forms = [
    answer.certificate,
    pemOf(answer.certificate).toString(),
    certificate.raw.toString('base64'),
  ];
  for (const form of forms) {
    const { answer: shown } = await inspect(form);
    t.equal(shown.fingerprints.sha256, certificate.fingerprint256);
  }
});

t.test('what is no certificate is a 400 that names the member', async (t) => {
  const { answer } = await generate({ subject });
  const cut = parsed(answer.certificate).raw.subarray(0, -1).toString('base64');
  const longer = Buffer.concat([parsed(answer.certificate).raw, Buffer.of(0)]).toString('base64');
  for (const text of ['nothing', '====', cut, longer, answer.private_key, answer.public_key]) {
    const { statusCode, body, answer: refusal } = await inspect(text);
    t.equal(statusCode, 400);
    t.match(refusal, { errors: [{ pointer: '/certificate' }] });
    t.notMatch(body, text.slice(0, 40), 'what came is not echoed');
  }
});
