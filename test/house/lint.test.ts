/** The linter reports each import that oxlint.config.ts refuses, in an otherwise empty tree. */

import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import t from 'tap';
import { IMPORT_RULES } from '../../oxlint.config.ts';
import { ROOT } from '../support/process.ts';
import { refusalOf, specifierOf } from './import-rules.ts';
import { lint, linesOf } from './linter.ts';

/**
 * Imports that an older list accepted, or that a slightly wider list would accept, each with a similar import that is
 * allowed. Each folder has at least one.
 */
const IMPORTS: { file: string; allowed: string; refused: string }[] = [
  { file: 'src/ca/issuer.ts', allowed: './profiles.ts', refused: '../../service/http-server.ts' },
  { file: 'src/ca/issuer.ts', allowed: '../base/timeout.ts', refused: '../../service/shutdown.ts' },
  { file: 'src/ca/issuer.ts', allowed: '../base/clock.ts', refused: '../../service/worker-context.ts' },
  { file: 'src/ca/issuer.ts', allowed: '../lint/lint.ts', refused: '../domain.ts' },
  { file: 'src/ca/issuer.ts', allowed: 'node:crypto', refused: 'pkijs' },
  { file: 'src/ca/issuer.ts', allowed: 'node:crypto', refused: 'node:module' },
  {
    file: 'src/access/key-ring.ts',
    allowed: '../base/clock.ts',
    refused: '../../service/workers/messages.ts',
  },
  { file: 'src/access/key-ring.ts', allowed: './scopes.ts', refused: '../../scripts/make-api-key.ts' },
  { file: 'src/access/key-ring.ts', allowed: '../base/errors.ts', refused: '../ca/issuer.ts' },
  { file: 'src/base/errors.ts', allowed: './clock.ts', refused: '../ca/issuer.ts' },
  { file: 'src/base/errors.ts', allowed: './timeout.ts', refused: '../../service/workers/backoff.ts' },
  { file: 'src/base/errors.ts', allowed: './version.ts', refused: '../../scripts/build.ts' },
  { file: 'src/base/version.ts', allowed: '../../package.json', refused: '../../package-lock.json' },
  { file: 'src/base/edit-distance.ts', allowed: 'fastest-levenshtein', refused: 'fastify' },
  {
    file: 'plugins/deadline.ts',
    allowed: '../src/base/timeout.ts',
    refused: '../service/workers/primary.ts',
  },
  { file: 'plugins/deadline.ts', allowed: './errors/problem.ts', refused: '../service/http-server.ts' },
  { file: 'plugins/auth/index.ts', allowed: 'jose', refused: 'jsonwebtoken' },
  { file: 'plugins/auth/index.ts', allowed: '@fastify/cors', refused: '@noble/hashes/sha3.js' },
  { file: 'plugins/auth/index.ts', allowed: '../errors/problem.ts', refused: '../../routes/wire/access.ts' },
  { file: 'plugins/auth/index.ts', allowed: 'fastify', refused: 'fastify/lib/route.js' },
  {
    file: 'plugins/node-internals/alpn.ts',
    allowed: '../../src/base/errors.ts',
    refused: '../../src/ca/issuer.ts',
  },
  { file: 'plugins/node-internals/alpn.ts', allowed: './read-buffer.ts', refused: '../log/throttle.ts' },
  { file: 'plugins/node-internals/alpn.ts', allowed: 'node:net', refused: 'fastify' },
  {
    file: 'routes/csr/index.ts',
    allowed: '../../src/ca/issuer.ts',
    refused: '../../service/workers/primary.ts',
  },
  { file: 'routes/csr/index.ts', allowed: '../wire/access.ts', refused: '../../plugins/domain.ts' },
  { file: 'routes/csr/index.ts', allowed: 'typebox', refused: '@fastify/cors' },
  { file: 'routes/index.ts', allowed: './csr/index.ts', refused: '../service/app.ts' },
  { file: 'src/config/load.ts', allowed: '../access/scopes.ts', refused: '../../plugins/config.ts' },
  { file: 'src/config/load.ts', allowed: 'env-schema', refused: '@fastify/env' },
  { file: 'src/config/variables/tls.ts', allowed: '../tls.ts', refused: '../../ca/issuer.ts' },
  { file: 'src/algorithms/classical.ts', allowed: '../base/errors.ts', refused: '../formats/pem.ts' },
  { file: 'src/algorithms/classical.ts', allowed: './ml-dsa/engine.ts', refused: '../domain.ts' },
  { file: 'src/algorithms/ml-dsa/engine.ts', allowed: '../classical.ts', refused: '../../keys/key.ts' },
  { file: 'src/algorithms/ml-dsa/engines/node.ts', allowed: '../../async-crypto.ts', refused: 'node:module' },
  {
    file: 'src/algorithms/ml-dsa/engines/native.ts',
    allowed: 'node:module',
    refused: '../../../formats/pem.ts',
  },
  { file: 'src/algorithms/ml-dsa/engines/noble.ts', allowed: '@noble/hashes/sha3.js', refused: 'asn1js' },
  { file: 'src/formats/pem.ts', allowed: '../algorithms/classical.ts', refused: '../keys/key.ts' },
  { file: 'src/formats/der/reader.ts', allowed: '../octets.ts', refused: '../../x509/certificate.ts' },
  { file: 'src/formats/der/reader.ts', allowed: '../../base/errors.ts', refused: 'asn1js' },
  { file: 'src/keys/key.ts', allowed: '../formats/pem.ts', refused: '../x509/certificate.ts' },
  { file: 'src/x509/certificate.ts', allowed: '../keys/key.ts', refused: '../ca/issuer.ts' },
  { file: 'src/x509/certificate.ts', allowed: './names/uri.ts', refused: '../config/schema.ts' },
  { file: 'src/x509/names/uri.ts', allowed: '../certificate.ts', refused: '../../lint/lint.ts' },
  { file: 'src/x509/names/uri.ts', allowed: 'ipaddr.js', refused: '@noble/hashes/sha3.js' },
  { file: 'src/lint/lint.ts', allowed: './rules/rfc5280.ts', refused: '../ca/issuer.ts' },
  { file: 'src/lint/rules/rfc5280.ts', allowed: '../lint.ts', refused: '../../ca/profiles.ts' },
  {
    file: 'src/lint/rules/rfc5280.ts',
    allowed: '../../x509/certificate.ts',
    refused: '../../access/scopes.ts',
  },
  { file: 'src/domain.ts', allowed: './ca/issuer.ts', refused: './config/schema.ts' },
  { file: 'src/domain.ts', allowed: './base/clock.ts', refused: '../service/app.ts' },
  { file: 'src/acme/order.ts', allowed: '', refused: './nonce.ts' },
  { file: 'src/acme/order.ts', allowed: '', refused: 'node:crypto' },
  { file: 'service/app.ts', allowed: '../routes/index.ts', refused: './workers/primary.ts' },
  { file: 'service/app.ts', allowed: './http-server.ts', refused: './server.ts' },
  { file: 'service/server.ts', allowed: './app.ts', refused: '../routes/index.ts' },
  { file: 'service/server.ts', allowed: './workers/primary.ts', refused: '../test/support/process.ts' },
  { file: 'service/shutdown.ts', allowed: './workers/worker-session.ts', refused: './workers/primary.ts' },
  { file: 'service/http-server.ts', allowed: './worker-context.ts', refused: './app.ts' },
  { file: 'service/workers/primary.ts', allowed: '../worker-context.ts', refused: '../server.ts' },
  {
    file: 'service/workers/primary.ts',
    allowed: '../../plugins/log/open.ts',
    refused: '../../routes/index.ts',
  },
  { file: 'service/workers/primary.ts', allowed: './messages.ts', refused: '../app.ts' },
  { file: 'bin/start.js', allowed: '../service/server.ts', refused: '../src/config/load.ts' },
  { file: 'scripts/build.ts', allowed: 'rolldown', refused: 'fastify' },
  { file: 'scripts/doctor/tls.ts', allowed: '../doctor.ts', refused: '../../routes/index.ts' },
  { file: 'scripts/faults.ts', allowed: '../test/faults/rows.ts', refused: '../test/support/process.ts' },
  { file: 'scripts/build.ts', allowed: './bundle.ts', refused: '../test/faults/rows.ts' },
  { file: 'bench/load.ts', allowed: '../plugins/replies.ts', refused: '../test/support/process.ts' },
];

