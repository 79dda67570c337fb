/** Issuing by stored authorities, with keys in the store and with keys in a KMS; OpenSSL is the judge. */

import { hash } from 'node:crypto';
import t, { type Test } from 'tap';
import { KEY_ALGORITHMS, type KeyAlgorithmName } from '../../src/algorithms/registry.ts';
import { CA } from '../../src/ca/profile.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { readPublicKey } from '../../src/keys/public-key.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { verifyAuditChain } from '../../src/storage/audit-chain.ts';
import { readCertificationRequest } from '../../src/x509/certification-request.ts';
import {
  authorityOrder,
  caller,
  openAuthorities,
  order,
  rootAndIssuing,
  TESTER,
} from '../support/authorities.ts';
import { craftRequest } from '../support/crafted.ts';
import { certificatePem, openDomain } from '../support/domain.ts';
import { createKms } from '../support/kms.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { asking } from '../ca/signing.ts';

const domain = await openDomain(t);
const { keys } = domain;

const pemOf = (...ders: readonly Uint8Array[]): string => ders.map(certificatePem).join('');

/** Whether OpenSSL accepts the path from `root` to `leaf`. */
async function verify(root: Uint8Array, chain: readonly Uint8Array[], leaf: Uint8Array): Promise<string> {
  const files = { 'root.pem': pemOf(root), 'chain.pem': pemOf(...chain), 'leaf.pem': pemOf(leaf) };
  const args = ['verify', '-x509_strict', '-CAfile', 'root.pem', '-untrusted', 'chain.pem', 'leaf.pem'];
  const { stdout, stderr } = await openssl(args, { files });
  return `${stdout.toString().trim()}${stderr}`;
}

const csrOf = async (...names: readonly string[]) => {
  const key = await keys.generate('ml-dsa-44');
  return readCertificationRequest(checkDer(await craftRequest(key, asking(...names))));
};

/** The suite that every key store passes. */
function testIssuing(t: Test, title: string, open: (t: Test) => ReturnType<typeof openAuthorities>): void {
  t.test(`${title}: a root, an intermediate and a certificate`, { skip: opensslMissing }, async (t) => {
    const stored = await open(t);
    await rootAndIssuing(stored);
    const root = await stored.use.show('root');
    const issued = await stored.use.issue(order('issuing'));
    const [anchor] = root.keys;
    t.equal(
      await verify(anchor?.certificate ?? issued.certificate, issued.chain, issued.certificate),
      'leaf.pem: OK',
    );
    t.equal(issued.chain.length, 1, 'the root is left out');
    t.ok(issued.key, 'the key is returned');
    const kept = await stored.store.getCertificate(issued.id);
    t.same(kept?.der, issued.certificate);
    t.match(kept, {
      subject: 'CN=a.example',
      principal: 'tester',
      profile: 'end-entity',
      isAuthority: false,
    });
    t.same(kept?.names, [{ type: 'dns', value: 'a.example' }]);
    t.same(await stored.use.reservations('issuing'), []);
  });

  t.test(`${title}: a certificate for the key of a CSR and for a public key`, async (t) => {
    const stored = await open(t);
    await stored.use.create(authorityOrder('root'));
    const request = await csrOf('b.example');
    const byCsr = await stored.use.issue(order('root', { key: { from: 'csr', request } }));
    t.same(readCertificate(checkDer(byCsr.certificate)).subjectPublicKeyInfo, request.subjectPublicKeyInfo);
    t.equal(byCsr.key, undefined);
    t.same(byCsr.notes, []);
    const publicKey = readPublicKey(request.subjectPublicKeyInfo);
    const byKey = await stored.use.issue(order('root', { key: { from: 'public-key', publicKey } }));
    t.match(byKey.notes, [{ code: 'possession-not-proved', path: ['publicKey'] }]);
    t.notSame(byCsr.serialNumber, byKey.serialNumber);
  });

  t.test(`${title}: what was made is there after a restart`, async (t) => {
    const first = await open(t);
    await rootAndIssuing(first);
    const before = await first.use.issue(order('issuing'));
    await first.close();
    const second = await openAuthorities(t, domain, { after: first, keyStore: keyStoreAfter(first) });
    t.same(
      (await second.use.list({ limit: 10 })).map(({ authority }) => authority.name),
      ['issuing', 'root'],
    );
    t.same((await second.store.getCertificate(before.id))?.der, before.certificate);
    const after = await second.use.issue(
      order('issuing', {
        predecessor: { way: 'renew', certificateId: before.id },
        key: { from: 'predecessor' },
      }),
    );
    const [old, renewed] = [before, after].map(({ certificate }) => readCertificate(checkDer(certificate)));
    t.same(renewed?.subjectPublicKeyInfo, old?.subjectPublicKeyInfo);
    t.same(renewed?.subject, old?.subject);
    t.notSame(renewed?.serialNumber, old?.serialNumber);
  });
}

