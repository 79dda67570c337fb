/** What readers of the OpenAPI document, and programs that generate clients from it, depend on. */

import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { DOCUMENTED } from '../../scripts/generated-files.ts';
import { poster, startApp } from '../support/service.ts';

interface Operation {
  readonly operationId: string;
  readonly security?: unknown;
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly $ref: string } }>>;
  };
}

interface Schema {
  readonly required?: readonly string[];
  readonly properties: Readonly<
    Record<string, { readonly default?: unknown; readonly description?: string }>
  >;
  readonly examples: readonly Readonly<Record<string, string>>[];
}

interface Document {
  readonly info: { readonly description: string };
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes?: object;
  };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const open = await startApp(t, { DOCS_ENABLED: 'true' });
const post = poster(open);
const guarded: Document = (await (await startApp(t, DOCUMENTED)).inject('/docs/json')).json();
const unguarded: Document = (await open.inject('/docs/json')).json();
const operationsOf = ({ paths }: Document): readonly Operation[] =>
  Object.values(paths).flatMap((methods) => Object.values(methods));

const requestSchemas = operationsOf(guarded).flatMap(({ requestBody }) => {
  const name = requestBody?.content['application/json']?.schema.$ref.split('/').at(-1);
  const schema = name === undefined ? undefined : guarded.components.schemas[name];
  return name === undefined || schema === undefined ? [] : [{ name, schema }];
});

// openapi-typescript 7 makes a member required if it is listed there, or if it has a default (defaultNonNullable).
t.test('a client that is generated with the usual options may leave out what has a default', async (t) => {
  t.ok(requestSchemas.length >= 7);
  for (const { name, schema } of requestSchemas) {
    const withDefault = Object.entries(schema.properties).filter(
      ([, member]) => member.default !== undefined,
    );
    t.same(withDefault, [], name);
  }
  const { required, properties } = guarded.components.schemas['CertificateRequest'] ?? {};
  t.same(required, ['subject']);
  t.match(properties?.['security_level']?.description, / Default: `ml-dsa-65`\.$/);
});

t.test('the service still applies the defaults that the document describes', async (t) => {
  const { answer } = await post('/api/v1/certificate/generate', { subject: '/CN=a', san: ['a.example'] });
  t.match(answer, { validity_days: 365, security_level: 'ml-dsa-65' });
});

t.test('the CSR, the CA certificate and its key in the examples fit each other', async (t) => {
  const [example = {}] = guarded.components.schemas['CsrSigningRequest']?.examples ?? [];
  const { statusCode, answer } = await post('/api/v1/csr/sign', example);
  t.equal(statusCode, 200);
  const pem = (text: unknown): Buffer => Buffer.from(String(text), 'base64');
  const ca = new X509Certificate(pem(example['ca_certificate']));
  const issued = new X509Certificate(pem(answer.certificate));
  t.ok(issued.verify(ca.publicKey));
  t.ok(ca.validToDate.getTime() > Date.now() + 365 * 86_400_000, 'the CA is valid for long');
});

t.test('operations are in the order of use', async (t) => {
  t.same(
    operationsOf(guarded).map(({ operationId }) => operationId),
    [
      'generateCertificate',
      'generateHybridPair',
      'inspectCertificate',
      'verifyCertificate',
      'generateCsr',
      'signCsr',
      'inspectCsr',
      'generateHybridCsrs',
      'generateKeyPair',
      'convertPrivateKey',
      'inspectKey',
      'matchKeys',
      'inspectCrl',
      'identifyData',
      'lintData',
      'listLintRules',
      'makeBundle',
      'createAuthority',
      'listAuthorities',
      'importAuthority',
      'listCrls',
      'readAuthority',
      'readAuthorityCertificate',
      'importAuthorityCertificate',
      'readAuthorityChain',
      'listReservations',
      'rotateAuthority',
      'allowAuthorityProfiles',
      'enableAuthority',
      'disableAuthority',
      'orderCertificate',
      'listProfiles',
      'readProfileSchema',
      'readProfile',
      'writeProfile',
      'listProfileVersions',
      'listCertificates',
      'listExpiringCertificates',
      'exportCertificates',
      'readCertificate',
      'readRenewal',
      'revokeCertificate',
      'releaseCertificate',
      'revokeIssuedCertificate',
      'revokeAuthority',
      'listDeadWebhooks',
      'retryDeadWebhook',
      'readCrl',
      'readIssuer',
      'listAuditRecords',
      'readAuditHead',
      'listAuditCheckpoints',
      'makeAuditCheckpoint',
      'readAuditKey',
      'requestOcsp',
      'requestOcspByGet',
      'readInfo',
      'readHealth',
      'readLiveness',
      'readReadiness',
      'readStartup',
      'readMetrics',
    ],
  );
});

t.test('a reader learns about base64 and the limits before the first request', async (t) => {
  for (const text of [
    'base64 of its PEM text',
    '100 requests an hour, and 10 requests a minute',
    '/docs/problems',
  ])
    t.match(guarded.info.description, text);
  t.match(unguarded.info.description, 'This service has no rate limits.');
});

t.test('a service that accepts no credentials asks for none', async (t) => {
  t.equal(unguarded.components.securitySchemes, undefined);
  for (const { operationId, security } of operationsOf(unguarded)) t.equal(security, undefined, operationId);
  t.same(Object.keys(guarded.components.securitySchemes ?? {}), ['ApiKey', 'Bearer']);
});

t.test('openapi.yaml has no anchors, which some readers of YAML do not support', async (t) => {
  const text = await readFile(join(import.meta.dirname, '../../openapi.yaml'), 'utf8');
  t.notMatch(text, /^\s*(?:- |\S+: )[&*]a\d+\b/m);
  t.same(parse(text), guarded);
});

t.test('the tab of the page has the name of the service', async (t) => {
  t.match((await open.inject('/docs')).body, '<title>ML-DSA Certificate API</title>');
});
