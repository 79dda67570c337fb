/**
 * What the linter checks. Most of it is a table of which folder may import what (docs/architecture.md); the lists of
 * patterns that oxlint needs are made from it. Patterns see how a path is spelled, not the file that it leads to, so
 * test/house/imports.test.ts also resolves each import of the tree and checks it against the same table.
 */

import { posix } from 'node:path';
import type { OxlintConfig, OxlintOverride } from 'oxlint';

export interface ImportRule {
  /** Folders (with all below them) and files that it may import, besides its own. */
  readonly paths: readonly string[];
  /** Names of npm packages, and `node:module`; every other module of Node is allowed. `*` stands for one segment. */
  readonly packages?: readonly string[];
  /** Packages of which it may import types only. */
  readonly types?: readonly string[];
}

const FORMATS = ['src/base', 'src/algorithms'];
const KEYS = [...FORMATS, 'src/formats'];
const X509 = [...KEYS, 'src/keys'];
const LINT = [...X509, 'src/x509'];
const CA = [...LINT, 'src/lint'];

/** What the adapters of the store may import. */
const STORE = [
  'src/base',
  'src/storage/port',
  'src/storage/ports.ts',
  'src/storage/audit-chain.ts',
  'src/storage/unavailable.ts',
];

const PLUGIN_PACKAGES = [
  'fastify',
  'fastify-plugin',
  'helmet',
  'typebox',
  'ioredis',
  'ipaddr.js',
  'jose',
  'pino-roll',
  '@fastify/*',
  '@opentelemetry/*',
  '@prometheus-io/client',
];

const NOBLE = ['@noble/post-quantum/*', '@noble/hashes/*'];

/** The addon of the native engine can only be loaded by `createRequire` of `node:module`. */
const NATIVE_ENGINE = 'src/algorithms/ml-dsa/engines/native.ts';

/**
 * By folder or file. The longest name that fits a file decides; a file that no name fits may import nothing.
 * An adapter of the store (`src/storage/sqlite`) never imports another one.
 */
