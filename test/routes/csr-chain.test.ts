/** POST /csr/sign with the chain of a CA, as a client sees it. */

import { X509Certificate } from 'node:crypto';
import t from 'tap';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { pemOf, poster, startApp } from '../support/service.ts';

const app = await startApp(t);
const post = poster(app);

interface Authority {
  readonly ca_certificate: string;
  readonly ca_private_key: string;
}

const ca = async (subject: string, body: object = {}, above?: Authority): Promise<Authority> => {
  if (above === undefined) {
    const { answer } = await post('/api/v1/certificate/generate', {
      subject,
      is_ca: true,
      days: 400,
      ...body,
    });
    return { ca_certificate: answer.certificate, ca_private_key: answer.private_key };
  }
  const { answer: asked } = await post('/api/v1/csr/generate', { subject, security_level: 'ml-dsa-44' });
  const { answer } = await post('/api/v1/csr/sign', { csr: asked.csr, is_ca: true, ...body, ...above });
  return { ca_certificate: answer.chain, ca_private_key: asked.private_key };
};

const root = await ca('/CN=Root', { security_level: 'ml-dsa-87' });
const upper = await ca('/CN=Upper', {}, root);
const lower = await ca('/CN=Lower', {}, upper);

const { answer: asked } = await post('/api/v1/csr/generate', {
  subject: '/CN=www.example.com',
  san: ['DNS:www.example.com'],
});
const sign = (authority: Authority, body: object = {}) =>
  post('/api/v1/csr/sign', { csr: asked.csr, ...authority, ...body });

/** The PEM blocks of a member. */
const blocksOf = (member: string): string[] =>
  pemOf(member)
    .toString()
    .split(/(?<=-----END CERTIFICATE-----\n)/);
const subjectsOf = (chain: string): string[] =>
  blocksOf(chain).map((block) => new X509Certificate(block).subject);

t.test('the chain of a reply is the CA of the next request', { skip: opensslMissing }, async (t) => {
  const { statusCode, answer } = await sign(lower);
  t.equal(statusCode, 200);
  t.same(subjectsOf(answer.chain), ['CN=www.example.com', 'CN=Lower', 'CN=Upper', 'CN=Root']);
  t.equal(answer.issuer, '/CN=Lower');
  t.same(answer.notes, []);
  const files = {
    root: pemOf(root.ca_certificate),
    chain: pemOf(answer.chain),
    leaf: pemOf(answer.certificate),
  };
  const args = 'verify -x509_strict -purpose sslserver -CAfile root -untrusted chain leaf'.split(' ');
  t.equal((await openssl(args, { files })).code, 0);
});

t.test('the CA as PKCS #7, and in another order', { skip: opensslMissing }, async (t) => {
  const blocks = blocksOf(lower.ca_certificate);
  const [low, up, top] = blocks;
  const files = { all: `${top}${low}${up}` };
  const { stdout } = await openssl('crl2pkcs7 -nocrl -certfile all'.split(' '), { files });
  for (const text of [files.all, stdout.toString(), stdout.toString('base64')]) {
    const { answer } = await sign({ ...lower, ca_certificate: text });
    t.same(subjectsOf(answer.chain), ['CN=www.example.com', 'CN=Lower', 'CN=Upper', 'CN=Root']);
  }
  const { answer } = await sign({ ...lower, ca_certificate: `${low}${top}` });
  t.same(subjectsOf(answer.chain), ['CN=www.example.com', 'CN=Lower']);
  t.match(answer.notes, [{ code: 'certificates-ignored', at: '/ca_certificate' }]);
});

t.test('an error says how many certificates were given, and which one is invalid', async (t) => {
  const { answer } = await sign({ ...lower, ca_private_key: asked.private_key });
  t.match(answer, {
    code: 'key-mismatch',
    error: /any of the 3 CA certificates/,
    errors: [{ pointer: '/ca_private_key' }],
  });
  const many = pemOf(root.ca_certificate).toString().repeat(11);
  t.match((await sign({ ...root, ca_certificate: many })).answer, {
    code: 'invalid-encoding',
    error: /at most 10 certificates, got 11/,
    errors: [{ pointer: '/ca_certificate' }],
  });
});

