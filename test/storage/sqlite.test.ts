import { join } from 'node:path';
import t, { type Test } from 'tap';
import { sqliteStore } from '../../src/storage/sqlite/sqlite-store.ts';
import { PATIENCE, testConformance } from './conformance.ts';

const openIn = (t: Test) =>
  sqliteStore({ path: join(t.testdir(), 'data', 'authority.db'), timeout: PATIENCE });

testConformance(t, openIn);
