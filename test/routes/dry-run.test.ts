/** A dry run shows what would be issued, and issues nothing. */

import t, { type Test } from 'tap';
import { issuerOver, keysThatSign, openDomain } from '../support/domain.ts';
import { poster, startApp } from '../support/service.ts';

const app = await startApp(t);
const post = poster(app);
const subject = '/CN=www.example.com/O=Example Org';
const san = ['DNS:www.example.com', 'IP:192.0.2.1'];

/** What a dry run cannot know. */
const UNKNOWN = ['serial_number', 'signature_valid', 'fingerprints', 'notes'];
const OF_THE_KEY = ['subject_key_identifier', 'authority_key_identifier'];

interface Shown {
  readonly [member: string]: unknown;
  readonly public_key: { readonly sha256_fingerprint?: string };
  readonly extensions: readonly { readonly name: string; readonly value: readonly string[] }[];
}

/** The length in a URL depends on the octets of the key and the signature: it is an estimate (size-warnings.test.ts). */
const exact = (members: object): object =>
  JSON.parse(
    JSON.stringify(members, (name, value) =>
      name === 'url_encoded_pem' || name === 'warnings' ? undefined : value,
    ),
  );

/** Inspection without the members that a dry run does not have. */
function expectedOf(shown: Shown, isKeyNew: boolean): object {
  const left = isKeyNew ? [...UNKNOWN, ...OF_THE_KEY] : UNKNOWN;
  const members = Object.entries(shown).filter(([name]) => !left.includes(name));
  const { sha256_fingerprint, ...publicKey } = shown.public_key;
  return exact({
    ...Object.fromEntries(members),
    public_key: isKeyNew ? publicKey : { sha256_fingerprint, ...publicKey },
    extensions: shown.extensions.map((extension) =>
      isKeyNew && extension.name.endsWith('KeyIdentifier') ? { ...extension, value: [] } : extension,
    ),
    findings: [],
  });
}

const inspect = async (certificate: string): Promise<Shown> =>
  (await post('/api/v1/certificate/inspect', { certificate })).answer;

const PERIOD = { not_before: '2030-01-01T00:00:00Z', not_after: '2031-01-01T00:00:00Z' };

const BODIES: Readonly<Record<string, object>> = {
  'a certificate for TLS': { san },
  'a certificate for code signing': { profile: 'code-signing' },
  'a CA certificate': {
    profile: 'ca',
    path_length: 0,
    name_constraints: { permitted: ['DNS:example.com'] },
    extensions: { certificate_policies: [{ oid: '1.2.3' }] },
  },
};

