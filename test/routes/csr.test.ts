import { X509Certificate } from 'node:crypto';
import t from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { craftRequest } from '../support/crafted.ts';
import { openDomain, requestPem } from '../support/domain.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { fingerprintOf, pemOf, poster, startApp } from '../support/service.ts';
import { textInspector } from '../support/texts.ts';

const app = await startApp(t);
const post = poster(app);

const subject = '/CN=www.example.com/O=Example Org/C=US';

const { answer: ca } = await post('/api/v1/certificate/generate', {
  subject: '/CN=Example Root CA',
  is_ca: true,
  days: 400,
});
const { answer: asked } = await post('/api/v1/csr/generate', { subject, san: ['DNS:www.example.com'] });

const authority = { ca_certificate: ca.certificate, ca_private_key: ca.private_key };
const sign = (body: object) => post('/api/v1/csr/sign', { csr: asked.csr, ...authority, ...body });

t.test(
  'a request comes with the members of the contract and its own key',
  { skip: opensslMissing },
  async (t) => {
    for (const security_level of ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87']) {
      const { statusCode, headers, answer } = await post('/api/v1/csr/generate', {
        subject,
        security_level,
        san: ['DNS:www.example.com', 'IP:192.0.2.1'],
      });
      t.equal(statusCode, 200);
      t.equal(headers['cache-control'], 'no-store');
      t.same(Object.keys(answer).toSorted(), [
        'csr',
        'private_key',
        'public_key',
        'security_level',
        'sizes',
        'subject',
      ]);
      t.match(answer, { subject, security_level });
      const files = { csr: pemOf(answer.csr), key: pemOf(answer.private_key) };
      const request = await openssl(['req', '-in', 'csr', '-verify', '-noout', '-text', '-pubkey'], {
        files,
      });
      t.equal(request.code, 0, `${security_level} is signed by its own key`);
      const text = request.stdout.toString();
      t.match(text, new RegExp(`Public Key Algorithm: ${security_level}`, 'i'));
      t.match(text, /DNS:www\.example\.com, IP Address:192\.0\.2\.1/);
      t.ok(text.includes(pemOf(answer.public_key).toString()));
      const derived = await openssl(['pkey', '-in', 'key', '-pubout'], { files });
      t.equal(derived.stdout.toString(), pemOf(answer.public_key).toString());
    }
  },
);

t.test('a request for names alone has an empty subject', { skip: opensslMissing }, async (t) => {
  const { answer } = await post('/api/v1/csr/generate', { subject: '', san: ['DNS:www.example.com'] });
  const files = { csr: pemOf(answer.csr) };
  const { stdout } = await openssl(['req', '-in', 'csr', '-noout', '-text'], { files });
  t.match(stdout.toString(), /Subject Alternative Name: critical/);
  t.equal((await post('/api/v1/csr/generate', { subject: '' })).statusCode, 400);
});

t.test('days left out are 365, or as many as the CA has left', async (t) => {
  const daysOf = ({ not_before, not_after }: { not_before: string; not_after: string }): number =>
    (Date.parse(not_after) - Date.parse(not_before)) / 86_400_000;
  t.equal(daysOf((await sign({})).answer), 365);
  const { answer: shortLived } = await post('/api/v1/certificate/generate', {
    subject: '/CN=Short-lived CA',
    is_ca: true,
    days: 30,
  });
  const under = { ca_certificate: shortLived.certificate, ca_private_key: shortLived.private_key };
  const signed = await sign(under);
  t.equal(signed.statusCode, 200);
  const end = new X509Certificate(pemOf(shortLived.certificate)).validToDate;
  t.same(new Date(signed.answer.not_after), end);
  t.equal((await sign({ ...under, days: 31 })).answer.code, 'exceeds-issuer');
});

t.test('a signed request verifies under the CA', { skip: opensslMissing }, async (t) => {
  const { statusCode, headers, answer } = await sign({ days: 90, san: ['DNS:example.com'] });
  t.equal(statusCode, 200);
  t.equal(headers['cache-control'], 'no-store');
  t.same(Object.keys(answer).toSorted(), [
    'certificate',
    'chain',
    'ignored_extensions',
    'ignored_names',
    'issuer',
    'not_after',
    'not_before',
    'notes',
    'security_level',
    'serial_number',
    'sizes',
    'subject',
    'warnings',
  ]);
  const certificate = new X509Certificate(pemOf(answer.certificate));
  t.match(answer, {
    serial_number: certificate.serialNumber,
    subject,
    issuer: '/CN=Example Root CA',
    security_level: 'ml-dsa-65',
    not_before: `${certificate.validFromDate.toISOString().slice(0, 19)}Z`,
    not_after: `${certificate.validToDate.toISOString().slice(0, 19)}Z`,
    ignored_extensions: [],
    ignored_names: [],
  });
  t.equal(certificate.subjectAltName, 'DNS:www.example.com, DNS:example.com');
  t.equal(certificate.validToDate.getTime() - certificate.validFromDate.getTime(), 90 * 86_400_000);
  t.equal(
    pemOf(answer.chain).toString(),
    `${pemOf(answer.certificate)}${pemOf(ca.certificate)}`,
    'leaf, then CA',
  );
  const files = { ca: pemOf(ca.certificate), leaf: pemOf(answer.certificate) };
  t.equal((await openssl(['verify', '-x509_strict', '-CAfile', 'ca', 'leaf'], { files })).code, 0);
});

