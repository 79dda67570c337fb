/** keys/match with a hierarchy of this service, and with files of OpenSSL. */

import t from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { LENIENT } from '../../src/formats/reading.ts';
import { certificateItem } from '../../src/identify/match/items.ts';
import { matchItems } from '../../src/identify/match/match.ts';
import { readReceivedCertificate } from '../../src/x509/certificate.ts';
import { craftCertificate, name } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { pemOf, poster, startApp } from '../support/service.ts';
import { countTurns } from '../support/turns.ts';

const app = await startApp(t);
const post = poster(app);
const made = async (path: string, body: object) => {
  const { statusCode, answer } = await post(`/api/v1/${path}`, body);
  if (statusCode !== 200) throw new Error(JSON.stringify(answer));
  return answer;
};
const match = async (body: object) => {
  const { statusCode, answer } = await post('/api/v1/keys/match', body);
  return { status: statusCode, answer };
};

const root = await made('certificate/generate', { subject: '/CN=Root', is_ca: true });
const other = await made('certificate/generate', { subject: '/CN=Root', is_ca: true });
const below = async (
  ca: { certificate: string; private_key: string },
  subject: string,
  options: object = {},
) => {
  const requested = await made('csr/generate', { subject });
  const signed = await made('csr/sign', {
    csr: requested.csr,
    ca_certificate: ca.certificate,
    ca_private_key: ca.private_key,
    ...options,
  });
  return { ...requested, ...signed };
};
const issuing = await below(root, '/CN=Issuing', { is_ca: true });
const leaf = await below({ certificate: issuing.certificate, private_key: issuing.private_key }, '/CN=leaf');
const stranger = await made('csr/generate', { subject: '/CN=leaf' });
const joined = (...members: readonly string[]): string => Buffer.concat(members.map(pemOf)).toString();

t.test('everything of one certificate belongs together', async (t) => {
  const { private_key, public_key, csr, certificate } = leaf;
  const chain = joined(root.certificate, issuing.certificate);
  const { status, answer } = await match({ private_key, public_key, csr, certificate, chain });
  t.equal(status, 200);
  t.match(answer, {
    match: true,
    breaks: [],
    chain: { items: ['certificate', 'chain/1', 'chain/0'], complete: true },
    items: [
      { name: 'private_key', type: 'private-key', algorithm: 'ml-dsa-65' },
      { name: 'public_key', type: 'public-key' },
      { name: 'csr', type: 'certificate-request', subject: '/CN=leaf' },
      { name: 'certificate', type: 'certificate', subject: '/CN=leaf', issuer: '/CN=Issuing' },
      { name: 'chain/0', subject: '/CN=Root' },
      { name: 'chain/1', subject: '/CN=Issuing' },
    ],
  });
  t.equal(answer.pairs.length, 15);
  const keys = new Set(
    answer.items.slice(0, 4).map((item: Record<string, string>) => item['public_key_sha256']),
  );
  t.equal(keys.size, 1);
  const links = answer.pairs.flatMap((pair: { links: object[] }) => pair.links);
  t.same(links, [
    { subject: 'certificate', issuer: 'chain/1', signature_valid: true },
    { subject: 'chain/1', issuer: 'chain/0', signature_valid: true },
  ]);
});

t.test('a root may be left out, and a whole chain can be one member', async (t) => {
  t.match((await match({ private_key: leaf.private_key, chain: leaf.chain })).answer, {
    match: true,
    chain: { complete: false },
  });
});

t.test('the break is named', async (t) => {
  const chain = joined(issuing.certificate, root.certificate);
  const { certificate } = leaf;
  const rows: readonly (readonly [object, RegExp])[] = [
    [
      { private_key: stranger.private_key, certificate },
      /^The private key private_key \(ml-dsa-65\) has another public key than the certificate certificate \(\/CN=leaf\)$/,
    ],
    [{ csr: stranger.csr, certificate, chain }, /^The CSR csr \(\/CN=leaf\) has another public key/],
    [
      { private_key: leaf.private_key, csr: stranger.csr },
      /^The CSR csr .* than the private key private_key/,
    ],
    [{ public_key: stranger.public_key, certificate }, /^The public key public_key/],
    [
      { certificate, chain: root.certificate },
      /was issued by \/CN=Issuing, and no certificate has this subject$/,
    ],
    [
      { certificate: issuing.certificate, chain: other.certificate },
      /has the name of the certificate chain \(\/CN=Root\) as its issuer, but its signature is not by the key/,
    ],
  ];
  for (const [body, sentence] of rows) {
    const { answer } = await match(body);
    t.equal(answer.match, false);
    t.match(answer.breaks[0], sentence);
  }
  t.match(
    (await match({ certificate, chain: joined(issuing.certificate, root.certificate, other.certificate) }))
      .answer,
    {
      match: false,
      breaks: ['The certificate chain/2 (/CN=Root) is not part of the chain'],
    },
  );
});

t.test('one thing alone, and what is not what its member says, are refused', async (t) => {
  t.match(await match({ certificate: leaf.certificate }), {
    status: 400,
    answer: { detail: /at least two/ },
  });
  t.match(await match({}), { status: 400 });
  t.match(await match({ certificate: leaf.csr, csr: leaf.csr }), {
    status: 400,
    answer: { errors: [{ pointer: '/certificate' }] },
  });
  t.match(await match({ private_key: leaf.certificate, csr: leaf.csr }), {
    status: 400,
    answer: { errors: [{ pointer: '/private_key' }] },
  });
});

t.test('an encrypted RSA key of OpenSSL belongs to its certificate', { skip: opensslMissing }, async (t) => {
  const words = 'req -x509 -newkey rsa:2048 -passout pass:secret -keyout - -subj /CN=rsa -days 1';
  const { stdout } = await openssl(words.split(' '));
  const text = stdout.toString();
  const [key = ''] = /-----BEGIN ENCRYPTED[^]*END ENCRYPTED PRIVATE KEY-----/.exec(text) ?? [];
  const [certificate = ''] = /-----BEGIN CERT[^]*END CERTIFICATE-----/.exec(text) ?? [];
  t.match((await match({ private_key: key, private_key_password: 'secret', certificate })).answer, {
    match: true,
  });
  t.match(await match({ private_key: key, private_key_password: 'wrong', certificate }), {
    status: 400,
    answer: { code: 'wrong-password', errors: [{ pointer: '/private_key_password' }] },
  });
  t.match(await match({ private_key: key, certificate }), {
    status: 400,
    answer: { code: 'encrypted-private-key' },
  });
});

t.test('long names are read once for each certificate, with pauses', async (t) => {
  const { keys } = await openDomain(t);
  const signer = await keys.generate('ed25519');
  // To read one takes some milliseconds
  const texts = Array.from({ length: 14 }, (_, index) => `${'x '.repeat(100_000)}${index}`);
  const items = await Promise.all(
    texts.map(async (text) => {
      const der = await craftCertificate(signer, { subject: name(text), issuer: name(` ${text}`) });
      return certificateItem(text, readReceivedCertificate({ received: der, der: checkDer(der) }), LENIENT);
    }),
  );
  const turns = countTurns();
  const { pairs } = await matchItems(keys, items, LENIENT);
  const count = turns.end();
  t.ok(count >= 12, `${count} turns`);
  t.equal(pairs.length, 91);
  t.same(
    pairs.filter(({ links }) => links.length > 0),
    [],
  );
});
