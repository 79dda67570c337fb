/** Authorities are imported, signed elsewhere, rotated, and their sealing key is replaced. */

import t, { type Test } from 'tap';
import { resealKeys } from '../../src/authorities/reseal.ts';
import { createReading } from '../../src/formats/reading.ts';
import { isKeyAlgorithm } from '../../routes/authorities/members.ts';
import { END_ENTITY } from '../../src/ca/profile.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { SealedKeyStore } from '../../src/key-store/sealed-key-store.ts';
import { sealingKeyOf } from '../../src/key-store/sealing-key.ts';
import type { PrivateKey } from '../../src/keys/key.ts';
import { readCertificate, type Certificate } from '../../src/x509/certificate.ts';
import { readCertificationRequest } from '../../src/x509/certification-request.ts';
import { parseSubtree } from '../../src/x509/names/subtree-text.ts';
import {
  authorityOrder,
  openAuthorities,
  order,
  rootAndIssuing,
  SEALING_KEY,
  TESTER,
} from '../support/authorities.ts';
import { craftCertificate, name, type CertificateParts } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';

const domain = await openDomain(t);
const { keys } = domain;

const crafted = async (signer: PrivateKey, parts: CertificateParts = {}) =>
  readCertificate(checkDer(await craftCertificate(signer, parts)));

/** A CA certificate for `key` by another CA. */
const certificateBelow = (ca: PrivateKey, key: PrivateKey): Promise<Uint8Array> =>
  craftCertificate(ca, { issuer: name('elsewhere'), subjectPublicKeyInfo: key.publicKey.spki });

const brought = (...certificates: readonly Certificate[]) => ({
  certificates,
  reading: createReading({ isStrict: true }),
});

/** The key, which the import takes over, can be imported once. */
const copyOf = async (key: PrivateKey): Promise<PrivateKey> =>
  keys.importPrivateKey(checkDer(await key.exportPkcs8()));

t.test('a CA that exists is imported with its key', async (t) => {
  const { use } = await openAuthorities(t, domain);
  const key = await keys.generate('ml-dsa-44');
  const root = await crafted(key);
  const content = async () => ({ ...brought(root), key: await copyOf(key) });
  const imported = await use.import({ caller: TESTER, name: 'imported', content });
  t.match(imported, {
    authority: { status: 'enabled', name: 'imported' },
    keys: [{ state: 'active', algorithm: 'ml-dsa-44' }],
  });
  const { issuerCertificate } = await use.issue(order('imported'));
  t.same(issuerCertificate, root.der);
  await t.rejects(use.import({ caller: TESTER, name: 'Imported', content }), {
    code: 'authority-name-taken',
  });
  await t.rejects(use.import({ caller: TESTER, name: imported.authority.id, content }), {
    code: 'invalid-authority',
    path: ['name'],
  });
});

t.test('a CA with another key, without CA rights or with a broken chain is refused', async (t) => {
  const { use, store } = await openAuthorities(t, domain);
  const [key, other] = [await keys.generate('ml-dsa-44'), await keys.generate('ml-dsa-44')];
  const root = await crafted(key);
  const leaf = await crafted(key, { extensions: { basicConstraints: undefined } });
  const below = readCertificate(checkDer(await certificateBelow(key, other)));
  const rows = [
    [[root], other, { code: 'key-mismatch', path: ['signer'] }],
    [[leaf], key, { code: 'unsuitable-issuer', path: ['certificate'] }],
    [[below], other, { code: 'invalid-certificate', path: ['certificate'] }],
  ] as const;
  for (const [index, [certificates, brings, refusal]] of rows.entries()) {
    const content = async () => ({ ...brought(...certificates), key: await copyOf(brings) });
    await t.rejects(use.import({ caller: TESTER, name: 'imported', content }), refusal, `row ${index}`);
  }
  t.same(await store.listAuthorities({ limit: 10 }), []);
});

/** Issues the certificate that the CSR of `name` asks for, by the authority `root` of another service. */
async function signElsewhere(t: Test, csr: Uint8Array) {
  const elsewhere = await openAuthorities(t, domain);
  const {
    keys: [rootKey],
  } = await elsewhere.use.create(authorityOrder('root'));
  const { publicKey, subject } = {
    publicKey: readCertificationRequest(checkDer(csr)),
    subject: '/CN=issuing',
  };
  const signed = await elsewhere.use.issue(
    order('root', {
      key: { from: 'csr', request: publicKey },
      profile: {
        ...END_ENTITY,
        isCa: true,
        keyUsage: ['keyCertSign', 'cRLSign'],
        extendedKeyUsage: [],
        name: 'ca',
      },
      subject,
    }),
  );
  const certificate = readCertificate(checkDer(signed.certificate));
  return { certificate, root: readCertificate(checkDer(rootKey?.certificate ?? new Uint8Array())) };
}