t.test('a CA with fewer purposes than the default narrows it, and a profile is not narrowed', async (t) => {
  const servers = await ca('/CN=Servers', { extended_key_usage: ['serverAuth', 'codeSigning'] });
  for (const body of [{}, { is_ca: false }, { is_ca: null }]) {
    const { statusCode, answer } = await sign(servers, body);
    t.equal(statusCode, 200);
    t.same(new X509Certificate(pemOf(answer.certificate)).keyUsage, ['1.3.6.1.5.5.7.3.1']);
    t.match(answer.notes, [
      {
        code: 'purposes-narrowed',
        message: /does not allow clientAuth, .* serverAuth only/,
        at: '/ca_certificate',
      },
    ]);
  }
  const { answer: preview } = await sign(servers, { dry_run: true });
  t.match(preview, { extended_key_usage: ['serverAuth'], notes: [{ code: 'purposes-narrowed' }] });
  for (const body of [
    { profile: 'tls' },
    { profile: 'tls-client' },
    { key_usage: ['digitalSignature'] },
    { extended_key_usage: ['serverAuth', 'clientAuth'] },
    { is_ca: true },
  ])
    t.match((await sign(servers, body)).answer, {
      code: 'unsuitable-issuer',
      error: /without .*clientAuth; profiles that fit: tls-server, code-signing, ocsp-responder/,
      errors: [{ pointer: '/ca_certificate' }],
    });
  const { answer } = await sign(servers, { profile: 'tls-server' });
  t.same(answer.notes, []);
  const code = await ca('/CN=Code', { extended_key_usage: ['codeSigning'] });
  t.match((await sign(code)).answer, { error: /profiles that fit: code-signing, ocsp-responder/ });
});

t.test('a CA that requires a policy issues with this policy only', { skip: opensslMissing }, async (t) => {
  const files = {
    root: pemOf(root.ca_certificate),
    key: pemOf(root.ca_private_key),
    ext:
      'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\ncertificatePolicies=1.2.3.4\n' +
      'policyConstraints=critical,requireExplicitPolicy:0\n',
    ca: pemOf(await caKey()),
  };
  const req = await openssl('req -new -key ca -subj /CN=Explicit'.split(' '), { files });
  const signed = await openssl('x509 -req -in csr -CA root -CAkey key -days 30 -extfile ext'.split(' '), {
    files: { ...files, csr: req.stdout },
  });
  const explicit = {
    ca_certificate: signed.stdout.toString() + files.root.toString(),
    ca_private_key: files.ca.toString(),
  };
  t.match((await sign(explicit)).answer, {
    code: 'unsuitable-issuer',
    error: /must have one of: 1\.2\.3\.4/,
  });
  const { answer } = await sign(explicit, { extensions: { certificate_policies: [{ oid: '1.2.3.4' }] } });
  const args =
    'verify -policy_check -policy 2.5.29.32.0 -x509_strict -CAfile root -untrusted chain leaf'.split(' ');
  const leaf = { ...files, chain: pemOf(answer.chain), leaf: pemOf(answer.certificate) };
  t.equal((await openssl(args, { files: leaf })).code, 0);
});

const caKey = async (): Promise<string> => {
  const { answer } = await post('/api/v1/csr/generate', { subject: '/CN=x', security_level: 'ml-dsa-44' });
  return answer.private_key;
};

t.test('a CA without keyUsage signs, with a note', { skip: opensslMissing }, async (t) => {
  const files = {
    key: pemOf(await caKey()),
    ext: 'basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n',
  };
  const req = await openssl('req -new -key key -subj /CN=Old'.split(' '), { files });
  const self = await openssl('x509 -req -in csr -key key -days 500 -extfile ext'.split(' '), {
    files: { ...files, csr: req.stdout },
  });
  const old = { ca_certificate: self.stdout.toString(), ca_private_key: files.key.toString() };
  const { statusCode, answer } = await sign(old);
  t.equal(statusCode, 200, answer.error);
  t.match(answer.notes, [
    { code: 'no-key-usage', message: /needs keyCertSign\. It may sign/, at: '/ca_certificate' },
  ]);
  t.match((await sign(old, { strict: true })).answer, {
    code: 'unsuitable-issuer',
    error: /its keyUsage needs keyCertSign/,
  });
  const leaf = { ca: self.stdout, leaf: pemOf(answer.certificate) };
  t.equal((await openssl('verify -CAfile ca leaf'.split(' '), { files: leaf })).code, 0);
});