export const IMPORT_RULES: Readonly<Record<string, ImportRule>> = {
  'src/base': { paths: ['package.json'], packages: ['fastest-levenshtein', 'node:module'] },
  'src/access': { paths: ['src/base'] },
  'src/algorithms': { paths: ['src/base', NATIVE_ENGINE], packages: NOBLE },
  [NATIVE_ENGINE]: { paths: ['src/base', 'src/algorithms'], packages: ['node:module'] },
  'src/formats': { paths: FORMATS },
  'src/keys': { paths: KEYS },
  'src/key-store': { paths: X509 },
  'src/x509': { paths: X509, packages: ['asn1js', 'ipaddr.js', 'pkijs', 'tr46'] },
  'src/identify': { paths: LINT },
  'src/lint': { paths: LINT },
  'src/storage': { paths: ['src/base'] },
  'src/storage/open.ts': { paths: ['src/base', 'src/storage'] },
  'src/storage/sql': { paths: STORE, packages: ['postgrator'] },
  'src/storage/sqlite': { paths: [...STORE, 'src/storage/sql'] },
  'src/storage/postgres': { paths: [...STORE, 'src/storage/sql'], packages: ['pg'] },
  'src/ca': { paths: [...CA, 'src/storage/ports.ts'] },
  'src/ocsp': { paths: [...CA, 'src/ca', 'src/storage/ports.ts'] },
  'src/policy': { paths: [...CA, 'src/ca'] },
  'src/authorities': {
    paths: [...CA, 'src/ca', 'src/ocsp', 'src/policy', 'src/key-store', 'src/storage/ports.ts'],
  },
  'src/records': {
    paths: [
      ...X509,
      'src/key-store',
      'src/authorities',
      'src/storage/ports.ts',
      'src/storage/audit-chain.ts',
    ],
  },
  'src/revocation': { paths: [...CA, 'src/ca', 'src/authorities', 'src/storage/ports.ts'] },
  'src/webhooks': {
    paths: [...CA, 'src/ca', 'src/authorities', 'src/storage/ports.ts'],
    packages: ['ipaddr.js'],
  },
  'src/config': {
    paths: [...LINT, 'src/access', 'src/key-store', 'src/webhooks/receivers.ts'],
    packages: ['env-schema', 'ipaddr.js', 'typebox', '@fastify/proxy-addr'],
  },
  'src/domain.ts': { paths: [...CA, 'src/ca'] },
  plugins: { paths: ['src', 'plugins/node-internals'], packages: PLUGIN_PACKAGES },
  'plugins/node-internals': { paths: ['src/base'] },
  routes: {
    paths: ['src'],
    packages: ['typebox', '@fastify/type-provider-typebox'],
    types: ['fastify'],
  },
  service: {
    paths: ['src', 'plugins', 'service/workers/worker-session.ts'],
    packages: ['fastify', 'close-with-grace'],
  },
  'service/app.ts': {
    paths: ['src', 'plugins', 'routes', 'service/http-server.ts', 'service/worker-context.ts'],
    packages: ['fastify'],
  },
  'service/server.ts': { paths: ['src', 'plugins', 'service'], packages: ['fastify', 'close-with-grace'] },
  'service/workers': {
    paths: ['src', 'plugins', 'service/close-gracefully.ts', 'service/worker-context.ts'],
    packages: ['fastify', '@prometheus-io/client'],
  },
  bin: { paths: ['service'] },
  scripts: { paths: ['src', 'plugins', 'service'], packages: ['prettier', 'rolldown', 'yaml'] },
  'scripts/faults.ts': { paths: ['scripts', 'test/faults/rows.ts'] },
  bench: { paths: ['src', 'plugins', 'routes', 'service', 'scripts'], packages: ['fastify', ...NOBLE] },
  test: {
    paths: [
      'src',
      'plugins',
      'routes',
      'service',
      'scripts',
      'bench',
      'deploy',
      'package.json',
      'oxlint.config.ts',
    ],
    packages: ['[a-z@]*', '[a-z@]*/**'],
  },
};

const NAMES = Object.keys(IMPORT_RULES).toSorted((a, b) => a.length - b.length);

export const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder}/`);

/** The name in the table that decides for `path`. */
export const ownerOf = (path: string): string | undefined => NAMES.findLast((name) => isInside(path, name));

const isFile = (name: string): boolean => posix.extname(name) !== '';

/** Folders in folders, of which each depth has a list of its own. */
const DEPTHS = [0, 1, 2];

/** A later override replaces an earlier one for the same rule, so each list is whole. */
const importOverrides = (): OxlintOverride[] => [
  restricted(['*/**'], [], 'Give the folder a row in IMPORT_RULES (oxlint.config.ts).'),
  ...Object.entries(IMPORT_RULES)
    .toSorted(([a], [b]) => a.length - b.length)
    .flatMap(([name, rule]) =>
      isFile(name) ? [overrideOf(name, rule, 0)] : DEPTHS.map((depth) => overrideOf(name, rule, depth)),
    ),
];

function overrideOf(name: string, rule: ImportRule, depth: number): OxlintOverride {
  const { paths, packages = [], types = [] } = rule;
  const folder = isFile(name) ? posix.dirname(name) : `${name}${'/_'.repeat(depth)}`;
  const own = isFile(name) ? paths : [name, ...paths];
  // The folders above this one that it may import: `../**` lets in more than meant, so what is above them is denied again.
  const reach = Math.max(
    -1,
    ...own.filter((path) => isInside(folder, path)).map((path) => stepsUp(folder, path)),
  );
  const group = [
    '!node:*',
    '!node:*/**',
    'node:module',
    ...Array.from({ length: reach + 1 }, (_, steps) => `!${up(steps)}**`),
    `${up(reach + 1)}**`,
    ...NAMES.filter((other) => other !== name && isInside(other, name)).map((other) =>
      pattern(folder, other),
    ),
    ...own.filter((path) => !isInside(folder, path)).map((path) => `!${pattern(folder, path)}`),
    ...[...packages, ...types].map((module) => `!${module}`),
  ];
  const allowed = [...paths, ...packages, ...types.map((module) => `types of ${module}`)].join(', ');
  const files = isFile(name) ? name : `${name}/${'*/'.repeat(depth)}**`;
  return restricted([files], group, `${name} may import ${allowed || 'nothing else'}.`, types);
}

