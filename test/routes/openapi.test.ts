import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { Check } from 'typebox/schema';
import { DOCUMENTED } from '../../scripts/generated-files.ts';
import { openPatiently } from '../support/authorities.ts';
import { startApp } from '../support/service.ts';
import { PATHS } from './openapi-paths.ts';

const app = await startApp(t, DOCUMENTED);
/** The same service without credentials. */
const open = await startApp(t, { DOCS_ENABLED: 'true', DATA_DIR: join(t.testdir(), 'data') }, openPatiently);

interface Media {
  readonly schema: { readonly $ref: string };
  readonly example?: unknown;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<
    Record<string, { readonly $ref?: string; readonly content?: Record<string, Media> }>
  >;
}

interface Schema {
  /** Of a reply with alternatives, each named in the document. */
  readonly oneOf?: readonly { readonly $ref: string }[];
  readonly examples?: readonly Readonly<Record<string, unknown>>[];
}

/** Asked by anybody. */
const PUBLIC = [
  '/health',
  '/livez',
  '/readyz',
  '/startupz',
  '/api/v1/info',
  '/crl/{file}',
  '/issuers/{file}',
  '/ocsp',
  '/ocsp/{rest}',
];

/** Never limited. */
const PROBES = ['/health', '/livez', '/readyz', '/startupz'];
const UNLIMITED = [...PROBES, '/ocsp', '/ocsp/{rest}'];

/** Statuses of success other than 200: what was made has 201. And the problems of conditional requests. */
const SUCCESSES: Readonly<Record<string, readonly string[]>> = {
  createAuthority: ['201'],
  importAuthority: ['201'],
  orderCertificate: ['200', '201'],
  writeProfile: ['200', '201', '412', '428'],
  readCrl: ['200', '304'],
  readIssuer: ['200', '304'],
};

const document = (await app.inject('/docs/json')).json();
const schemas: Readonly<Record<string, Schema>> = document.components.schemas;
const paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> = document.paths;
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
);

const named = ($ref = ''): Schema => schemas[$ref.split('/').at(-1) ?? ''] ?? {};

/** The schema of a body, or its alternatives. */
function schemasOf(media: Media | undefined): readonly Schema[] {
  const schema = named(media?.schema.$ref);
  return schema.oneOf?.map(({ $ref }) => named($ref)) ?? [schema];
}

/** Whether a body is what exactly one of the alternatives says. */
const fits = (media: Media | undefined, body: unknown): boolean =>
  schemasOf(media).filter((schema) => Check(withComponents(schema), body)).length === 1;

/** References begin at the root of the document. */
const withComponents = (schema: Schema) => ({ ...schema, components: document.components });

t.test('the document served is the one in the tree', async (t) => {
  const openapi = await readFile(join(import.meta.dirname, '../../openapi.yaml'), 'utf8');
  t.equal((await app.inject('/docs/yaml')).body, openapi);
});

t.test('the document describes every route of the contract, and each route exists', async (t) => {
  t.same(Object.keys(paths).toSorted(), PATHS);
  for (const { path, method } of operations) {
    const url = path.replace('{rest}', '*').replace(/\{(\w+)\}/, ':$1');
    t.ok(app.hasRoute({ method: method.toUpperCase(), url }), `${method} ${path}`);
  }
});

t.test('every operation has a name, a place, words and its errors', (t) => {
  const tags = document.tags.map(({ name }: { name: string }) => name);
  for (const { path, operationId, summary, tags: own, responses } of operations) {
    t.match(operationId, /^[a-z]+[A-Z][A-Za-z]+$/);
    t.ok(summary.length > 0, `${path} has a summary`);
    t.ok(own.length === 1 && tags.includes(own[0]), `${path} has a tag that is described`);
    const successes = SUCCESSES[operationId] ?? ['200'];
    const expected = [...successes, '400', '503', 'default'];
    if (!PUBLIC.includes(path)) expected.push('401', '403');
    if (!UNLIMITED.includes(path)) expected.push('429');
    t.same(Object.keys(responses).toSorted(), expected.toSorted(), path);
  }
  t.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length);
  t.end();
});

/** One of them is enough. */
const scopesOf = (security: readonly Readonly<Record<string, readonly string[]>>[]) =>
  security.flatMap(({ ApiKey = [] }) => ApiKey);

