/** The keys that sign OCSP responses: delegated by the authority, renewed, never ordered by a caller. */

import t, { type Test } from 'tap';
import type { KeyAlgorithmName } from '../../src/keys/key.ts';
import type { OcspObserver } from '../../src/ocsp/ports.ts';
import { PROFILES } from '../../src/ca/profile.ts';
import { extensionOid } from '../../src/formats/oids.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { readPublicKey } from '../../src/keys/public-key.ts';
import { readCertificate, type Certificate } from '../../src/x509/certificate.ts';
import { responderKeyHash } from '../../src/x509/ocsp/response-writer.ts';
import { readExtendedKeyUsage } from '../../src/x509/extensions/extended-key-usage.ts';
import { extensionValue } from '../../src/x509/extensions/extension.ts';
import { formatOneLine } from '../../src/x509/names/name-text.ts';
import { decodeDistinguishedName } from '../../src/x509/names/distinguished-name.ts';
import { authorityOrder, openAuthorities, order, TESTER } from '../support/authorities.ts';
import { openDomain } from '../support/domain.ts';
import {
  createAuthority,
  issueCertificate,
  ocspRequest,
  readReply,
  type TestAuthority,
} from '../support/ocsp.ts';
import { until } from '../support/until.ts';

const DAY = 86_400_000;
const NONCE = Buffer.alloc(32, 1);

const QUIET: OcspObserver = {
  replied: () => undefined,
  stated: () => undefined,
  signed: () => undefined,
  failed: () => undefined,
};

async function open(t: Test, given: Parameters<typeof openAuthorities>[2] = {}, observer = QUIET) {
  const opened = await openAuthorities(t, await openDomain(t), given);
  const responder = opened.createResponder({
    signer: 'delegated',
    validity: 43_200,
    cacheLimit: 1e6,
    observer,
  });
  t.teardown(() => responder.close());
  return {
    ...opened,
    /** Returns the certificate of the responder for the authority; undefined if the authority signed. */
    async signerOf(authority: TestAuthority): Promise<Certificate | undefined> {
      const reply = await responder.respond(
        ocspRequest(authority, [Uint8Array.of(1)], { nonce: NONCE }),
        async () => undefined,
      );
      if (reply.status !== 'successful') throw new Error(reply.status);
      const { certificates, data } = readReply(reply.response.der);
      const [der = authority.certificate] = certificates;
      const certificate = readCertificate(checkDer(der));
      const { bits } = readPublicKey(certificate.subjectPublicKeyInfo);
      t.same(data?.responder.contents, responderKeyHash(bits));
      return certificates.length === 0 ? undefined : certificate;
    },
  };
}

/** Of the authority and of its responder: SLH-DSA signs too slowly for responses. */
const ALGORITHMS = [
  ['ml-dsa-65', 'ml-dsa-65'],
  ['ecdsa-p256', 'ecdsa-p256'],
  ['ed25519', 'ed25519'],
  ['slh-dsa-sha2-128f', 'ml-dsa-44'],
  ['slh-dsa-sha2-192f', 'ml-dsa-65'],
  ['slh-dsa-sha2-256f', 'ml-dsa-87'],
] as const;

t.test('the certificate of a responder is short-lived, and is for signing responses only', async (t) => {
  const opened = await open(t);
  for (const [algorithm, ofResponder] of ALGORITHMS) {
    const authority = await createAuthority(opened, algorithm, algorithm);
    const certificate = await opened.signerOf(authority);
    if (certificate === undefined) throw new Error('The authority signed');
    const { extensions, subject, issuer, subjectPublicKeyInfo, validity } = certificate;
    t.equal(formatOneLine(decodeDistinguishedName(subject)), `/CN=${algorithm} OCSP responder`);
    t.same(issuer, readCertificate(checkDer(authority.certificate)).subject);
    t.equal(readPublicKey(subjectPublicKeyInfo).algorithm, ofResponder);
    const purposes = extensionValue(extensions, extensionOid.extendedKeyUsage);
    t.same(purposes && readExtendedKeyUsage(purposes), ['1.3.6.1.5.5.7.3.9']);
    t.same(extensionValue(extensions, extensionOid.ocspNoCheck), Uint8Array.of(5, 0));
    for (const oid of [extensionOid.cRLDistributionPoints, extensionOid.authorityInfoAccess])
      t.equal(extensionValue(extensions, oid), undefined);
    t.ok(validity.notAfter.getTime() - validity.notBefore.getTime() <= 7.1 * DAY);
  }
});

