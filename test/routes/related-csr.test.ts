/** CSRs that name another certificate of the same end entity, and what a CA makes of them (RFC 9763 §3, §4). */

import { hash, X509Certificate } from 'node:crypto';
import t, { type Test } from 'tap';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { pemOf, poster, startApp } from '../support/service.ts';

const app = await startApp(t);
const post = poster(app);
const skip = { skip: opensslMissing };
const made = async (path: string, body: object) => {
  const { statusCode, answer } = await post(`/api/v1/${path}`, body);
  if (statusCode !== 200) throw new Error(JSON.stringify(answer));
  return answer;
};

const NAMES = { subject: '/CN=a.test', san: ['DNS:a.test'] };
const ca = await made('certificate/generate', { subject: '/CN=CA', is_ca: true });
const CA = { ca_certificate: ca.certificate, ca_private_key: ca.private_key };
const certify = async (csr: string, body: object = {}) => made('csr/sign', { csr, ...CA, ...body });

/** A certificate of the CA for a new key, and the members of csr/generate that relate to it. */
async function first(body: object = {}, order: object = {}) {
  const requested = await made('csr/generate', { ...NAMES, ...body });
  const { certificate } = await certify(requested.csr, order);
  return { related_certificate: certificate, related_private_key: requested.private_key };
}
const one = await first();
const second = async (related: object, body: object = {}) =>
  (await made('csr/generate', { ...NAMES, ...body, ...related })).csr as string;

const derOf = (pem: Buffer): Buffer => Buffer.from(pem.toString().replaceAll(/-----.*-----/g, ''), 'base64');

/** The offset of a value in DER, by the lines of `openssl asn1parse`. */
async function lineAfter(der: Buffer, text: RegExp, distance: number): Promise<readonly number[]> {
  const { stdout } = await openssl('asn1parse -inform DER'.split(' '), { input: der });
  const lines = stdout.toString().split('\n');
  const index = lines.findIndex((line) => text.test(line));
  const [, offset = '', header = '', length = ''] =
    /^ *(\d+):.*hl= *(\d+) *l= *(\d+)/.exec(lines[index + distance] ?? '') ?? [];
  return [offset, header, length].map(Number);
}

t.test('OpenSSL verifies both signatures of the CSR', skip, async (t) => {
  const classical = await made('certificate/hybrid', { ...NAMES, classical_algorithm: 'ecdsa' });
  const rsa = await made('certificate/hybrid', { ...NAMES, classical_algorithm: 'rsa', rsa_key_size: 2048 });
  const rows = [
    [one, '-rawin'],
    [
      {
        related_certificate: classical.classical_certificate,
        related_private_key: classical.classical_private_key,
      },
      '-rawin -digest sha256',
    ],
    [
      { related_certificate: rsa.classical_certificate, related_private_key: rsa.classical_private_key },
      '-rawin -digest sha256',
    ],
  ] as const;
  for (const [related, options] of rows) {
    const csr = derOf(pemOf(await second(related)));
    const valid = await openssl('req -inform DER -verify -noout'.split(' '), { input: csr });
    t.equal(valid.code, 0, valid.stderr);
    // The attribute: OBJECT, SET, SEQUENCE, certID …
    const [certId = 0, head = 0, length = 0] = await lineAfter(csr, /relatedCertRequest|9\.16\.2\.60/, 3);
    const time = certId + head + length;
    const message = csr.subarray(certId, time + 2 + (csr[time + 1] ?? 0));
    const locations = time + 2 + (csr[time + 1] ?? 0);
    const signature = locations + lengthAt(csr, locations);
    const files = {
      message,
      signature: csr.subarray(signature + headerAt(csr, signature) + 1, signature + lengthAt(csr, signature)),
      certificate: pemOf(related.related_certificate),
    };
    const verified = await openssl(
      `pkeyutl -verify -certin -inkey certificate ${options} -in message -sigfile signature`.split(' '),
      { files },
    );
    t.equal(verified.code, 0, verified.stderr);
    const { serialNumber } = new X509Certificate(files.certificate);
    t.ok(message.toString('hex').toUpperCase().includes(serialNumber));
  }
});

const headerAt = (der: Buffer, offset: number): number => {
  const first = der[offset + 1] ?? 0;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
};
const lengthAt = (der: Buffer, offset: number): number => {
  const header = headerAt(der, offset);
  return header + (header === 2 ? (der[offset + 1] ?? 0) : der.readUIntBE(offset + 2, header - 2));
};

t.test('the CSR has the certificate in a data: URI, which OpenSSL reads', skip, async (t) => {
  const csr = derOf(pemOf(await second(one))).toString('latin1');
  const [, base64 = ''] =
    /data:application\/pkcs7-mime;smime-type=certs-only;base64,([\w+/=]+)/.exec(csr) ?? [];
  const read = await openssl('pkcs7 -inform DER -print_certs'.split(' '), {
    input: Buffer.from(base64, 'base64'),
  });
  t.ok(read.stdout.toString().includes(pemOf(one.related_certificate).toString().trim()));
});