for (const [what, body] of Object.entries(BODIES)) {
  t.test(`a dry run shows ${what} as inspection shows the certificate`, async (t) => {
    for (const security_level of ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87']) {
      const request = { subject, security_level, ...PERIOD, ...body };
      const { answer: made } = await post('/api/v1/certificate/generate', request);
      const {
        answer,
        body: text,
        headers,
      } = await post('/api/v1/certificate/generate', { ...request, dry_run: true });
      t.same(exact(answer), { dry_run: true, ...expectedOf(await inspect(made.certificate), true) });
      t.notMatch(text, /private_key"|BEGIN|LS0t/, 'no key and no certificate');
      t.equal(headers['cache-control'], 'no-store');
    }
  });
}

t.test('a dry run of a pair shows both certificates', async (t) => {
  for (const classical of [
    { classical_algorithm: 'rsa', rsa_key_size: 2048 },
    { classical_algorithm: 'ecdsa' },
    { classical_algorithm: 'ecdsa', ec_curve: 'P-521' },
  ]) {
    const request = { subject, san, ...PERIOD, ...classical };
    const { answer: made } = await post('/api/v1/certificate/hybrid', request);
    const { answer } = await post('/api/v1/certificate/hybrid', { ...request, dry_run: true });
    t.same(Object.keys(answer), ['dry_run', 'ml_dsa', 'classical']);
    t.same(exact(answer.ml_dsa), expectedOf(await inspect(made.ml_dsa_certificate), true));
    const { sizes: shown, ...content } = answer.classical;
    const real = await inspect(made.classical_certificate);
    t.match(content, { ...expectedOf(real, true), sizes: undefined });
    sizesFit(t, shown, real['sizes']);
  }
});

/** An ECDSA signature has at most as many octets as shown, and seldom many fewer. */
function sizesFit(t: Test, shown: Record<string, number>, real: unknown): void {
  const actual = real as Record<string, number>;
  t.equal(shown['public_key'], actual['public_key']);
  const missing = (shown['signature'] ?? 0) - (actual['signature'] ?? 0);
  t.ok(missing >= 0 && missing <= 8, `${missing} octets fewer`);
}

t.test(
  'a dry run of signing shows the certificate with the real key, and refuses what signing refuses',
  async (t) => {
    const { answer: ca } = await post('/api/v1/certificate/generate', {
      subject: '/CN=Root',
      profile: 'ca',
      days: 4000,
    });
    const { answer: asked } = await post('/api/v1/csr/generate', { subject, san });
    const request = {
      csr: asked.csr,
      ca_certificate: ca.certificate,
      ca_private_key: ca.private_key,
      profile: 'short-lived',
      validity: 'PT1H',
    };
    const real = await post('/api/v1/csr/sign', request);
    const { statusCode, answer, body } = await post('/api/v1/csr/sign', { ...request, dry_run: true });
    t.equal(statusCode, 200);
    const {
      not_before: _,
      not_after: __,
      ...content
    } = expectedOf(await inspect(real.answer.certificate), false) as Shown;
    t.match(answer, { dry_run: true, ...content });
    t.notMatch(body, ca.private_key.slice(60, 100));
    const { answer: other } = await post('/api/v1/keys/generate', {});
    const wrong = { ...request, ca_private_key: other.private_key, dry_run: true };
    t.match((await post('/api/v1/csr/sign', wrong)).answer, { code: 'key-mismatch' });
  },
);

t.test('a dry run shows what the linter warns of', async (t) => {
  const unusual = { subject, key_usage: ['nonRepudiation'], dry_run: true };
  const { answer } = await post('/api/v1/certificate/generate', unusual);
  t.same(answer.findings, [
    {
      rule: 'rfc5280-purposes-fit-key-usage',
      clause: 'RFC 5280 §4.2.1.12',
      severity: 'warning',
      where: 'extensions.keyUsage',
    },
  ]);
  const { answer: plain } = await post('/api/v1/certificate/generate', { subject, dry_run: true });
  t.same(plain.findings, []);
});

t.test('dry_run false issues', async (t) => {
  const { answer } = await post('/api/v1/certificate/generate', { subject, dry_run: false });
  t.type(answer.private_key, 'string');
});

t.test('a dry run makes no key and no signature', async (t) => {
  const domain = await openDomain(t);
  let made = 0;
  const signing = keysThatSign(domain, async () => {
    made += 1;
    throw new Error('a dry run signed');
  });
  const keys = {
    ...signing,
    generate: async (...input: Parameters<typeof signing.generate>) => {
      made += 1;
      return signing.generate(...input);
    },
  };
  const issuer = issuerOver(keys);
  await t.rejects(issuer.selfSigned({ algorithm: 'ml-dsa-44', subject, days: 1, isCa: false }));
  t.equal(made, 2, 'an issuance makes a key and tries to sign');
  for (const algorithm of ['ml-dsa-44', 'rsa-4096', 'ecdsa-p384', 'ed25519'] as const) {
    const preview = await issuer.preview({ algorithm, subject, days: 1, isCa: false });
    t.equal(preview.findings.length, 0);
    t.equal(preview.description.publicKey.algorithm, algorithm);
  }
  t.equal(made, 2);
});