const kms = createKms(keys);
/** A sealed key store opens what another one sealed; the KMS is the same one. */
const keyStoreAfter = ({ keyStore }: { readonly keyStore: unknown }) => (keyStore === kms ? kms : undefined);

testIssuing(t, 'sealed keys', (t) => openAuthorities(t, domain));
testIssuing(t, 'keys in a KMS', (t) => openAuthorities(t, domain, { keyStore: kms }));

t.test('the KMS gets 64 octets for an ML-DSA signature', async (t) => {
  t.ok(kms.signed.length > 0);
  t.ok(kms.signed.every((length) => length === 64));
});

t.test(
  'a root of every algorithm issues for a key of every algorithm',
  { skip: opensslMissing },
  async (t) => {
    const { use } = await openAuthorities(t, domain);
    // Of SLH-DSA the two that sign fastest
    const names = Object.keys(KEY_ALGORITHMS).filter(
      (name) => !/rsa-[34]|slh-dsa.*(?:s|92f|56f)$/.test(name),
    ) as KeyAlgorithmName[];
    for (const algorithm of names) {
      const {
        keys: [key],
      } = await use.create(authorityOrder(`root-${algorithm}`, { algorithm }));
      for (const leaf of ['ml-dsa-65', 'ecdsa-p256'] as const) {
        const {
          certificate,
          chain,
          key: made,
        } = await use.issue(order(`root-${algorithm}`, { key: { from: 'new-key', algorithm: leaf } }));
        made?.destroy();
        t.equal(
          await verify(key?.certificate ?? certificate, chain, certificate),
          'leaf.pem: OK',
          `${algorithm} for ${leaf}`,
        );
      }
    }
  },
);

t.test('two authorities have their own keys, names and certificates', async (t) => {
  const { use, store } = await openAuthorities(t, domain);
  await use.create(authorityOrder('one'));
  await use.create(authorityOrder('two'));
  const [one, two] = await Promise.all(['one', 'two'].map((name) => use.issue(order(name))));
  t.ok(one && two && Buffer.compare(one.issuerCertificate, two.issuerCertificate) !== 0);
  t.notSame(one?.authorityId, two?.authorityId);
  const renewal = order('two', {
    predecessor: { way: 'renew', certificateId: one?.id ?? '' },
    key: { from: 'predecessor' },
  });
  await t.rejects(use.issue(renewal), { code: 'invalid-authority', path: ['renew'] });
  await use.setStatus({ authority: 'one', caller: TESTER, status: 'disabled' });
  await t.rejects(use.issue(order('one')), { code: 'authority-inactive', message: /one is disabled/ });
  await t.resolves(use.issue(order('two')));
  await use.setStatus({ authority: 'one', caller: TESTER, status: 'enabled' });
  await t.resolves(use.issue(order('one')));
  t.equal(
    (await store.searchCertificates({ filter: {}, now: new Date(), order: 'newest-first', limit: 10 }))
      .length,
    4,
  );
});

