/** Only linted content is signed, and only once. */

import t from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { LintError, Prepared, prepareRequest, SignatureVerificationError } from '../../src/ca/prepared.ts';
import type { Signer } from '../../src/keys/key.ts';
import { readCertificationRequest } from '../../src/x509/certification-request.ts';
import { craftTbs, name, octets } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';

const { keys } = await openDomain(t);
const key = await keys.generate('ml-dsa-44');

/** A signer like that of an HSM: it has no export and no destroy. It counts its signatures. */
function signerWithoutExport(): Signer & { readonly signatures: () => number } {
  let signatures = 0;
  return {
    publicKey: key.publicKey,
    signatureAlgorithm: key.signatureAlgorithm,
    async sign(message) {
      signatures += 1;
      return key.sign(message);
    },
    signatures: () => signatures,
  };
}

t.test('a signer without export signs a well-formed CSR', async (t) => {
  const signer = signerWithoutExport();
  const csr = await prepareRequest(signer, { subject: name('a.example'), extensions: [] }).issue(keys);
  const { info, signature, signatureAlgorithm } = readCertificationRequest(checkDer(csr));
  t.ok(await keys.verify(key.publicKey, signatureAlgorithm, info, signature));
  t.equal(signer.signatures(), 1);
});

t.test('prepared content is signed once, and a second call of issue throws', async (t) => {
  const signer = signerWithoutExport();
  const prepared = new Prepared('certificate', craftTbs(key), signer);
  const outcomes = await Promise.allSettled([prepared.issue(keys), prepared.issue(keys)]);
  t.same(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
  await t.rejects(prepared.issue(keys), /issued already/);
  t.equal(signer.signatures(), 1);
});

t.test('content that the linter refuses is never signed', async (t) => {
  const signer = signerWithoutExport();
  const negative = craftTbs(key, { serialNumber: octets('02 01 80') });
  t.throws(() => new Prepared('certificate', negative, signer), LintError);
  t.throws(() => new Prepared('certificate', Uint8Array.of(0x30, 0), signer), LintError);
  t.equal(signer.signatures(), 0);
});

t.test('a signature that does not verify is not returned', async (t) => {
  const faulty: Signer = { ...signerWithoutExport(), sign: () => key.sign(Uint8Array.of(1)) };
  await t.rejects(new Prepared('certificate', craftTbs(key), faulty).issue(keys), SignatureVerificationError);
});

t.test(
  'the engine holds back a signature that does not verify with the key in the certificate',
  async (t) => {
    const other = await keys.generate('ml-dsa-44');
    const subject = { subject: name('a.example'), extensions: [] };
    const genuine = await prepareRequest(key, subject).issue(keys);
    t.ok(readCertificationRequest(checkDer(genuine)), 'the right key signs');
    const swapped: Signer = {
      publicKey: other.publicKey,
      signatureAlgorithm: key.signatureAlgorithm,
      sign: (message) => key.sign(message),
      ...(key.signVerified && { signVerified: key.signVerified.bind(key) }),
    };
    await t.rejects(prepareRequest(swapped, subject).issue(keys), SignatureVerificationError);
  },
);

t.test('the issuer key must have the algorithm of the signer', async (t) => {
  const { publicKey } = await keys.generate('ml-dsa-65');
  const prepared = new Prepared('certificate', craftTbs(key), key, () => publicKey);
  await t.rejects(prepared.issue(keys), SignatureVerificationError);
});

t.test('the content of a prepared value is not readable', async (t) => {
  const prepared = new Prepared('certificate', craftTbs(key), signerWithoutExport());
  t.same(Object.keys(prepared), ['kind']);
  t.same(JSON.parse(JSON.stringify(prepared)), { kind: 'certificate' });
});
