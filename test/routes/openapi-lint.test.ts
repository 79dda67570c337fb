/** Redocly, an independent program, reads the OpenAPI document. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { runProgram } from '../support/children.ts';

/** What is wrong with a document, in the words of redocly; empty where nothing is. */
async function lint(t: Test, openapi: string): Promise<string> {
  const folder = t.testdir({
    'openapi.yaml': openapi,
    'redocly.yaml': await readFile(join(import.meta.dirname, '../../redocly.yaml'), 'utf8'),
  });
  const program = join(import.meta.dirname, '../../node_modules/.bin/redocly');
  const { code, stdout } = await runProgram(t, program, ['lint', 'openapi.yaml', '--format=stylish'], {
    cwd: folder,
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  });
  return code === 0 ? stdout : `failed: ${stdout}`;
}

t.test('redocly finds nothing wrong with openapi.yaml', async (t) => {
  const openapi = await readFile(join(import.meta.dirname, '../../openapi.yaml'), 'utf8');
  t.equal(await lint(t, openapi), '');
  t.match(await lint(t, openapi.replace('operationId: readHealth', 'operationId: readInfo')), /operationId/);
});