t.test('a certificate of another caller is as unknown as one that does not exist', async (t) => {
  const { use, authorities } = await openAuthorities(t, domain);
  await use.create(authorityOrder('root'));
  const { id } = await use.issue(order('root'));
  const renew = (who: ReturnType<typeof caller>, certificateId: string) =>
    authorities(who.principal).issue(
      order('root', {
        caller: who,
        predecessor: { way: 'renew', certificateId },
        key: { from: 'predecessor' },
      }),
    );
  const unknown = {
    code: 'unknown-certificate',
    path: ['renew'],
    message: 'There is no certificate with this id',
  };
  await t.rejects(renew(caller('other'), id), unknown);
  await t.rejects(renew(TESTER, '00000000-0000-4000-8000-000000000000'), unknown);
  await t.resolves(renew(caller('auditor', true), id));
  await t.resolves(renew(TESTER, id));
});

t.test('a certificate gets a new key, and the names of a CSR for it must be its own', async (t) => {
  const { use } = await openAuthorities(t, domain);
  await use.create(authorityOrder('root'));
  const { id, certificate } = await use.issue(
    order('root', { key: { from: 'csr', request: await csrOf('a.example', 'b.example') } }),
  );
  const rekey = async (key: Parameters<typeof order>[1]) =>
    use.issue(order('root', { ...key, predecessor: { way: 'rekey', certificateId: id } }));
  const old = readCertificate(checkDer(certificate));
  const made = readCertificate(checkDer((await rekey({})).certificate));
  t.same(made.subject, old.subject);
  t.not(Buffer.compare(made.subjectPublicKeyInfo, old.subjectPublicKeyInfo), 0);
  t.same(
    made.extensions.find(({ oid }) => oid === '2.5.29.17'),
    old.extensions.find(({ oid }) => oid === '2.5.29.17'),
  );
  await t.resolves(rekey({ key: { from: 'csr', request: await csrOf('b.example') } }));
  await t.rejects(rekey({ key: { from: 'csr', request: await csrOf('c.example') } }), {
    code: 'invalid-csr',
    path: ['request'],
  });
});

t.test('an authority does not certify its own key, and one with path length 0 certifies no CA', async (t) => {
  const { use } = await openAuthorities(t, domain);
  const {
    keys: [key],
  } = await use.create(authorityOrder('root', { pathLength: 0 }));
  const publicKey = readPublicKey(checkDer(key?.publicKey ?? new Uint8Array()));
  await t.rejects(use.issue(order('root', { key: { from: 'public-key', publicKey } })), {
    code: 'issuer-key-reused',
    path: ['publicKey'],
  });
  await t.rejects(use.issue(order('root', { profile: CA })), { code: 'path-length-exceeded' });
  await t.rejects(use.create(authorityOrder('below', { issuer: { is: 'parent', reference: 'root' } })), {
    code: 'path-length-exceeded',
  });
  await t.rejects(use.issue(order('root', { days: 4000 })), { code: 'exceeds-issuer', path: ['days'] });
});

t.test('a dry run shows the content, and stores and signs nothing', async (t) => {
  const { use, store } = await openAuthorities(t, domain);
  await use.create(authorityOrder('root'));
  const head = await store.auditHead();
  const { description, isKeyNew } = await use.preview(order('root'));
  t.match(description, { subject: '/CN=a.example', issuer: '/CN=root', subjectAltNames: ['DNS:a.example'] });
  t.equal(isKeyNew, true);
  t.same(await store.auditHead(), head);
  await t.rejects(use.preview(order('root', { days: 0 })), { code: 'invalid-validity' });
});

t.test('every success and every refusal is in the audit chain', async (t) => {
  const stored = await openAuthorities(t, domain);
  const { use, store } = stored;
  await rootAndIssuing(stored);
  const { id, certificate } = await use.issue(order('issuing'));
  await t.rejects(use.issue(order('nobody')));
  const records = await store.readAudit({ after: 0, limit: 100 });
  t.same(
    records.map(({ action, outcome }) => `${action} ${outcome}`),
    [
      'authority/create success',
      'authority/certify success',
      'authority/create success',
      'certificate/issue success',
      'certificate/issue refused',
    ],
  );
  t.match(records.at(-2), {
    principal: 'tester',
    details: { certificate: id, sha256: hash('sha256', certificate, 'hex') },
  });
  t.match(records.at(-1), { details: { code: 'unknown-authority', authority: 'nobody' } });
  t.match(await verifyAuditChain(records, { head: await store.auditHead() }), { valid: true });
});
