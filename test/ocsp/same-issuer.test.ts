/** Authorities with the same name and key: no CertID distinguishes them, so a response is about all their certificates. */

import t from 'tap';
import { createReading } from '../../src/formats/reading.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { TESTER, type TestAuthorities } from '../support/authorities.ts';
import { craftCertificate } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { issueCertificate, ocspRequest, revoke } from '../support/ocsp.ts';
import { ask, openResponder, statusOf } from '../support/responder.ts';
import { until } from '../support/until.ts';

const { keys } = await openDomain(t);

/** A CA that can be imported under several names. */
async function madeElsewhere() {
  const key = await keys.generate('ml-dsa-44');
  const certificate = readCertificate(checkDer(await craftCertificate(key)));
  const importAs = async ({ use }: TestAuthorities, name: string) =>
    use.import({
      caller: TESTER,
      name,
      content: async () => ({
        certificates: [certificate],
        reading: createReading({ isStrict: true }),
        key: await keys.importPrivateKey(checkDer(await key.exportPkcs8())),
      }),
    });
  return { certificate: certificate.der, importAs };
}

t.test('a certificate of each of them is known, and its revocation', async (t) => {
  const opened = await openResponder(t);
  const ca = await madeElsewhere();
  await ca.importAs(opened, 'one');
  const one = await issueCertificate(opened, 'one');
  const requestFor = (...serials: Uint8Array[]) => ocspRequest(ca, serials);
  t.equal(await statusOf(opened, requestFor(one.serial)), 'good');
  await ca.importAs(opened, 'two');
  const two = await issueCertificate(opened, 'two');
  t.equal(await statusOf(opened, requestFor(two.serial)), 'good', 'as soon as it is there');
  t.same((await ask(opened, requestFor(one.serial, two.serial))).statuses, ['good', 'good']);
  t.same((await ask(opened, ocspRequest(ca, [two.serial], { digest: 'sha1' }))).statuses, ['good']);
  await revoke(opened, two);
  t.equal(await statusOf(opened, requestFor(two.serial)), 'revoked');
  t.equal(await statusOf(opened, requestFor(one.serial)), 'good');
  await revoke(opened, one);
  t.same((await ask(opened, requestFor(one.serial, two.serial, Uint8Array.of(1)))).statuses, [
    'revoked',
    'revoked',
    'unknown',
  ]);
});

t.test('a revocation by another process shows soon for each of them', async (t) => {
  const opened = await openResponder(t);
  const ca = await madeElsewhere();
  for (const name of ['one', 'two']) await ca.importAs(opened, name);
  const certificates = [await issueCertificate(opened, 'one'), await issueCertificate(opened, 'two')];
  const beside = await openResponder(t, { beside: opened });
  const requests = certificates.map(({ serial }) => ocspRequest(ca, [serial]));
  for (const request of requests) t.equal(await statusOf(beside, request), 'good');
  for (const [i, certificate] of certificates.entries()) {
    await revoke(opened, certificate);
    await until(async () => (await statusOf(beside, requests[i] ?? new Uint8Array())) === 'revoked');
  }
});
