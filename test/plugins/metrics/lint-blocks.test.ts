/** Content that the linter refuses is counted by rule, and so are new signatures that do not verify. */

import type { FastifyInstance } from 'fastify';
import t, { type Test } from 'tap';
import { buildApp } from '../../../service/app.ts';
import { createIssuer } from '../../../src/ca/issuer.ts';
import { configFrom } from '../../../src/config/load.ts';
import { composeDomain, type Domain } from '../../../src/domain.ts';
import type { Der } from '../../../src/formats/der/header.ts';
import type { Keys } from '../../../src/keys/key.ts';
import { LINT_RULES } from '../../../src/lint/lint.ts';
import { craftCertificate, craftRequest } from '../../support/crafted.ts';
import {
  certificatePem,
  cryptographyThatSigns,
  keyPem,
  openDomain,
  requestPem,
} from '../../support/domain.ts';
import { readExposition } from '../../support/exposition.ts';
import { poster } from '../../support/service.ts';

const test = await openDomain(t);
const caKey = await test.keys.generate('ml-dsa-65');
const leafKey = await test.keys.generate('ecdsa-p256');

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const signing: [string, object] = [
  '/api/v1/csr/sign',
  {
    csr: base64(requestPem(await craftRequest(leafKey))),
    ca_certificate: base64(certificatePem(await craftCertificate(caKey))),
    ca_private_key: base64(await keyPem(caKey)),
  },
];

/** A request for each use case that signs. */
const REQUESTS: readonly [string, object][] = [
  ['/api/v1/certificate/generate', { subject: '/CN=a' }],
  ['/api/v1/certificate/hybrid', { subject: '/CN=a', classical_algorithm: 'ecdsa' }],
  ['/api/v1/csr/generate', { subject: '/CN=a' }],
  signing,
];

async function start(t: Test, domain: Domain): Promise<FastifyInstance> {
  const config = configFrom({ LOG_LEVEL: 'silent' });
  const app = await buildApp({ domain: { ...domain, close: async () => {} }, config });
  t.teardown(() => app.close());
  return app;
}

const samplesOf = async (app: FastifyInstance, name: string) =>
  readExposition((await app.inject('/metrics')).body).get(name)?.samples ?? [];

async function blocks(app: FastifyInstance): Promise<Readonly<Record<string, number>>> {
  const samples = await samplesOf(app, 'certificate_lint_blocks_total');
  return Object.fromEntries(samples.map(({ labels, value }) => [labels['rule'], value]));
}

const signatureFailures = async (app: FastifyInstance): Promise<number | undefined> =>
  (await samplesOf(app, 'signature_verification_failures_total'))[0]?.value;

const NONE = Object.fromEntries(LINT_RULES.map((rule) => [rule, 0]));

/** Keys whose new public keys lack their last octet, as after a fault in memory. */
const damagedKeys = (keys: Keys): Keys => ({
  ...keys,
  async generate(algorithm) {
    const key = await keys.generate(algorithm);
    const spki = key.publicKey.spki.slice(0, -1) as Der;
    const publicKey = { ...key.publicKey, spki };
    return {
      publicKey,
      signatureAlgorithm: key.signatureAlgorithm,
      sign: (message) => key.sign(message),
      exportPkcs8: (format) => key.exportPkcs8(format),
      destroy: () => key.destroy(),
    };
  },
});

t.test('content that the linter refuses is counted once, and the reply does not mention it', async (t) => {
  const keys = damagedKeys(test.keys);
  const app = await start(t, { ...test.domain, keys, issuer: createIssuer({ keys }) });
  t.same(await blocks(app), NONE, 'the series exist with the value zero');
  const { statusCode, answer } = await poster(app)('/api/v1/certificate/generate', { subject: '/CN=a' });
  t.match({ statusCode, answer }, { statusCode: 500, answer: { detail: 'Internal server error' } });
  t.same(await blocks(app), { ...NONE, 'rfc5280-structure': 1 });
});

t.test('a signature that does not verify is counted for every use case that signs', async (t) => {
  const { engine } = test.cryptography;
  const sign: typeof engine.sign = (key) => engine.sign(key, Buffer.from('another message'));
  const app = await start(t, composeDomain(cryptographyThatSigns(test, sign)));
  t.equal(await signatureFailures(app), 0);
  for (const request of REQUESTS) {
    const { statusCode, answer } = await poster(app)(...request);
    t.match({ statusCode, answer }, { statusCode: 500, answer: { detail: 'Internal server error' } });
  }
  t.equal(await signatureFailures(app), REQUESTS.length);
  t.same(await blocks(app), NONE);
});

t.test('a valid certificate and an invalid request are counted under no rule', async (t) => {
  const app = await start(t, test.domain);
  for (const request of REQUESTS) t.equal((await poster(app)(...request)).statusCode, 200);
  t.equal((await poster(app)('/api/v1/certificate/generate', { subject: '/C=Germany' })).statusCode, 400);
  t.equal(
    (await poster(app)('/api/v1/csr/generate', { subject: '/CN=a', san: ['DNS:a..b'] })).statusCode,
    400,
  );
  t.same(await blocks(app), NONE);
  t.equal(await signatureFailures(app), 0);
});
