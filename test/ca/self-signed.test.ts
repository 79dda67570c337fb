import { X509Certificate } from 'node:crypto';
import t from 'tap';
import type { Engine, EngineKey } from '../../src/algorithms/ml-dsa/engine.ts';
import { PkiError } from '../../src/base/errors.ts';
import { flipBit } from '../algorithms/ml-dsa/octets.ts';
import { authority, issuerOver, keysThatSign, openDomain, requestPem } from '../support/domain.ts';
import type { TextIssuer } from '../support/texts.ts';

const domain = await openDomain(t);
const { issuer, cryptography } = domain;
const { engine } = cryptography;

const content = { algorithm: 'ml-dsa-44', subject: '/CN=a', days: 1, isCa: false } as const;

t.test('a self-signed certificate must have a subject or an alternative name', async (t) => {
  await t.resolves(issuer.selfSigned({ ...content, san: [] }));
  await t.resolves(issuer.selfSigned({ ...content, san: ['a.example'] }));
  const faults: [wrong: object, code: string, pointer: string][] = [
    [{ subject: '' }, 'invalid-subject', '/subject'],
    [{ subject: '/', san: ['a.example'] }, 'invalid-subject', '/subject'],
    [{ subject: '/CN=' }, 'invalid-subject', '/subject'],
    [{ subject: `/CN=${'a'.repeat(65)}` }, 'invalid-subject', '/subject'],
    [{ san: ['a.example', 'a b'] }, 'invalid-san', '/san/1'],
    [{ san: Array.from({ length: 101 }, (_, i) => `a${i}.example`) }, 'invalid-san', '/san'],
  ];
  await t.rejects(issuer.selfSigned({ ...content, subject: '/', san: ['a.example'] }), {
    message: /it is also the issuer .* use csr\/generate and csr\/sign/,
  });
  for (const [wrong, code, pointer] of faults) {
    await t.rejects(issuer.selfSigned({ ...content, ...wrong }), { name: 'PkiError', code, pointer });
  }
});

t.test('a CSR must have a subject or an alternative name', async (t) => {
  await t.resolves(issuer.createCsr({ algorithm: 'ml-dsa-44', subject: '', san: ['a.example'] }));
  await t.rejects(issuer.createCsr({ algorithm: 'ml-dsa-44', subject: '', san: [] }), {
    code: 'invalid-subject',
    pointer: '/subject',
  });
});

t.test('a hybrid pair has the same subject, names and validity, and nothing else in common', async (t) => {
  const pair = await issuer.hybridPair({
    parameterSet: 'ml-dsa-87',
    classical: 'ecdsa-p384',
    subject: '/CN=a/O=b',
    san: ['a.example'],
    days: 30,
    isCa: true,
  });
  const [mlDsa, classical] = [pair.mlDsa, pair.classical].map(
    ({ certificate }) => new X509Certificate(certificate),
  );
  if (mlDsa === undefined || classical === undefined) throw new Error('Expected two certificates');
  t.equal(mlDsa.publicKey.asymmetricKeyType, 'ml-dsa-87');
  t.equal(classical.publicKey.asymmetricKeyType, 'ec');
  for (const member of ['subject', 'issuer', 'subjectAltName', 'validFrom', 'validTo', 'ca'] as const)
    t.equal(mlDsa[member], classical[member], member);
  t.not(mlDsa.serialNumber, classical.serialNumber);
  t.ok(mlDsa.verify(mlDsa.publicKey));
  t.ok(classical.verify(classical.publicKey));
});

/** Faults that a broken engine or memory can cause in a signature. */
const FAULTS: Readonly<Record<string, Engine['sign']>> = {
  'its first bit is flipped': async (key, message) => flipBit(await engine.sign(key, message), 0),
  'a bit in its middle is flipped': async (key, message) => flipBit(await engine.sign(key, message), 9999),
  'its last bit is flipped': async (key, message) => flipBit(await engine.sign(key, message), 2420 * 8 - 1),
  'it is of another message': (key, message) => engine.sign(key, flipBit(message, 40)),
  'it has a context': (key, message) => engine.sign(key, message, { context: Uint8Array.of(1) }),
  'it is empty': () => Promise.resolve(new Uint8Array()),
  'the engine fails': () => Promise.reject(new Error('the engine failed')),
};

/** Returns every use case that signs, with an engine of one parameter set. */
async function waysOf(broken: TextIssuer): Promise<Record<string, () => Promise<unknown>>> {
  const ca = await issuer.selfSigned({ ...content, days: 9, isCa: true });
  const { csr } = await issuer.createCsr(content);
  const request = { csr: requestPem(csr), ...(await authority(ca.certificate, ca.key)), ...content };
  return {
    selfSigned: () => broken.selfSigned(content),
    hybridPair: () => broken.hybridPair({ ...content, parameterSet: 'ml-dsa-44', classical: 'ecdsa-p256' }),
    certificationRequest: () => broken.createCsr(content),
    signRequest: () => broken.signCsr({ ...request, days: 1 }),
  };
}

for (const [fault, sign] of Object.entries(FAULTS)) {
  t.test(`no signature is returned when ${fault}`, async (t) => {
    const used: EngineKey[] = [];
    const keys = keysThatSign(domain, (key, message) => {
      used.push(key);
      return sign(key, message);
    });
    for (const [way, issue] of Object.entries(await waysOf(issuerOver(keys)))) {
      const error: unknown = await issue().then(
        () => 'something was issued',
        (error: unknown) => error,
      );
      t.ok(
        error instanceof Error && !(error instanceof PkiError),
        `${way} throws an internal error, not a PkiError`,
      );
      t.match(error, { message: /does not verify|the engine failed/ });
    }
    t.equal(used.length, 4);
    for (const key of used) t.throws(() => key.exportSeed(), /destroyed/, 'the key is destroyed');
  });
}

t.test('the ML-DSA key of a pair is destroyed when the classical key cannot be generated', async (t) => {
  const used: EngineKey[] = [];
  const keys = keysThatSign(domain, (key, message) => {
    used.push(key);
    return engine.sign(key, message);
  });
  const failing = {
    ...keys,
    generate: (name: Parameters<typeof keys.generate>[0]) =>
      name === 'ecdsa-p256' ? Promise.reject(new Error('no entropy')) : keys.generate(name),
  };
  const pair = issuerOver(failing).hybridPair({
    ...content,
    parameterSet: 'ml-dsa-44',
    classical: 'ecdsa-p256',
  });
  await t.rejects(pair, /no entropy/);
  t.equal(used.length, 1);
  t.throws(() => used[0]?.exportSeed(), /destroyed/);
});
