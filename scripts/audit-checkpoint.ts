/** `npm run audit:checkpoint`: signs a checkpoint of the audit chain, to be kept elsewhere. */

import { writeFileSync } from 'node:fs';
import { encodePemString } from '../src/formats/pem.ts';
import { signedCheckpointOf } from '../src/records/checkpoint.ts';
import { makeCheckpoint } from '../src/records/checkpoints.ts';
import { readOptions } from './command-line.ts';
import { withAuthorities } from './open-authorities.ts';

const USAGE = `npm run audit:checkpoint [-- --public-key FILE]
  Prints a signed checkpoint of the last record of the audit chain, as JSON. The service makes one each hour, and after
  1,000 records. Keep checkpoints out of reach of those who can write to the store.
  --public-key  file for the public key that verifies checkpoints, PEM

Example:
  DATA_DIR=data npm run -s audit:checkpoint -- --public-key audit.pem > checkpoint.json
`;

const { values } = readOptions(USAGE, { 'public-key': { type: 'string' } });

await withAuthorities(async ({ domain, stored: { store, keyStore } }) => {
  const { clock } = domain.context;
  const checkpoint = await makeCheckpoint({ store, keyStore, clock });
  const key = await store.getServiceKey('audit');
  const file = values['public-key'];
  if (file !== undefined && key !== undefined)
    writeFileSync(file, encodePemString('PUBLIC KEY', key.publicKey));
  console.log(JSON.stringify({ sequence: checkpoint.sequence, ...signedCheckpointOf(checkpoint) }));
});
