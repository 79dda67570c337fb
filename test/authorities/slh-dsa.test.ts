/** A stored authority of SLH-DSA: its certificates and its CRL, over HTTP. */

import { join } from 'node:path';
import t from 'tap';
import { judged, verifyAll } from '../interop/judge.ts';
import { openPatiently } from '../support/authorities.ts';
import { opensslMissing } from '../support/openssl.ts';
import { pemOf, poster, startApp } from '../support/service.ts';
import { succeeding } from '../support/until.ts';

const app = await startApp(t, { DATA_DIR: join(t.testdir(), 'data') }, openPatiently);
const post = poster(app);
const skip = { skip: opensslMissing };

const ROOT = '/api/v1/authorities';
const root = await post(ROOT, { name: 'root', subject: '/CN=Root', key_algorithm: 'slh-dsa-sha2-128f' });
const [key] = root.answer.keys;
const certificate = pemOf(key.certificate).toString();

t.test('a root of SLH-DSA certifies keys of other algorithms and of its own', skip, async (t) => {
  t.match(key, { key_algorithm: 'slh-dsa-sha2-128f', state: 'active' });
  for (const key_algorithm of ['ml-dsa-44', 'slh-dsa-shake-128f', 'ed25519']) {
    const order = { subject: '/CN=a.example', san: ['a.example'], key_algorithm };
    const { statusCode, answer } = await post(`${ROOT}/root/certificates`, order);
    t.equal(statusCode, 201);
    const issued = pemOf(answer.certificate).toString();
    await verifyAll(t, { issued }, certificate, '-purpose sslserver');
    const shown = await judged('pkey -in key -pubout', { key: pemOf(answer.private_key) });
    t.equal(shown, pemOf(answer.public_key).toString(), 'the key belongs to it');
  }
});

t.test('an intermediate of ML-DSA below it issues', skip, async (t) => {
  const below = { name: 'issuing', subject: '/CN=Issuing', parent: 'root', key_algorithm: 'ml-dsa-65' };
  t.equal((await post(ROOT, below)).statusCode, 201);
  const { answer } = await post(`${ROOT}/issuing/certificates`, {
    subject: '/CN=b.example',
    san: ['b.example'],
  });
  const [leaf = '', intermediate = ''] = pemOf(answer.chain)
    .toString()
    .split(/(?<=END CERTIFICATE-----\n)/);
  const verdict = await judged('verify -x509_strict -CAfile root -untrusted below leaf', {
    root: certificate,
    below: intermediate,
    leaf,
  });
  t.equal(verdict, 'leaf: OK\n');
});

t.test('its CRL is verified', skip, async (t) => {
  const crl = await succeeding(async () => {
    const { statusCode, body } = await app.inject(`/crl/${key.id}.pem`);
    if (statusCode !== 200) throw new Error(`status ${statusCode}`);
    return body;
  });
  const words = 'crl -in crl -CAfile root -noout';
  await judged(words, { crl, root: certificate });
  const text = await judged('crl -in crl -noout -text', { crl });
  t.match(text, /Signature Algorithm: SLH-DSA-SHA2-128f/);
});
