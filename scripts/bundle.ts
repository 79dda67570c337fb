/**
 * Bundles the service into a few files instead of 1,140 modules, which halves the time of a start. Modules that only some
 * configurations load have files of their own.
 */

import { basename, extname, join } from 'node:path';
import { rm } from 'node:fs/promises';
import { build, type Plugin } from 'rolldown';
import { ROOT } from '../src/base/root.ts';

/** The entry points of processes and threads. A container has no scripts, so it gets those of operators here. */
const ENTRIES = [
  'bin/start.js',
  'bin/worker.js',
  'bin/healthcheck.js',
  'src/algorithms/ml-dsa/noble-worker.ts',
  'src/storage/sqlite/sqlite-worker.ts',
  'scripts/audit-checkpoint.ts',
  'scripts/audit-verify.ts',
  'scripts/backup.ts',
  'scripts/crl-export.ts',
  'scripts/ca.ts',
  'scripts/rekey.ts',
];

/** A package that reads files beside its code. */
const EXTERNAL = ['@fastify/swagger-ui'];

/** Names stay as they are: without spaces and comments, V8 keeps 3 MB less of the source code in memory. */
const MINIFY = { compress: false, mangle: false, codegen: { removeWhitespace: true } };

/** V8 keeps a source text with one character beyond ASCII in two octets for each character. */
const ASCII: Plugin = {
  name: 'ascii',
  generateBundle(_options, files) {
    for (const file of Object.values(files)) if (file.type === 'chunk') file.code = inAscii(file.code);
  },
};

/** Valid in strings, templates and regular expressions. */
const inAscii = (code: string): string =>
  code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The folder from which deployments start the service. */
export const DIST = join(ROOT, 'dist');

/**
 * Replaces `folder`, the absolute path of a folder in that of package.json. `others` are more programs of this tree.
 * Throws the errors of rolldown.
 */
export async function bundle(
  folder: string,
  others: readonly string[] = [],
): Promise<{ readonly files: number; readonly bytes: number }> {
  await rm(folder, { recursive: true, force: true });
  const { output } = await build({
    cwd: ROOT,
    input: Object.fromEntries([...ENTRIES, ...others].map((path) => [basename(path, extname(path)), path])),
    platform: 'node',
    external: EXTERNAL,
    plugins: [ASCII],
    output: { dir: folder, format: 'esm', chunkFileNames: '[name]-[hash].js', minify: MINIFY },
    logLevel: 'warn',
  });
  const texts = output.map((file) => (file.type === 'chunk' ? file.code : file.source));
  return { files: output.length, bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) };
}
