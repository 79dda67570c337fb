/** A CSR or a CA certificate with a key in one of the tolerated forms: what is issued has the form of the standards. */

import { hash, sign } from 'node:crypto';
import t from 'tap';
import { SIGNATURE_ALGORITHM } from '../../src/formats/signature-algorithm.ts';
import { encodeAlgorithmIdentifier as identifier } from '../../src/formats/algorithm-identifier.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import * as der from '../../src/formats/der/writer.ts';
import { createReading, type NotedReading } from '../../src/formats/reading.ts';
import { createIssuer } from '../../src/ca/issuer.ts';
import { END_ENTITY } from '../../src/ca/profile.ts';
import { parseKeyBlocklist, type KeyBlocklist } from '../../src/keys/key-blocklist.ts';
import { isCanonicalKey } from '../../src/keys/public-key.ts';
import type { Signer } from '../../src/keys/key.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { readCertificationRequest } from '../../src/x509/certification-request.ts';
import { keyIdentifier } from '../../src/x509/extensions/key-identifiers.ts';
import { same } from '../algorithms/ml-dsa/octets.ts';
import { bitsOf, pkcs8Of, spki, spkiOf } from '../keys/key-parts.ts';
import { ML_DSA_44, pssKey, PUBLIC_KEYS, rsaKey, type ToleratedKey } from '../keys/tolerated-keys.ts';
import { craftCertificate, craftRequest } from '../support/crafted.ts';
import { certificatePem, openDomain } from '../support/domain.ts';
import { opensslMissing } from '../support/openssl.ts';
import { san } from './signing.ts';
import { rfc9881 } from '../formats/rfc9881.ts';
import { judged, verifyAll } from '../interop/judge.ts';

const { keys } = await openDomain(t);
const lenient = (): NotedReading => createReading({ isStrict: false });
const strict = (): NotedReading => createReading({ isStrict: true });

/** The signer of the same key. */
const signerOf = async ({ key }: ToleratedKey): Promise<Signer> =>
  keys.importPrivateKey(checkDer(pkcs8Of(key)), lenient());

/** A CSR with this encoding of the key of `signer`. */
const csrOf = (signer: Signer, subjectPublicKeyInfo: Uint8Array): Promise<Uint8Array> =>
  craftRequest(signer, { subjectPublicKeyInfo, extensions: [san('a.example')] });

interface Ca {
  readonly certificate: Uint8Array;
  readonly signer: Signer;
}

const ed25519 = await keys.generate('ed25519');
const root: Ca = { certificate: await craftCertificate(ed25519), signer: ed25519 };

const issue = (csr: Uint8Array, ca: Ca, reading: NotedReading, blocklist?: KeyBlocklist) =>
  createIssuer({ keys, blocklist })().signCsr({
    profile: END_ENTITY,
    days: 30,
    isDefaultProfile: false,
    content: async () => ({
      request: readCertificationRequest(checkDer(csr)),
      authority: { certificates: [readCertificate(checkDer(ca.certificate))], signer: ca.signer },
      subjectAltNames: [],
      reading,
    }),
  });

t.test('the key of a CSR is certified in the encoding that is written', async (t) => {
  const leaves: Record<string, string> = {};
  for (const [index, row] of PUBLIC_KEYS.entries()) {
    const csr = await csrOf(await signerOf(row), row.given);
    const reading = lenient();
    const { certificate, subjectKeyIdentifier } = await issue(csr, root, reading);
    const granted = readCertificate(checkDer(certificate)).subjectPublicKeyInfo;
    t.ok(same(granted, spkiOf(row.key)) && isCanonicalKey(granted), row.name);
    t.ok(same(subjectKeyIdentifier, keyIdentifier(bitsOf(row.key))), `${row.name}: the key identifier`);
    t.strictSame(
      reading.notes.map(({ code }) => code),
      row.codes,
      `${row.name}: notes`,
    );
    t.ok(reading.notes.every(({ path }) => path.join() === 'request'));
    await t.rejects(
      issue(csr, root, strict()),
      { code: row.strict, path: ['request'] },
      `${row.name}, strictly`,
    );
    leaves[`leaf${index}`] = certificatePem(certificate);
  }
  if (opensslMissing === false)
    await verifyAll(t, leaves, certificatePem(root.certificate), '-purpose sslserver');
});

