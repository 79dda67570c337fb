/** Authorities whose certificate is revoked, at any moment; and who publishes that. */

import t from 'tap';
import { createReading } from '../../src/formats/reading.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { createRevocations } from '../../src/revocation/revocations.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { authorityOrder, openAuthorities, TESTER, type TestAuthorities } from '../support/authorities.ts';
import { CA_EXTENSIONS, craftCertificate, extension } from '../support/crafted.ts';
import { revoke } from '../support/crl.ts';
import { openDomain } from '../support/domain.ts';

const domain = await openDomain(t);
const { keys } = domain;

const OFFICER = { principal: 'officer', revokesAll: true, requireAll() {} };

/** A root that was made elsewhere, with these extensions. */
async function importRoot({ use }: TestAuthorities, extensions: typeof CA_EXTENSIONS): Promise<void> {
  const key = await keys.generate('ml-dsa-44');
  const root = readCertificate(checkDer(await craftCertificate(key, { extensions })));
  const content = async () => ({
    certificates: [root],
    reading: createReading({ isStrict: true }),
    key: await keys.importPrivateKey(checkDer(await key.exportPkcs8())),
  });
  await use.import({ caller: TESTER, name: 'root', content });
}

const below = { issuer: { is: 'parent', reference: 'root' } } as const;

t.test('a parent without cRLSign has no CRL: only OCSP says that the certificate is revoked', async (t) => {
  const publishedWith = async (extensions: typeof CA_EXTENSIONS) => {
    const authorities = await openAuthorities(t, domain);
    await importRoot(authorities, extensions);
    await authorities.use.create(authorityOrder('issuing', below));
    const revocations = createRevocations(authorities.context, OFFICER.principal, []);
    const { published } = await revocations.revokeAuthority({
      revoker: OFFICER,
      authority: 'issuing',
      reason: 'superseded',
    });
    return published;
  };
  t.equal(await publishedWith(CA_EXTENSIONS), 'by-parent');
  const keyCertSign = extension('2.5.29.15', true, '03020204');
  t.equal(await publishedWith({ ...CA_EXTENSIONS, keyUsage: keyCertSign }), 'ocsp-only');
});

t.test('a certificate that is revoked before its authority is stored enables no authority', async (t) => {
  let isRevoking = false;
  const authorities: TestAuthorities = await openAuthorities(t, domain, {
    async reached(step) {
      if (step !== 'stored' || !isRevoking) return;
      isRevoking = false;
      const query = { filter: {}, now: new Date(), order: 'newest-first', limit: 1 } as const;
      const [issued] = await authorities.store.searchCertificates(query);
      await revoke(authorities, issued?.id ?? '', 4);
    },
  });
  const { use } = authorities;
  await use.create(authorityOrder('root'));
  await use.create(authorityOrder('issuing', below));
  isRevoking = true;
  t.match(await use.create(authorityOrder('revoked', below)), { authority: { status: 'disabled' } });
  isRevoking = true;
  const rotation = {
    authority: 'issuing',
    caller: TESTER,
    options: () => ({}),
    isAlgorithm: (name: string): name is 'ml-dsa-44' => name === 'ml-dsa-44',
  };
  t.match(await use.rotate(rotation), { authority: { status: 'disabled' } });
  t.match(await use.show('root'), { authority: { status: 'enabled' } });
});
