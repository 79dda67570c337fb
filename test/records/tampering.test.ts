/** An attacker with access to the database file changes the audit chain, and `npm run audit:verify` finds it. */

import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import { encodePemString } from '../../src/formats/pem.ts';
import { signedCheckpointOf } from '../../src/records/checkpoint.ts';
import { makeCheckpoint } from '../../src/records/checkpoints.ts';
import { nextRecord } from '../../src/storage/audit-chain.ts';
import { databaseIn } from '../../src/storage/sqlite/files.ts';
import { verifyAudit } from '../../src/records/verify-audit.ts';
import { createStore } from '../../src/storage/open.ts';
import { event } from '../storage/samples.ts';
import { openAuthorities } from '../support/authorities.ts';
import { runProgram } from '../support/children.ts';
import { openDomain } from '../support/domain.ts';
import { COMPILE_CACHE, programFile } from '../support/process.ts';

const domain = await openDomain(t);
const folder = t.testdir({});
const original = join(folder, 'original');

/** A chain of 1,205 records with two checkpoints, of which an auditor kept the first with the public key. */
await t.test('prepare', async (t) => {
  const { store, keyStore, folder } = await openAuthorities(t, domain);
  const ports = { store, keyStore, clock: () => new Date() };
  const append = (from: number, to: number) =>
    Promise.all(
      Array.from({ length: to - from }, (_, index) =>
        store.appendAudit(event('test', { index: from + index })),
      ),
    );
  await append(0, 600);
  const checkpoint = await makeCheckpoint(ports);
  await append(600, 1204);
  await makeCheckpoint(ports);
  const key = await store.getServiceKey('audit');
  writeFileSync(join(folder, 'checkpoint.json'), JSON.stringify(signedCheckpointOf(checkpoint)));
  writeFileSync(join(folder, 'audit.pem'), encodePemString('PUBLIC KEY', key?.publicKey ?? new Uint8Array()));
  await store.close();
  cpSync(folder, original, { recursive: true });
});

const SCRIPT = programFile('scripts/audit-verify.ts');

/** The exit code and the standard output of the script. */
async function verify(directory: string, ...args: readonly string[]) {
  const env = { ...COMPILE_CACHE, PATH: process.env.PATH, DATA_DIR: directory };
  const { code, stdout } = await runProgram(t, process.execPath, [SCRIPT, ...args], { cwd: directory, env });
  return { code, line: stdout.trim() };
}

/** What the script would print about the store alone. */
async function faultIn(directory: string): Promise<string | undefined> {
  const store = await createStore({ DATA_DIR: directory });
  if (store === undefined) throw new Error('there is no store');
  try {
    const report = await verifyAudit(store, domain.keys);
    return report.valid ? undefined : report.message;
  } finally {
    await store.close();
  }
}

const OUTSIDE = ['--checkpoint', 'checkpoint.json', '--public-key', 'audit.pem'];

let copies = 0;

/** Returns a copy of the folder, with its database changed. */
function tampered(change: (database: DatabaseSync) => void): string {
  const copy = join(folder, `copy-${(copies += 1)}`);
  cpSync(original, copy, { recursive: true });
  const database = new DatabaseSync(databaseIn(copy));
  change(database);
  database.close();
  return copy;
}

const runs =
  (sql: string) =>
  (database: DatabaseSync): void =>
    database.exec(sql);

t.test('an untouched chain is valid, with and without what an auditor kept', async (t) => {
  const line = 'The audit chain is valid: 1205 records, 2 checkpoints';
  t.strictSame(await verify(original), { code: 0, line });
  t.strictSame(await verify(original, ...OUTSIDE), { code: 0, line: line.replace('2 c', '3 c') });
});

const swap = `
  UPDATE audit_records SET sequence = -1 WHERE sequence = 30;
  UPDATE audit_records SET sequence = 30 WHERE sequence = 31;
  UPDATE audit_records SET sequence = 31 WHERE sequence = -1;`;

