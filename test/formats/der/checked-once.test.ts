import { registerHooks } from 'node:module';
import t from 'tap';

const STRICT = import.meta.resolve('../../../src/formats/der/strict.ts');
const COUNTED = import.meta.resolve('../../support/counted-checks.ts');
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    return found.url === STRICT && context.parentURL !== COUNTED ? { ...found, url: COUNTED } : found;
  },
});
const { lengths } = await import('../../support/counted-checks.ts');
const { authority, certificatePem, openDomain, requestPem } = await import('../../support/domain.ts');
const { inspector, issuer } = await openDomain(t);

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
