import { fileURLToPath } from 'node:url';
import t from 'tap';
import { runProgram } from '../../support/children.ts';
import { createNobleEngine } from '../../../src/algorithms/ml-dsa/engines/noble.ts';
import { createNoblePool } from '../../../src/algorithms/ml-dsa/noble-pool.ts';

t.test('a bug in a task is no PkiError, and its thread continues', async (t) => {
  const pool = createNoblePool(1);
  t.teardown(() => pool.close());
  const engine = createNobleEngine(pool);
  const error = await engine.publicFromSeed('ml-dsa-44', new Uint8Array(31)).catch((error: unknown) => error);
  t.match(error, { name: 'Error', code: undefined });
  t.equal((await engine.publicFromSeed('ml-dsa-44', new Uint8Array(32))).length, 1312);
});

t.test('an idle pool does not keep the process alive', async (t) => {
  const fixture = fileURLToPath(new URL('./fixtures/unclosed-pool.ts', import.meta.url));
  const { stdout } = await runProgram(t, process.execPath, [fixture]);
  t.equal(stdout, '1312\n');
});
