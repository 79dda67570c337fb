/** A key that was revoked with keyCompromise is never certified again, in any way. */

import t from 'tap';
import type { KeySource } from '../../src/authorities/order.ts';
import { createReading } from '../../src/formats/reading.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { createRevocations } from '../../src/revocation/revocations.ts';
import type { RevocationReason } from '../../src/revocation/reasons.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { readCertificationRequest } from '../../src/x509/certification-request.ts';
import {
  authorityOrder,
  caller,
  openAuthorities,
  order,
  rootAndIssuing,
  TESTER,
  type TestAuthorities,
} from '../support/authorities.ts';
import { craftCertificate, craftRequest } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';

const domain = await openDomain(t);
const { keys } = domain;

const OFFICER = { principal: 'officer', revokesAll: true, requireAll() {} };
const OTHER = caller('other');
const refusal = { code: 'invalid-public-key', message: /compromised; use a new key/ };

const revokeAs = (
  { context }: TestAuthorities,
  revoker: typeof OFFICER,
  id: string,
  reason: RevocationReason = 'keyCompromise',
) =>
  createRevocations(context, revoker.principal, []).revoke({
    revoker,
    reason,
    reference: () => ({ by: 'id', id }),
  });

const owner = {
  principal: TESTER.principal,
  revokesAll: false,
  requireAll() {
    throw new Error('The owner needs no scope for its own certificate');
  },
};

async function madeKey() {
  const key = await keys.generate('ml-dsa-44');
  const request = readCertificationRequest(checkDer(await craftRequest(key)));
  const sources: readonly KeySource[] = [
    { from: 'csr', request },
    { from: 'public-key', publicKey: key.publicKey },
  ];
  return { key, sources };
}

t.test('by a CSR, by the key, by a renewal, by another authority, or for another caller', async (t) => {
  const authorities = await openAuthorities(t, domain);
  await rootAndIssuing(authorities);
  const { use } = authorities;
  const other = authorities.authorities(OTHER.principal);
  const { sources } = await madeKey();
  const [csr = sources[0]] = sources;
  if (csr === undefined) throw new Error('There is a CSR');
  const first = await use.issue(order('issuing', { key: csr }));
  const second = await use.issue(order('issuing', { key: csr }));
  await revokeAs(authorities, owner, first.id, 'superseded');
  await use.issue(order('issuing', { key: csr }));
  await revokeAs(authorities, owner, second.id);
  const path = { csr: 'request', 'public-key': 'publicKey' } as Readonly<Record<string, string>>;
  for (const key of sources)
    for (const authority of ['issuing', 'root']) {
      const expected = { ...refusal, path: [path[key.from]] };
      await t.rejects(use.issue(order(authority, { key })), expected);
      await t.rejects(use.preview(order(authority, { key })), expected);
      await t.rejects(other.issue(order(authority, { key, caller: OTHER })), expected);
    }
  const third = await use.issue(order('issuing'));
  const predecessor = { way: 'renew', certificateId: third.id } as const;
  const renewed = () => use.issue(order('issuing', { key: { from: 'predecessor' }, predecessor }));
  const fourth = await renewed();
  await revokeAs(authorities, owner, fourth.id);
  await t.rejects(renewed(), { ...refusal, path: ['renew'] }, 'the predecessor itself is not revoked');
  await t.resolves(use.issue(order('issuing')), 'a new key');
});

t.test('a principal cannot bar the key of another', async (t) => {
  const authorities = await openAuthorities(t, domain);
  await authorities.use.create(authorityOrder('root'));
  const { use } = authorities;
  const other = authorities.authorities(OTHER.principal);
  const { sources } = await madeKey();
  const [csr, publicKey] = sources;
  if (csr === undefined || publicKey === undefined) throw new Error('There are two sources');
  const stolen = await use.issue(order('root', { key: publicKey }));
  await revokeAs(authorities, owner, stolen.id);
  await t.rejects(use.issue(order('root', { key: publicKey })), refusal);
  await t.resolves(other.issue(order('root', { key: csr, caller: OTHER })), 'the owner of the key');
  const another = await other.issue(order('root', { key: publicKey, caller: OTHER }));
  await revokeAs(authorities, OFFICER, another.id);
  await t.rejects(other.issue(order('root', { key: csr, caller: OTHER })), refusal, 'an officer can');
});

t.test('the key of a root too, which no CRL can revoke', async (t) => {
  const authorities = await openAuthorities(t, domain);
  const { use, context } = authorities;
  const key = await keys.generate('ml-dsa-44');
  const root = readCertificate(checkDer(await craftCertificate(key)));
  const content = async () => ({
    certificates: [root],
    reading: createReading({ isStrict: true }),
    key: await keys.importPrivateKey(checkDer(await key.exportPkcs8())),
  });
  const imported = (name: string) => use.import({ caller: TESTER, name, content });
  await imported('one');
  await use.create(authorityOrder('other'));
  const revocations = createRevocations(context, OFFICER.principal, []);
  await revocations.revokeAuthority({ revoker: OFFICER, authority: 'one', reason: 'cACompromise' });
  await t.rejects(imported('two'), { ...refusal, path: ['signer'] });
  const again = { authority: 'one', caller: TESTER, status: 'enabled' } as const;
  await t.rejects(use.setStatus(again), { code: 'authority-inactive', message: /is compromised/ });
  const certified: KeySource = { from: 'public-key', publicKey: key.publicKey };
  await t.rejects(use.issue(order('other', { key: certified })), refusal);
  await revocations.revokeAuthority({ revoker: OFFICER, authority: 'other', reason: 'superseded' });
  await t.resolves(use.setStatus({ ...again, authority: 'other' }), 'after another reason');
});
