/** T55: each rule that stops an issuance is counted under its name, and what is let in is not. */

import { generateKeyPairSync } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import t, { type Test } from 'tap';
import { LINT_RULES } from '../../../plugins/metrics/lint-rules.ts';
import { buildApp } from '../../../service/app.ts';
import { createIssuer } from '../../../src/ca/create-issuer.ts';
import { configFrom } from '../../../src/config/load.ts';
import { asking } from '../../ca/signing.ts';
import {
  craftCertificate,
  craftRequest,
  extension,
  name,
  validity,
  type CertificateParts,
  type RequestParts,
} from '../../support/crafted.ts';
import { certificatePem, keyPem, keysThatSign, openDomain, requestPem } from '../../support/domain.ts';
import { readExposition } from '../../support/exposition.ts';
import { poster, startApp } from '../../support/service.ts';

const domain = await openDomain(t);
const caKey = await domain.keys.generate('ml-dsa-65');
const leafKey = await domain.keys.generate('ecdsa-p256');

const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Case {
  readonly ca?: CertificateParts;
  readonly asked?: RequestParts;
  /** Whose key the request is for. */
  readonly of?: typeof caKey;
  readonly body?: object;
}

/** Of a good signing request the parts that differ. */
async function signing({ ca, asked, of = leafKey, body = {} }: Case): Promise<[string, object]> {
  const members = {
    csr: base64(requestPem(await craftRequest(of, asked))),
    ca_certificate: base64(certificatePem(await craftCertificate(caKey, ca))),
    ca_private_key: base64(await keyPem(caKey)),
  };
  return ['/api/v1/csr/sign', { ...members, ...body }];
}

const having = (extensions: CertificateParts['extensions']): { ca: CertificateParts } => ({
  ca: { extensions },
});

const spki = { type: 'spki', format: 'der' } as const;
const pkcs8 = { type: 'pkcs8', format: 'der' } as const;
const weak = generateKeyPairSync('rsa', {
  modulusLength: 1024,
  publicKeyEncoding: spki,
  privateKeyEncoding: pkcs8,
});
const ed448 = generateKeyPairSync('ed448', { publicKeyEncoding: spki, privateKeyEncoding: pkcs8 });

/** By rule, a request that it stops. */
const STOPPED: Readonly<Record<string, () => Promise<[string, object]>>> = {
  'invalid-subject': async () => ['/api/v1/certificate/generate', { subject: '/C=Germany' }],
  'invalid-san': async () => ['/api/v1/csr/generate', { subject: '/CN=a', san: ['DNS:a..b'] }],
  'invalid-certificate': () => signing({ ca: { version: 2 } }),
  'invalid-csr': () => signing({ asked: { subject: name() } }),
  'invalid-extension': () => signing(having({ nameConstraints: extension('2.5.29.30', true, '30 00') })),
  'invalid-public-key': () => signing({ asked: { subjectPublicKeyInfo: weak.publicKey } }),
  'unsupported-algorithm': () => signing({ asked: { subjectPublicKeyInfo: ed448.publicKey } }),
  'proof-of-possession-failed': () => signing({ asked: { subjectPublicKeyInfo: caKey.publicKey.spki } }),
  'key-mismatch': async () => signing({ body: { ca_private_key: base64(await keyPem(leafKey)) } }),
  'issuer-key-reused': () => signing({ of: caKey }),
  'unsuitable-issuer': () => signing(having({ basicConstraints: undefined })),
  'exceeds-issuer': () =>
    signing({
      ca: {
        validity: validity('2020-01-01T00:00:00Z', new Date(Date.now() + 86_400_000).toISOString()),
      },
      body: { days: 30 },
    }),
  'path-length-exceeded': () =>
    signing({
      ...having({ basicConstraints: extension('2.5.29.19', true, '30 06 01 01 ff 02 01 00') }),
      body: { is_ca: true },
    }),
  // Permits x.test.
  'name-constraints-violated': () =>
    signing({
      ...having({
        nameConstraints: extension('2.5.29.30', true, '30 0c a0 0a 30 08 82 06 78 2e 74 65 73 74'),
      }),
      asked: asking('y.test'),
    }),
};

async function counts(app: FastifyInstance): Promise<Readonly<Record<string, number>>> {
  const samples = readExposition((await app.inject('/metrics')).body).get('certificate_lint_blocks_total');
  return Object.fromEntries(samples?.samples.map(({ labels, value }) => [labels['rule'], value]) ?? []);
}

const ZEROS = Object.fromEntries(LINT_RULES.map((rule) => [rule, 0]));

/** A service whose engine signs what it is not asked to. */
async function startFaulty(t: Test): Promise<FastifyInstance> {
  const { engine } = domain.cryptography;
  const keys = keysThatSign(domain, (key) => engine.sign(key, Buffer.from('another message')));
  const app = await buildApp({
    keys: { ...keys, close: async () => {} },
    issuer: createIssuer({ keys }),
    inspector: domain.inspector,
    config: configFrom({ LOG_LEVEL: 'silent' }),
  });
  t.teardown(() => app.close());
  return app;
}

const signatureFault = 'signature-not-verified';

t.test('there is a case for every rule that is counted', async (t) => {
  t.same([...Object.keys(STOPPED), signatureFault].toSorted(), LINT_RULES.toSorted());
});

t.test('what a rule stops is counted once, under its name', async (t) => {
  const app = await startApp(t);
  t.same(await counts(app), ZEROS, 'from zero on');
  const stopped: Record<string, number> = { ...ZEROS };
  for (const [rule, request] of Object.entries(STOPPED)) {
    const { statusCode, answer } = await poster(app)(...(await request()));
    t.match({ statusCode, code: answer.code }, { statusCode: 400, code: rule });
    stopped[rule] = 1;
    t.same(await counts(app), stopped, rule);
  }
  t.comment(
    `T55: ${Object.keys(STOPPED).length + 1} of ${LINT_RULES.length} rules stop a request and are counted`,
  );
});

t.test(
  'a signature that does not verify is counted, in every use of a key, and its reply says nothing of it',
  async (t) => {
    const app = await startFaulty(t);
    const requests: [string, object][] = [
      ['/api/v1/certificate/generate', { subject: '/CN=a' }],
      ['/api/v1/certificate/hybrid', { subject: '/CN=a', classical_algorithm: 'ecdsa' }],
      ['/api/v1/csr/generate', { subject: '/CN=a' }],
      await signing({}),
    ];
    for (const request of requests) {
      const { statusCode, answer } = await poster(app)(...request);
      t.match({ statusCode, answer }, { statusCode: 500, answer: { detail: 'Internal server error' } });
    }
    t.same(await counts(app), { ...ZEROS, [signatureFault]: requests.length });
  },
);

t.test('what is made, and what cannot be read, is counted under no rule', async (t) => {
  const app = await startApp(t);
  t.equal((await poster(app)(...(await signing({})))).statusCode, 200);
  t.equal((await poster(app)('/api/v1/certificate/generate', { subject: '/CN=a' })).statusCode, 200);
  t.equal((await poster(app)('/api/v1/csr/generate', { subject: '/CN=a' })).statusCode, 200);
  for (const member of ['csr', 'ca_certificate', 'ca_private_key']) {
    t.equal((await poster(app)(...(await signing({ body: { [member]: 'AAAA' } })))).statusCode, 400);
  }
  t.same(await counts(app), ZEROS);
});
