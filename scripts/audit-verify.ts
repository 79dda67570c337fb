/** `npm run audit:verify`: finds a record of the audit chain that was changed, removed or moved. */

import { existsSync, readFileSync } from 'node:fs';
import { loadConfigOrExit } from '../src/config/load.ts';
import { createDomain } from '../src/domain.ts';
import { readPemOrDer } from '../src/formats/pem-or-der.ts';
import type { Keys } from '../src/keys/key.ts';
import { readPublicKey } from '../src/keys/public-key.ts';
import { readSignedCheckpoint } from '../src/records/checkpoint.ts';
import { verifyAudit, type AuditStoreReader, type OutsideEvidence } from '../src/records/verify-audit.ts';
import { createStore } from '../src/storage/open.ts';
import { databaseIn } from '../src/storage/sqlite/files.ts';
import type { Store } from '../src/storage/ports.ts';
import { orExit, readOptions } from './command-line.ts';

const USAGE = `npm run audit:verify [-- --checkpoint FILE --public-key FILE]
  Verifies the audit chain in the store of DATA_DIR or DATABASE_URL, with all its checkpoints. The service can run.
  --checkpoint  a checkpoint that was kept elsewhere: JSON of POST or GET /api/v1/audit/checkpoints
  --public-key  the public key that was kept with it, PEM. Without it the key in the store is used, which an
                attacker with access to the store can replace
  Prints one line. Exit code 0: valid. 1: a record or a checkpoint is not what it was. 2: nothing could be verified.

Example:
  DATA_DIR=data npm run -s audit:verify -- --checkpoint checkpoint.json --public-key audit.pem
`;

/** Nothing could be verified. */
const EXIT_UNVERIFIED = 2;

const { values } = readOptions(USAGE, {
  checkpoint: { type: 'string' },
  'public-key': { type: 'string' },
});

/** Throws Error for a file that cannot be read. */
function readEvidence(): OutsideEvidence {
  const { checkpoint, 'public-key': publicKey } = values;
  return {
    checkpoints: checkpoint === undefined ? [] : readCheckpoints(checkpoint),
    publicKey:
      publicKey === undefined
        ? undefined
        : readPublicKey(readPemOrDer(readFileSync(publicKey, 'utf8'), 'PUBLIC KEY').der),
  };
}

/** One checkpoint, or a list as the service returns it. */
function readCheckpoints(path: string): OutsideEvidence['checkpoints'] {
  const content = JSON.parse(readFileSync(path, 'utf8')) as { readonly checkpoints?: unknown };
  const list = Array.isArray(content.checkpoints) ? (content.checkpoints as unknown[]) : [content];
  return list.map(readSignedCheckpoint);
}

function fail(message: string): never {
  console.log(message);
  process.exit(EXIT_UNVERIFIED);
}

async function openStore(): Promise<Store> {
  const { DATA_DIR, DATABASE_URL } = loadConfigOrExit();
  // A new database would be made, and would be valid.
  if (DATABASE_URL === undefined && (DATA_DIR === undefined || !existsSync(databaseIn(DATA_DIR))))
    fail('There is no database: DATA_DIR or DATABASE_URL must name the one of the service');
  const store = await createStore({ DATA_DIR, DATABASE_URL });
  return store ?? fail('There is no database');
}

async function report(store: AuditStoreReader, keys: Keys, evidence: OutsideEvidence): Promise<void> {
  const result = await verifyAudit(store, keys, evidence);
  if (result.valid)
    console.log(`The audit chain is valid: ${result.records} records, ${result.checkpoints} checkpoints`);
  else {
    console.log(result.message);
    process.exitCode = 1;
  }
}

const evidence = orExit(USAGE, readEvidence);
const store = await openStore();
const domain = await createDomain({ engine: loadConfigOrExit().CRYPTO_ENGINE });
try {
  await report(store, domain.keys, evidence);
} catch (error) {
  console.log(error instanceof Error ? error.message : String(error));
  process.exitCode = EXIT_UNVERIFIED;
} finally {
  await store.close();
  await domain.close();
}