t.test('the document says which scope each operation needs, and how to show that one has it', (t) => {
  t.match(document.components.securitySchemes, {
    ApiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    Bearer: { type: 'http', scheme: 'bearer' },
  });
  const needed = Object.fromEntries(
    operations.map(({ method, path, security }) => [`${method} ${path}`, scopesOf(security)]),
  );
  t.match(needed, {
    ...Object.fromEntries(
      operations
        .filter(({ path }) => PUBLIC.includes(path))
        .map(({ method, path }) => [`${method} ${path}`, []]),
    ),
    'post /api/v1/keys/generate': ['keys:generate'],
    'post /api/v1/certificate/generate': ['certs:issue'],
    'post /api/v1/certificate/hybrid': ['certs:issue'],
    'post /api/v1/certificate/inspect': ['inspect'],
    'post /api/v1/certificate/verify': ['inspect'],
    'post /api/v1/csr/generate': ['csr:generate'],
    'post /api/v1/csr/hybrid': ['csr:generate'],
    'post /api/v1/csr/sign': ['csr:sign'],
    'post /api/v1/csr/inspect': ['inspect'],
    'post /api/v1/identify': ['inspect'],
    'post /api/v1/lint': ['inspect'],
    'get /api/v1/lint/rules': ['inspect'],
    'post /api/v1/keys/match': ['inspect'],
    'post /api/v1/crl/inspect': ['inspect'],
    'post /api/v1/keys/inspect': ['inspect'],
    'post /api/v1/authorities': ['authorities:manage'],
    'get /api/v1/authorities': ['certs:read'],
    'post /api/v1/authorities/{authority}/certificates': ['certs:issue'],
    'post /api/v1/certificates/{id}/revoke': ['certs:revoke', 'certs:issue'],
    'put /api/v1/profiles/{name}': ['profiles:manage'],
    'get /api/v1/profiles': ['certs:read'],
    'get /metrics': ['metrics:read'],
  });
  for (const { method, path, security } of operations) {
    const scopes = needed[`${method} ${path}`] ?? [];
    const expected = scopes.flatMap((scope) => [{ ApiKey: [scope] }, { Bearer: [scope] }]);
    t.same(security, expected, path);
  }
  t.end();
});

t.test('a body may be left out where every member may', (t) => {
  const optional = operations.filter(({ requestBody }) => requestBody?.required === false);
  t.same(
    optional.map(({ path }) => path),
    [
      '/api/v1/keys/generate',
      '/api/v1/authorities/{authority}/rotate',
      '/api/v1/authorities/{authority}/certificates',
    ],
  );
  t.end();
});

t.test('every request and reply has a worked example that fits its schema', (t) => {
  for (const { path, requestBody, responses } of operations) {
    const reply = (responses['201'] ?? responses['200'])?.content?.['application/json'];
    for (const media of [requestBody?.content['application/json'], reply]) {
      if (media === undefined) continue;
      for (const { examples = [] } of schemasOf(media)) {
        t.ok(examples.length > 0, `${path} ${media.schema.$ref}`);
        for (const example of examples) t.ok(fits(media, example), JSON.stringify(example).slice(0, 80));
      }
    }
  }
  t.end();
});

t.test('every error has an example that fits the problem document', (t) => {
  const responses: [string, { content: Record<string, Media> }][] = Object.entries(
    document.components.responses,
  );
  t.same(responses.map(([name]) => name).toSorted(), [
    'BadRequest',
    'Forbidden',
    'OtherProblem',
    'ServiceUnavailable',
    'TooManyRequests',
    'Unauthorized',
  ]);
  for (const [name, { content }] of responses) {
    const media = content['application/problem+json'];
    t.ok(fits(media, media?.example), name);
  }
  t.end();
});

t.test('the example of every request gets the reply that the document describes', async (t) => {
  for (const { path, method, requestBody, responses } of operations) {
    // The certificate must be for the CSR of a pending authority, or one that was issued.
    if (requestBody === undefined || /(?:\/certificate|\{\w+\}\/revoke)$/.test(path)) continue;
    const [schema] = schemasOf(requestBody.content['application/json']);
    for (const example of schema?.examples ?? []) {
      // root-1 issues by every profile in the examples.
      const authority = path.endsWith('/profiles') ? 'issuing-1' : 'root-1';
      const url = path.replace('{authority}', authority).replace('{name}', 'web');
      const reply = await open.inject({ method: method as 'post', url, payload: example });
      const { statusCode } = reply;
      t.equal(statusCode, responses['201'] === undefined ? 200 : 201, path);
      const media = responses[String(statusCode)]?.content?.['application/json'];
      t.ok(fits(media, reply.json()), `${path} answers its schema`);
    }
  }
});

t.test('the examples of the replies without a body are what is answered', async (t) => {
  for (const path of [...PROBES, '/api/v1/info']) {
    const reply = (await app.inject(path)).json();
    const [schema] = schemasOf(paths[path]?.['get']?.responses['200']?.content?.['application/json']);
    const [example] = schema?.examples ?? [];
    t.same(Object.keys(reply), Object.keys(example ?? {}));
  }
});