const stepsUp = (from: string, to: string): number => from.split('/').length - to.split('/').length;
const up = (steps: number): string => (steps === 0 ? './' : '../'.repeat(steps));

function pattern(folder: string, path: string): string {
  const relative = posix.relative(folder, path);
  return `${relative.startsWith('.') ? '' : './'}${relative}${isFile(path) ? '' : '/**'}`;
}

/** In a group the last pattern that matches decides; `**` denies everything that the others do not name. */
const restricted = (
  files: string[],
  group: readonly string[],
  message: string,
  types: readonly string[] = [],
): OxlintOverride => ({
  files,
  rules: {
    'eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          // `./../x`, `../x/../y`, `x//y` and escaped letters hide where a path leads.
          { regex: String.raw`^\./\.|[^.]/\.|//|[%?#\\]`, message: 'Spell the path plainly.' },
          // A name that one group lets in is let in, whatever other groups say; a regular expression refuses it all the same.
          ...types.map((module) => ({ regex: `^${module}$`, allowTypeImports: true, message })),
          { group: ['**', ...group], message },
        ],
      },
    ],
  },
});

export default {
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'node', 'promise'],
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['test/vectors'],
  rules: {
    'eslint/eqeqeq': 'error',
    'eslint/max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    'eslint/max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
    'eslint/no-console': 'error',
    'eslint/no-empty': 'error',
    'eslint/no-shadow': 'off',
    'eslint/no-var': 'error',
    'import/extensions': ['error', 'always', { ignorePackages: true }],
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'node/no-process-env': 'error',
    'typescript/consistent-return': 'off',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': [
      'error',
      {
        allowForKnownSafePromises: [{ from: 'package', package: '@tapjs/core', name: 'PromiseWithSubtest' }],
      },
    ],
    'typescript/no-import-type-side-effects': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-unnecessary-type-parameters': 'off',
    'typescript/no-unsafe-argument': 'error',
    'typescript/no-unsafe-assignment': 'error',
    'typescript/no-unsafe-call': 'error',
    'typescript/no-unsafe-member-access': 'error',
    'typescript/no-unsafe-return': 'error',
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/only-throw-error': 'error',
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'unicorn/no-abusive-eslint-disable': 'error',
    'unicorn/prefer-node-protocol': 'error',
  },
  overrides: [
    ...importOverrides(),
    { files: ['routes/**'], rules: { 'typescript/return-await': 'off' } },
    {
      files: ['bin/**', 'scripts/**', 'bench/**'],
      rules: { 'eslint/no-console': 'off', 'node/no-process-env': 'off' },
    },
    { files: ['src/config/**', 'service/server.ts'], rules: { 'node/no-process-env': 'off' } },
    { files: ['oxlint.config.ts'], rules: { 'import/no-default-export': 'off' } },
    {
      files: ['test/**'],
      rules: {
        'eslint/max-lines-per-function': 'off',
        'node/no-process-env': 'off',
        'typescript/no-unsafe-argument': 'off',
        'typescript/no-unsafe-assignment': 'off',
        'typescript/no-unsafe-call': 'off',
        'typescript/no-unsafe-member-access': 'off',
        'typescript/no-unsafe-return': 'off',
        'typescript/restrict-template-expressions': 'off',
        'unicorn/consistent-function-scoping': 'off',
      },
    },
  ],
} satisfies OxlintConfig;