t.test('an authority that is signed elsewhere waits for its certificate', async (t) => {
  const { use } = await openAuthorities(t, domain);
  const {
    authority,
    keys: [pending],
  } = await use.create(authorityOrder('issuing', { issuer: { is: 'elsewhere' }, pathLength: 0 }));
  t.match({ authority, pending }, { authority: { status: 'pending' }, pending: { state: 'pending' } });
  await t.rejects(use.issue(order('issuing')), { code: 'authority-inactive', message: /is pending/ });
  await t.rejects(use.setStatus({ authority: 'issuing', caller: TESTER, status: 'enabled' }), {
    code: 'authority-inactive',
  });
  await t.rejects(
    use.rotate({ authority: 'issuing', caller: TESTER, options: () => ({}), isAlgorithm: isKeyAlgorithm }),
    { code: 'authority-inactive' },
  );

  const { certificate, root } = await signElsewhere(t, pending?.csr ?? new Uint8Array());
  const bring = (...certificates: readonly Certificate[]) =>
    use.importCertificate({ authority: 'issuing', caller: TESTER, content: () => brought(...certificates) });
  await t.rejects(bring(root), { code: 'key-mismatch', path: ['certificate'] });
  await t.rejects(bring(certificate), { code: 'invalid-certificate', path: ['certificate'] });
  const imported = await bring(root, certificate);
  t.match(imported, { authority: { status: 'enabled' }, keys: [{ state: 'active' }], notes: [] });
  t.same(imported.keys[0]?.chain, [root.der]);
  const issued = await use.issue(order('issuing'));
  t.same(issued.chain, [certificate.der]);
  await t.rejects(bring(certificate, root), { code: 'invalid-authority' });
});

t.test('a rotation gives a new key under the same name, and keeps the old one', async (t) => {
  const stored = await openAuthorities(t, domain);
  const { use } = stored;
  await rootAndIssuing(stored);
  const before = await use.issue(order('issuing'));
  const rotation = { authority: 'issuing', caller: TESTER, options: () => ({}), isAlgorithm: isKeyAlgorithm };
  const {
    keys: [active, retired],
  } = await use.rotate({ ...rotation, algorithm: 'ml-dsa-65' });
  t.match(
    [active, retired],
    [
      { state: 'active', generation: 2, algorithm: 'ml-dsa-65' },
      { state: 'retired', generation: 1, algorithm: 'ml-dsa-44' },
    ],
  );
  const [now, then] = [active, retired].map((key) =>
    readCertificate(checkDer(key?.certificate ?? new Uint8Array())),
  );
  t.same(now?.subject, then?.subject);
  t.same(
    now?.extensions.find(({ oid }) => oid === '2.5.29.19'),
    then?.extensions.find(({ oid }) => oid === '2.5.29.19'),
    'the path length',
  );
  const after = await use.issue(order('issuing'));
  t.not(Buffer.compare(after.issuerCertificate, before.issuerCertificate), 0);
  const renewal = {
    predecessor: { way: 'renew', certificateId: before.id },
    key: { from: 'predecessor' },
  } as const;
  t.same(
    (await use.issue(order('issuing', renewal))).issuerCertificate,
    active?.certificate,
    'what the old key issued is renewed by the new one',
  );

  const {
    keys: [pending],
  } = await use.rotate({ ...rotation, issuer: { is: 'elsewhere' } });
  t.match(pending, { state: 'pending', generation: 3 });
  t.ok(pending?.csr);
  await t.resolves(use.issue(order('issuing')), 'the present key signs until the certificate is there');
});

t.test('name constraints do not get lost in a rotation', async (t) => {
  const { use } = await openAuthorities(t, domain);
  const nameConstraints = { permitted: [parseSubtree('DNS:example')], excluded: [] };
  await use.create(authorityOrder('root', { options: () => ({ nameConstraints }) }));
  await t.rejects(use.issue(order('root', { san: ['DNS:a.test'] })), { code: 'name-constraints-violated' });
  const rotation = { authority: 'root', caller: TESTER, isAlgorithm: isKeyAlgorithm };
  await t.rejects(use.rotate({ ...rotation, options: () => ({}) }), {
    code: 'invalid-extension',
    path: ['nameConstraints'],
  });
  await use.rotate({ ...rotation, options: () => ({ nameConstraints }) });
  await t.rejects(use.issue(order('root', { san: ['DNS:a.test'] })), { code: 'name-constraints-violated' });
  await t.resolves(use.issue(order('root')));
});

t.test('the sealing key is replaced while the authorities issue', async (t) => {
  const first = await openAuthorities(t, domain);
  await rootAndIssuing(first);
  const sealingKey = sealingKeyOf(Buffer.alloc(32, 8));
  const keyStore = new SealedKeyStore({ keys, sealingKey, otherKeys: [SEALING_KEY] });
  const { store } = first;
  const run = () => resealKeys({ store, keyStore, clock: () => new Date() });
  t.match(await run(), { replaced: 2, kept: 0 });
  t.match(await run(), { replaced: 0, kept: 2 });
  await t.resolves(first.use.issue(order('issuing')), 'a process that opened the key before');
  const later = await openAuthorities(t, domain, {
    beside: first,
    keyStore: new SealedKeyStore({ keys, sealingKey }),
  });
  await t.resolves(later.use.issue(order('issuing')), 'a process with the new key alone');
  const old = new SealedKeyStore({ keys, sealingKey: SEALING_KEY });
  const { failed } = await resealKeys({ store, keyStore: old, clock: () => new Date() });
  t.equal(failed.size, 2);
});