for (const [name, change, line] of [
  [
    'a changed detail',
    runs(`UPDATE audit_records SET details = '{"index":7777}' WHERE sequence = 700`),
    'Record 700 was changed, or is not in its place',
  ],
  [
    'details that are no JSON',
    runs(`UPDATE audit_records SET details = 'x' WHERE sequence = 700`),
    'Record 700 was changed, or is not in its place',
  ],
  [
    'another principal',
    runs(`UPDATE audit_records SET principal = 'key:else' WHERE sequence = 1205`),
    'Record 1205 was changed, or is not in its place',
  ],
  [
    'another time',
    runs('UPDATE audit_records SET occurred_at = occurred_at + 1 WHERE sequence = 2'),
    'Record 2 was changed, or is not in its place',
  ],
  ['a removed record', runs('DELETE FROM audit_records WHERE sequence = 44'), 'Record 44 is missing'],
  ['a removed first record', runs('DELETE FROM audit_records WHERE sequence = 1'), 'Record 1 is missing'],
  ['a removed end', runs('DELETE FROM audit_records WHERE sequence > 1200'), 'Record 1201 is missing'],
  ['two records in each other’s place', runs(swap), 'Record 30 was changed, or is not in its place'],
  [
    'an added record',
    runs(`INSERT INTO audit_records (sequence, occurred_at, action, outcome, principal, details, previous_hash, hash)
      SELECT 1206, occurred_at, action, outcome, principal, details, previous_hash, hash
      FROM audit_records WHERE sequence = 1205`),
    'The chain does not end with its last record, 1205',
  ],
  [
    'a changed checkpoint',
    runs('UPDATE audit_checkpoints SET sequence = 7 WHERE sequence = 601'),
    'The checkpoint of record 7 in the store is not signed by the key of the service',
  ],
  [
    'a checkpoint that is no JSON',
    runs(`UPDATE audit_checkpoints SET statement = x'00' WHERE sequence = 601`),
    'The checkpoint of record 601 in the store is not signed by the key of the service',
  ],
  [
    'a chain with new hashes',
    rewrite,
    'Record 601 is not the one of a signed checkpoint: the chain was written again',
  ],
] as [string, (database: DatabaseSync) => void, string][])
  t.test(`${name} is found`, async (t) => t.equal(await faultIn(tampered(change)), line));

t.test(
  'a chain with new hashes and without checkpoints is found with a checkpoint of an auditor',
  async (t) => {
    const copy = tampered((database) => {
      rewrite(database);
      database.prepare('DELETE FROM audit_checkpoints').run();
    });
    t.equal(await faultIn(copy), undefined, 'the store alone cannot show it');
    t.strictSame(await verify(copy, ...OUTSIDE), {
      code: 1,
      line: 'Record 601 is not the one of a signed checkpoint: the chain was written again',
    });
  },
);

t.test('a chain that was cut off with its head is found with a checkpoint of an auditor', async (t) => {
  const copy = tampered((database) => {
    database.exec(`DELETE FROM audit_checkpoints; DELETE FROM audit_records WHERE sequence > 100;
      UPDATE audit_head SET sequence = 100, hash = (SELECT hash FROM audit_records WHERE sequence = 100)`);
  });
  t.equal(await faultIn(copy), undefined);
  t.strictSame(await verify(copy, ...OUTSIDE), { code: 1, line: 'Record 101 is missing' });
});

t.test('a forged checkpoint, and another key, are found', async (t) => {
  const copy = tampered(() => {});
  const other = await domain.keys.generate('ml-dsa-65');
  writeFileSync(join(copy, 'other.pem'), encodePemString('PUBLIC KEY', other.publicKey.spki));
  t.strictSame(await verify(copy, '--public-key', 'other.pem'), {
    code: 1,
    line: 'The checkpoint of record 601 in the store is not signed by the key of the service',
  });
  const forged = { statement: '{}', signature: 'AAAA' };
  writeFileSync(join(copy, 'forged.json'), JSON.stringify({ checkpoints: [forged] }));
  t.strictSame(await verify(copy, '--checkpoint', 'forged.json'), {
    code: 1,
    line: 'The signature of the given checkpoint is invalid',
  });
});

t.test('what cannot be verified has exit code 2, and no database is made', async (t) => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  t.match(await verify(empty), { code: 2, line: /^There is no database/ });
  t.match(await verify(original, '--checkpoint', 'none.json'), { code: 2, line: '' });
  t.match(await verify(original, '--unknown'), { code: 2 });
  const damaged = tampered(() => {});
  writeFileSync(databaseIn(damaged), 'this is no database');
  t.match(await verify(damaged), { code: 2, line: /^The database is damaged/ });
});

/** Changes a record, and computes all later hashes and the head again. */
function rewrite(database: DatabaseSync): void {
  database.exec(`BEGIN`);
  database.exec(`UPDATE audit_records SET details = '{"index":"forged"}' WHERE sequence = 300`);
  let head = { sequence: 0, hash: new Uint8Array(32) };
  const update = database.prepare('UPDATE audit_records SET previous_hash = ?, hash = ? WHERE sequence = ?');
  for (const row of database.prepare('SELECT * FROM audit_records ORDER BY sequence').all()) {
    const record = nextRecord(head, {
      at: new Date(Number(row.occurred_at)),
      action: String(row.action),
      outcome: 'success',
      principal: String(row.principal),
      details: JSON.parse(String(row.details)),
    });
    head = { sequence: record.sequence, hash: new Uint8Array(record.hash) };
    update.run(record.previousHash, record.hash, record.sequence);
  }
  database.prepare('UPDATE audit_head SET hash = ?').run(head.hash);
  database.exec(`COMMIT`);
}
