import t from 'tap';
import { AS_WRITTEN, createPool, query } from '../../src/storage/postgres/pools.ts';
import { postgresMissing, startPostgres } from '../support/postgres.ts';
import { PATIENCE } from './conformance.ts';

t.test('the settings of new connections', { skip: postgresMissing }, async (t) => {
  const { url } = await startPostgres(t);
  const shown = async (settings: string | undefined, name: string): Promise<unknown> => {
    const pool = createPool(url, PATIENCE, { max: 1, ...(settings !== undefined && { settings }) });
    try {
      const [row] = await query(pool, { sql: `SHOW ${name}`, values: [] });
      return row?.[name];
    } finally {
      await pool.end();
    }
  };
  for (const name of ['enable_bitmapscan', 'jit']) {
    t.equal(await shown(undefined, name), 'on');
    t.equal(await shown(AS_WRITTEN, name), 'off', name);
  }
  t.equal(await shown('SET unknown_setting = off', 'jit'), 'on', 'another database has other settings');
});