t.test('a CA certificate can have its key in such an encoding', async (t) => {
  const leafKey = await keys.generate('ecdsa-p256');
  const csr = await csrOf(leafKey, leafKey.publicKey.spki);
  for (const row of PUBLIC_KEYS) {
    const signer = await signerOf(row);
    const parts = { subjectPublicKeyInfo: row.given, extensions: { subjectKeyIdentifier: undefined } };
    const ca: Ca = { certificate: await craftCertificate(signer, parts), signer };
    const reading = lenient();
    const { certificate } = await issue(csr, ca, reading);
    t.strictSame(
      reading.notes.map(({ code }) => code),
      row.codes,
      `${row.name}: notes`,
    );
    t.ok(reading.notes.every(({ path }) => path.join() === 'authority,certificate'));
    const identifier = Buffer.from(keyIdentifier(bitsOf(row.key)));
    t.ok(Buffer.from(certificate).includes(identifier), `${row.name}: the identifier of its key`);
    await t.rejects(issue(csr, { ...ca, signer: ed25519 }, lenient()), { code: 'key-mismatch' }, row.name);
    await t.rejects(issue(await csrOf(signer, spkiOf(row.key)), ca, lenient()), {
      code: 'issuer-key-reused',
    });
    if (same(row.given, spkiOf(row.key))) continue;
    await t.rejects(issue(csr, ca, strict()), { name: 'PkiError' }, `${row.name}, strictly`);
  }
});

t.test('OpenSSL verifies what a CA with a key for RSASSA-PSS signs', { skip: opensslMissing }, async (t) => {
  const leafKey = await keys.generate('ecdsa-p256');
  for (const row of PUBLIC_KEYS.filter(({ codes }) => codes[0] === 'pss-key')) {
    const signer = await signerOf(row);
    const ca: Ca = { certificate: await craftCertificate(signer), signer };
    const { certificate } = await issue(await csrOf(leafKey, leafKey.publicKey.spki), ca, lenient());
    const leaf = certificatePem(certificate);
    await verifyAll(t, { leaf }, certificatePem(ca.certificate), '-purpose sslserver');
    t.match(await judged('x509 -in leaf -noout -text', { leaf }), /Signature Algorithm: rsassaPss/, row.name);
  }
});

t.test('a blocked or published key is found in every encoding', async (t) => {
  for (const row of PUBLIC_KEYS) {
    const csr = await csrOf(await signerOf(row), row.given);
    const blocklist = parseKeyBlocklist(hash('sha256', spkiOf(row.key), 'hex'));
    await t.rejects(issue(csr, root, lenient(), blocklist), { message: /on the list of keys/ }, row.name);
  }
  const published = await keys.importPrivateKey(checkDer(rfc9881('ML-DSA-44-seed.priv')));
  const withNull = spki(identifier(ML_DSA_44, der.nullValue()), published.publicKey.bits);
  const { notes } = await issue(await csrOf(published, withNull), root, lenient());
  t.strictSame(
    notes.map(({ code }) => code),
    ['algorithm-parameters', 'published-key'],
  );
});

t.test('NULL in the signature algorithm of a CSR is noted', async (t) => {
  const signatureAlgorithm = identifier('1.3.101.112', der.nullValue());
  const signer = await keys.generate('ed25519');
  const { publicKey } = signer;
  const signed = { publicKey, signatureAlgorithm, sign: (message: Uint8Array) => signer.sign(message) };
  const csr = await csrOf(signed, signer.publicKey.spki);
  const reading = lenient();
  await issue(csr, root, reading);
  t.match(reading.notes, [{ code: 'algorithm-parameters', path: ['request'] }]);
  await t.rejects(issue(csr, root, strict()), { code: 'unsupported-algorithm', path: ['request'] });
});

t.test('a CSR that another key signed is refused in every encoding', async (t) => {
  for (const row of PUBLIC_KEYS) {
    const signer = await signerOf(row);
    const { publicKey, signatureAlgorithm } = signer;
    const other = { publicKey, signatureAlgorithm, sign: async () => new Uint8Array(64) };
    await t.rejects(
      issue(await csrOf(other, row.given), root, lenient()),
      { code: 'proof-of-possession-failed' },
      row.name,
    );
  }
});

t.test('a CSR whose signature the parameters of its key forbid is refused', async (t) => {
  const restricted = spkiOf(pssKey(32));
  const pkcs1 = {
    publicKey: ed25519.publicKey,
    signatureAlgorithm: SIGNATURE_ALGORITHM.rsa.sha256,
    sign: async (message: Uint8Array) => new Uint8Array(sign('sha256', message, rsaKey)),
  };
  await t.resolves(
    issue(await csrOf(pkcs1, spkiOf(rsaKey)), root, lenient()),
    'the key without the restriction',
  );
  await t.rejects(issue(await csrOf(pkcs1, restricted), root, lenient()), {
    code: 'proof-of-possession-failed',
  });
});