t.test('a CA below another is signed with its path length', async (t) => {
  const { answer } = await sign({ is_ca: true, path_length: 0, san: null });
  const { answer: shown } = await post('/api/v1/certificate/inspect', { certificate: answer.certificate });
  t.match(shown, { is_ca: true, path_length: 0, signature_valid: null, self_issued: false });
  for (const is_ca of [undefined, null, false]) {
    const { statusCode, answer: refusal } = await sign({ is_ca, path_length: 0 });
    t.equal(statusCode, 400);
    t.match(refusal, { errors: [{ pointer: '/path_length' }] });
  }
});

t.test('a CSR with a classical key is described with its algorithm', { skip: opensslMissing }, async (t) => {
  const options =
    '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -subj /CN=ecdsa.example.com';
  const extensions = '-addext subjectAltName=DNS:ecdsa.example.com -addext keyUsage=keyCertSign';
  const made = await openssl(`req -new ${options} ${extensions}`.split(' '));
  const { statusCode, answer } = await sign({ csr: made.stdout.toString() });
  t.equal(statusCode, 200);
  t.equal(answer.key_algorithm, 'ecdsa-p256');
  t.notOk('security_level' in answer);
  t.same(answer.ignored_extensions, ['keyUsage'], 'what is not granted is told');
});

t.test('a request, certificate or key that does not do is refused by the name of its member', async (t) => {
  const { answer: leaf } = await post('/api/v1/certificate/generate', { subject: '/CN=leaf' });
  const { answer: other } = await post('/api/v1/keys/generate', {});
  const faults: [body: object, pointer: string][] = [
    [{ csr: ca.certificate }, '/csr'],
    [{ csr: 'AAAA' }, '/csr'],
    [{ ca_certificate: asked.csr }, '/ca_certificate'],
    [{ ca_certificate: leaf.certificate, ca_private_key: leaf.private_key }, '/ca_certificate'],
    [{ ca_private_key: other.private_key }, '/ca_private_key'],
    [{ ca_private_key: ca.public_key }, '/ca_private_key'],
    [{ days: 401 }, '/days'],
    [{ san: ['DNS:*.*.example.com'] }, '/san/0'],
  ];
  for (const [body, pointer] of faults) {
    const { statusCode, answer, body: text } = await sign(body);
    t.equal(statusCode, 400, pointer);
    t.match(answer, { errors: [{ pointer }] });
    t.notMatch(text, ca.private_key.slice(60, 100), 'no key is echoed');
  }
});

t.test('inspection shows what a request asks for', { skip: opensslMissing }, async (t) => {
  const { statusCode, answer } = await post('/api/v1/csr/inspect', { csr: asked.csr });
  t.equal(statusCode, 200);
  t.same(
    answer,
    {
      ...JSON.parse(JSON.stringify(await textInspector(app.inspector).request(asked.csr))),
      notes: [],
      findings: [],
    },
    'nothing is left out',
  );
  const { stdout: der } = await openssl(['req', '-in', 'csr', '-outform', 'DER'], {
    files: { csr: pemOf(asked.csr) },
  });
  t.match(answer, {
    version: 1,
    subject,
    signature_valid: true,
    is_ca: false,
    san: ['DNS:www.example.com'],
    public_key: { algorithm: 'ml-dsa-65', size: 1974 },
    fingerprints: { sha256: fingerprintOf('sha256', der) },
    sizes: { csr: der.length, pem: pemOf(asked.csr).length, public_key: 1952, signature: 3309 },
  });
});

t.test('inspection reports a CSR that is signed by another key', async (t) => {
  const der = Buffer.from(
    pemOf(asked.csr)
      .toString()
      .replace(/-----.*-----/g, ''),
    'base64',
  );
  der.writeUInt8(der.readUInt8(der.length - 100) ^ 1, der.length - 100);
  const { answer } = await post('/api/v1/csr/inspect', { csr: der.toString('base64') });
  t.equal(answer.signature_valid, false);
  t.equal((await sign({ csr: der.toString('base64') })).statusCode, 400);
});

t.test('a published key is certified with a note, and any other key without one', async (t) => {
  const seed = Buffer.from(
    'MDQCAQAwCwYJYIZIAWUDBAMRBCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f',
    'base64',
  );
  const domain = await openDomain(t);
  const key = await domain.keys.importPrivateKey(checkDer(seed));
  const csr = Buffer.from(requestPem(await craftRequest(key))).toString('base64');
  const { statusCode, answer } = await sign({ csr });
  t.equal(statusCode, 200);
  t.match(answer.notes, [{ code: 'published-key', at: '/csr' }]);
  t.same((await sign({})).answer.notes, []);
});