t.test('a responder is certified in the usual order, by the service itself', async (t) => {
  const opened = await open(t);
  const root = await createAuthority(opened, 'root');
  const certificate = await opened.signerOf(root);
  const found = await opened.store.findCertificate(
    (await opened.use.show('root')).authority.id,
    certificate?.serialNumber ?? new Uint8Array(),
  );
  t.match(found, { principal: 'service', profile: 'ocsp-responder' });
  const records = await opened.store.readAudit({ after: 0, limit: 100 });
  t.match(
    records.filter(({ action }) => action === 'ocsp/delegate'),
    [{ principal: 'service', outcome: 'success', details: { certificate: found?.id } }],
  );
});

t.test('the list of profiles of an authority does not keep it from having a responder', async (t) => {
  const opened = await open(t);
  const root = await createAuthority(opened, 'root');
  await opened.use.allowProfiles({ authority: 'root', caller: TESTER, profiles: ['tls'] });
  t.ok(await opened.signerOf(root));
});

t.test('a caller needs the scope of CAs to order the certificate of a responder', async (t) => {
  const opened = await open(t);
  await createAuthority(opened, 'root');
  const profile = PROFILES['ocsp-responder'];
  const caller = {
    ...TESTER,
    requireCaScope() {
      throw new Error('needs certs:issue:ca');
    },
  };
  await t.rejects(opened.use.issue(order('root', { profile, caller })), /certs:issue:ca/);
  await t.resolves(opened.use.issue(order('root', { profile, san: [] })));
  await t.resolves(opened.use.issue(order('root', { caller })));
});

t.test('one key signs until half of its life, and its successor is there before its end', async (t) => {
  let now = Date.now();
  const opened = await open(t, { clock: () => new Date(now) });
  const root = await createAuthority(opened, 'root');
  const first = await opened.signerOf(root);
  now += 3 * DAY;
  t.same((await opened.signerOf(root))?.serialNumber, first?.serialNumber);
  now += DAY;
  await until(async () => Buffer.compare(await serialOf(), first?.serialNumber ?? NONCE) !== 0);
  async function serialOf(): Promise<Uint8Array> {
    return (await opened.signerOf(root))?.serialNumber ?? new Uint8Array();
  }
  const second = await serialOf();
  now += 30 * DAY;
  t.notSame(await serialOf(), second, 'a key whose certificate ended signs nothing');
});

t.test('an authority that issues nothing any more signs its responses itself', async (t) => {
  const opened = await open(t);
  const disabled = await createAuthority(opened, 'disabled');
  await opened.use.setStatus({ authority: 'disabled', caller: TESTER, status: 'disabled' });
  t.equal(await opened.signerOf(disabled), undefined);

  const retired = await createAuthority(opened, 'rotated');
  const { serial } = await issueCertificate(opened, 'rotated');
  t.ok(serial);
  const { options } = authorityOrder('rotated');
  await opened.use.rotate({
    authority: 'rotated',
    caller: TESTER,
    options,
    isAlgorithm: (name): name is KeyAlgorithmName => name === 'ml-dsa-44',
  });
  t.equal(await opened.signerOf(retired), undefined, 'a retired key');
});

t.test(
  'a responder that cannot be certified because of a bug is reported, and the authority signs',
  async (t) => {
    const failures: unknown[] = [];
    const opened = await open(
      t,
      { change: () => ({ reserve: () => Promise.reject(new Error('a bug')) }) },
      { ...QUIET, failed: (error) => void failures.push(error) },
    );
    const root = await createAuthority(opened, 'root');
    t.equal(await opened.signerOf(root), undefined);
    t.match(failures, [{ message: 'a bug' }]);
  },
);
