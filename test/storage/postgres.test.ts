import t from 'tap';
import { postgresStore } from '../../src/storage/postgres/postgres-store.ts';
import { postgresMissing, startPostgres } from '../support/postgres.ts';
import { PATIENCE, testConformance } from './conformance.ts';

t.test('PostgreSQL', { skip: postgresMissing }, async (t) => {
  const server = await startPostgres(t);
  let databases = 0;
  testConformance(t, () => {
    databases += 1;
    return postgresStore({ url: server.createDatabase(`conformance${databases}`), timeout: PATIENCE });
  });
});