/** Returns files with one import a line, by the path of the file. */
const planted = (imports: readonly { file: string; module: string }[]): Record<string, string> => {
  const byFile = Object.groupBy(imports, ({ file }) => file);
  return Object.fromEntries(
    Object.entries(byFile).map(([file, lines = []]) => [
      file,
      lines.map(({ module }, index) => `import * as a${index} from '${module}';`).join('\n'),
    ]),
  );
};

/** Returns those of `imports` that the linter refuses. */
async function refusedOf<Planted extends { file: string; module: string }>(
  imports: readonly Planted[],
): Promise<Planted[]> {
  const diagnostics = await lint(t, planted(imports), { rules: 'imports' });
  const byFile = Object.groupBy(imports, ({ file }) => file);
  return Object.entries(byFile).flatMap(([file, lines = []]) => {
    const refused = new Set(linesOf(diagnostics, 'no-restricted-imports', file));
    return lines.filter((_, index) => refused.has(index + 1));
  });
}

t.test('each folder may import only what the architecture allows', async (t) => {
  const imports = IMPORTS.flatMap(({ file, allowed, refused }) => [
    { file, module: refused },
    ...(allowed === '' ? [] : [{ file, module: allowed }]),
  ]);
  const refused = new Set((await refusedOf(imports)).map(({ file, module }) => `${file} ${module}`));
  for (const { file, allowed, refused: module } of IMPORTS) {
    t.ok(refused.has(`${file} ${module}`), `${file} must not import ${module}`);
    t.notOk(refused.has(`${file} ${allowed}`), `${file} may import ${allowed}`);
  }
});

