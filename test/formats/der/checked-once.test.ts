import t from 'tap';
import * as strict from '../../../src/formats/der/strict.ts';
import { authority, certificatePem, requestPem, type openDomain } from '../../support/domain.ts';

const lengths: number[] = [];
const checkDer: typeof strict.checkDer = (octets, options) => {
  lengths.push(octets.length);
  return strict.checkDer(octets, options);
};
const counted: { openDomain: typeof openDomain } = await t.mockImport('../../support/domain.ts', {
  '../../../src/formats/der/strict.ts': { ...strict, checkDer },
});
const { inspector, issuer } = await counted.openDomain(t);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, length) => total + length, 0);

/** Runs `task`. Returns the lengths of the octets that it checked, longest first. */
async function checksOf(task: () => Promise<unknown>): Promise<number[]> {
  lengths.length = 0;
  await task();
  return lengths.toSorted((a, b) => b - a);
}

/** The values of extensions are OCTET STRINGs, which are checked separately. */
const VALUES = 300;

t.test('received octets and the content of a new certificate are checked as DER once', async (t) => {
  const ca = await issuer.selfSigned({ algorithm: 'ml-dsa-65', subject: '/CN=CA', days: 10, isCa: true });
  const { csr } = await issuer.createCsr({ algorithm: 'ml-dsa-65', subject: '/CN=a', san: ['DNS:a.test'] });
  const pkcs8 = await ca.key.exportPkcs8();
  const signer = await authority(ca.certificate, ca.key);

  const inspecting = await checksOf(() => inspector.certificate(certificatePem(ca.certificate)));
  t.equal(inspecting[0], ca.certificate.length);
  t.ok(sum(inspecting.slice(1)) < VALUES, `inspect: ${String(inspecting)}`);

  const signing = await checksOf(() =>
    issuer.signCsr({ csr: requestPem(csr), ...signer, days: 5, isCa: false }),
  );
  const received = [ca.certificate.length, csr.length, pkcs8.length];
  for (const length of received) t.equal(signing.filter((checked) => checked === length).length, 1);
  const others = signing.filter((length) => !received.includes(length));
  const [newContent = 0, ...values] = others;
  t.ok(newContent < 2500, 'the content that is linted before it is signed');
  t.ok(sum(values) < VALUES, `sign: ${String(signing)}`);
});