t.test('the CA binds the new certificate to the related one, and verify finds them related', async (t) => {
  const related_certificate = one.related_certificate;
  for (const security_level of ['ml-dsa-44', 'ml-dsa-87']) {
    const { certificate, notes } = await certify(await second(one, { security_level }), {
      related_certificate,
    });
    t.same(notes, []);
    const { answer } = await post('/api/v1/certificate/inspect', { certificate });
    const digest = hash('sha512', derOf(pemOf(related_certificate)), 'hex').toUpperCase();
    t.match(answer.extensions, [], 'extensions are listed');
    const [extension] = answer.extensions.filter(
      ({ name }: { name: string }) => name === 'relatedCertificate',
    );
    t.equal(extension.critical, false);
    t.equal(extension.value[0].replaceAll(':', ''), `sha512 ${digest}`);
    const verified = await made('certificate/verify', {
      certificate,
      anchors: [ca.certificate],
      related_certificate,
    });
    t.equal(verified.valid, true);
  }
});

t.test('a dry run has the extension, and without the member there is none', async (t) => {
  const csr = await second(one);
  const { related_certificate } = one;
  const preview = await certify(csr, { related_certificate, dry_run: true });
  t.match(JSON.stringify(preview.extensions), /relatedCertificate/);
  const unbound = await certify(csr, { dry_run: true });
  t.notMatch(JSON.stringify(unbound.extensions), /relatedCertificate/);
  t.match(unbound.notes, [{ code: 'related-request-ignored', at: '/csr' }]);
  t.match((await certify(csr)).notes, [{ code: 'related-request-ignored' }]);
});

t.test('csr/inspect shows what the CSR names, without the certificates', async (t) => {
  const { answer } = await post('/api/v1/csr/inspect', { csr: await second(one) });
  const [{ value }] = answer.attribute_values.filter(
    ({ name }: { name: string }) => name === 'relatedCertRequest',
  );
  const { serialNumber } = new X509Certificate(pemOf(one.related_certificate));
  t.match(value, [
    'issuer: /CN=CA',
    `serial number: ${serialNumber}`,
    /^time: 20\d\d-/,
    'location: data:application/pkcs7-mime;smime-type=certs-only;base64,',
  ]);
});

const refused = async (t: Test, path: string, body: object, pointer: string, message: RegExp) => {
  const { statusCode, answer } = await post(`/api/v1/${path}`, body);
  t.equal(statusCode, 400, `${message}: ${JSON.stringify(answer)}`);
  t.match(answer.errors, [{ pointer, message }]);
};

t.test('csr/generate refuses what no CA would accept', async (t) => {
  const other = await first();
  const foreign = await first({ subject: '/CN=b.test' });
  const rows = [
    [{ related_certificate: one.related_certificate }, '/related_private_key', /required together/],
    [{ related_private_key: one.related_private_key }, '/related_certificate', /required together/],
    [{ related_private_key_password: 'x' }, '/related_private_key', /required together/],
    [{ ...one, related_private_key: other.related_private_key }, '/related_private_key', /not the key/],
    [foreign, '/related_certificate', /subject of the CSR/],
    [{ ...one, related_certificate: 'bm9uZQ==' }, '/related_certificate', /./],
    [{ ...one, related_private_key: 'bm9uZQ==' }, '/related_private_key', /./],
  ] as const;
  for (const [body, pointer, message] of rows)
    await refused(t, 'csr/generate', { ...NAMES, ...body }, pointer, message);
  const root = { related_certificate: ca.certificate, related_private_key: ca.private_key };
  await refused(t, 'csr/generate', { subject: '/CN=CA', ...root }, '/related_certificate', /end entity/);
});

t.test('csr/sign refuses what is not proved', async (t) => {
  const csr = await second(one);
  const other = await first();
  const plain = (await made('csr/generate', NAMES)).csr;
  const narrow = await first({}, { profile: 'tls-client' });
  const sign = (body: object) => ({ ...CA, ...body });
  const { related_certificate } = one;
  const at = '/related_certificate';
  await refused(
    t,
    'csr/sign',
    sign({ csr: plain, related_certificate }),
    at,
    /needs a CSR with relatedCertRequest/,
  );
  await refused(
    t,
    'csr/sign',
    sign({ csr, related_certificate: other.related_certificate }),
    at,
    /another certificate/,
  );
  await refused(t, 'csr/sign', sign({ csr, related_certificate: 'bm9uZQ==' }), at, /./);
  const { public_key } = await made('keys/generate', {});
  const given = sign({ public_key, subject: '/CN=a.test', related_certificate });
  await refused(t, 'csr/sign', given, at, /with csr only/);
  const narrowed = { csr: await second(narrow), related_certificate: narrow.related_certificate };
  await refused(t, 'csr/sign', sign(narrowed), at, /extendedKeyUsage must include .* lacks serverAuth/);
  await refused(t, 'csr/sign', sign({ csr, related_certificate, is_ca: true }), at, /CA certificate cannot/);
  await certify(narrowed.csr, { ...narrowed, profile: 'tls-client' });
});