const FOLDERS = [
  ...globSync('{bin,src,plugins,routes,service,scripts,bench}/**/', { cwd: ROOT }),
  'test/support',
  'src/lint/rules',
  'src/acme',
  'native',
].map((folder) => folder.replace(/\/$/, ''));

const FILES = [
  ...FOLDERS.map((folder) => `${folder}/leaf.ts`),
  ...Object.keys(IMPORT_RULES).filter((name) => name.endsWith('.ts')),
  'service/worker-context.ts',
  'service/workers/worker-session.ts',
  'test/faults/rows.ts',
  'package.json',
  'README.md',
];

const PACKAGES = Object.values(IMPORT_RULES)
  .flatMap(({ packages = [], types = [] }) => [...packages, ...types])
  .filter((name) => !name.includes('['))
  .flatMap((name) => [name.replace('*', 'leaf'), `${name.replace('*', 'leaf')}/leaf`]);

const MODULES = [
  ...new Set([
    ...PACKAGES,
    'lodash',
    'node:crypto',
    'node:fs/promises',
    'crypto',
    '#domain',
    '/src/ca/issuer.ts',
  ]),
];

t.test('the patterns of the linter and the table agree for every pair of folders', async (t) => {
  const importing = FILES.filter((path) => path.endsWith('.ts') && !path.startsWith('test/'));
  const imports = importing.flatMap((file) => {
    const paths = FILES.filter((path) => path !== file).map((path) => specifierOf(dirname(file), path) ?? '');
    return [...paths, ...MODULES].map((module) => ({ file, module }));
  });
  t.ok(imports.length > 3000, String(imports.length));
  const expected = imports.filter(
    ({ file, module }) => refusalOf({ from: file, specifier: module, isType: false }) !== undefined,
  );
  const named = (list: typeof imports): string[] =>
    list.map(({ file, module }) => `${file} ${module}`).toSorted();
  t.same(named(await refusedOf(imports)), named(expected));
});

t.test('the linter reports every form of import', async (t) => {
  const forms = [
    "import { Certificate } from 'pkijs';",
    "import type { Certificate as A } from 'pkijs';",
    "export { Certificate as B } from 'pkijs';",
    "export * from 'pkijs';",
    "await import('pkijs');",
  ];
  const diagnostics = await lint(t, { 'src/ca/issuer.ts': forms.join('\n') });
  const lines = linesOf(diagnostics, 'no-restricted-imports', 'src/ca/issuer.ts');
  t.same(new Set(lines), new Set([1, 2, 3, 4, 5]));
});
