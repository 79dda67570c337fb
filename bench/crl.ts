/**
 * Measures how a long CRL is made: its size, the time, and the longest time for which the event loop was held. `node
 * bench/crl.ts ENTRIES… [--algorithm NAME]` prints a line of JSON for each number of entries.
 */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { composeAuthorities, type AuthorityDomain } from '../src/authorities/compose.ts';
import { createDomain } from '../src/domain.ts';
import { SealedKeyStore } from '../src/key-store/sealed-key-store.ts';
import { sealingKeyOf } from '../src/key-store/sealing-key.ts';
import type { KeyAlgorithmName } from '../src/keys/key.ts';
import { CrlPublisher } from '../src/revocation/crl/publisher.ts';
import { PublishedCrls } from '../src/revocation/crl/published-crls.ts';
import { databaseIn } from '../src/storage/sqlite/files.ts';
import { sqliteStore } from '../src/storage/sqlite/sqlite-store.ts';
import { heldBy } from './held.ts';
import { parseDistinguishedName } from '../src/x509/names/name-text.ts';

/** Times in milliseconds. */
export interface CrlFigure {
  readonly algorithm: string;
  readonly entries: number;
  readonly octets: number;
  readonly duration: number;
  /** The longest turn of the event loop, in processor time. */
  readonly held: number;
  /** The same for the first request of the CRL, which loads it, and of its PEM. */
  readonly heldByRequest: number;
}

const DAY = 86_400_000;

async function openAuthority(folder: string, algorithm: KeyAlgorithmName): Promise<AuthorityDomain> {
  const { context, keys } = await createDomain({ engine: 'auto' });
  const { store, preparation } = sqliteStore({ path: databaseIn(folder), timeout: 60_000 });
  await preparation.attempt();
  const keyStore = new SealedKeyStore({ keys, sealingKey: sealingKeyOf(Buffer.alloc(32, 7)) });
  const domain = composeAuthorities({ context, store, keyStore, onFault() {} });
  await domain.authorities('bench').create({
    caller: { principal: 'bench', readsAll: true, requireCaScope() {} },
    name: 'root',
    algorithm,
    issuer: { is: 'self' },
    names: () => ({ subject: parseDistinguishedName('/CN=Root/O=Example'), subjectAltNames: [] }),
    options: () => ({}),
  });
  return domain;
}

const EMPTY = 'BEGIN; DELETE FROM revocations; DELETE FROM crls';

/** Writes revocations past the service: to issue and revoke so many certificates would take minutes. */
function revokeMany(folder: string, count: number): string {
  const database = new DatabaseSync(databaseIn(folder));
  const { id, authority_id: authority } = database.prepare('SELECT * FROM authority_keys').get() ?? {};
  const insert = database.prepare(
    `INSERT INTO revocations (id, authority_id, authority_key_id, serial, reason, revoked_at, not_after, principal, revision)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'bench', 1)`,
  );
  database.exec(EMPTY);
  const now = Date.now();
  for (let i = 0; i < count; i += 1)
    insert.run(
      `r${i}`,
      String(authority),
      String(id),
      randomBytes(20).fill(0x5a, 0, 1),
      i % 2 === 0 ? 1 : 4,
      now - i * 1000,
      now + DAY,
    );
  database.exec(`COMMIT`);
  database.close();
  return String(id);
}

async function measure(domain: AuthorityDomain, keyId: string, entries: number): Promise<CrlFigure> {
  const { store, clock, opened } = domain.context;
  const periods = { delay: 0, validity: 7 * DAY };
  const observer = {
    published() {},
    checked() {},
    failed(error: unknown) {
      throw error;
    },
  };
  const publisher = new CrlPublisher({ store, clock, opened, periods, observer });
  let duration = 0;
  const held = await heldBy(async () => {
    const start = performance.now();
    await publisher.run();
    duration = Math.round(performance.now() - start);
  });
  const published = new PublishedCrls({ store, clock, onFault() {} });
  let octets = 0;
  const heldByRequest = await heldBy(async () => {
    const crl = await published.find(keyId);
    if (crl === undefined || crl === 'ended') throw new Error('There is no CRL');
    octets = crl.der.length;
    await crl.pem();
  });
  await publisher.close();
  const algorithm = (await domain.authorities('bench').show('root')).keys[0]?.algorithm ?? '';
  return { algorithm, entries, octets, duration, held, heldByRequest };
}

const { values, positionals } = parseArgs({
  options: { algorithm: { type: 'string', default: 'ml-dsa-65' } },
  allowPositionals: true,
});
const folder = mkdtempSync(join(tmpdir(), 'crl-'));
const domain = await openAuthority(folder, values.algorithm as KeyAlgorithmName);
for (const count of positionals.length > 0 ? positionals.map(Number) : [100_000]) {
  const keyId = revokeMany(folder, count);
  console.log(JSON.stringify(await measure(domain, keyId, count)));
}
await domain.close();
rmSync(folder, { recursive: true });
process.exit(0);
