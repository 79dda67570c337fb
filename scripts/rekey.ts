/** `npm run rekey`: seals the private keys of authorities again, under the key of KEY_ENCRYPTION_KEY_FILE. */

import { resealKeys } from '../src/authorities/reseal.ts';
import { resealAuditKey } from '../src/records/reseal-audit-key.ts';
import { readOptions } from './command-line.ts';
import { withAuthorities } from './open-authorities.ts';

const USAGE = `npm run rekey
  Replaces the key that seals the private keys of authorities, while the service runs. The new key is in the file of
  KEY_ENCRYPTION_KEY_FILE, the old one in that of KEY_DECRYPTION_KEY_FILE. The service must have both first
  (docs/authorities.md). Exit code 1: a key did not open, and is sealed as before.

Example:
  KEY_ENCRYPTION_KEY_FILE=new.key KEY_DECRYPTION_KEY_FILE=old.key npm run -s rekey
`;

readOptions(USAGE, {});

await withAuthorities(async ({ domain, stored }) => {
  const { replaced, kept, failed } = await resealKeys({
    store: stored.store,
    keyStore: stored.keyStore,
    clock: domain.context.clock,
  });
  console.log(`${replaced} keys are sealed again, ${kept} were sealed with this key before`);
  if (await resealAuditKey(stored.store, stored.keyStore, domain.context.clock))
    console.log('The key of the audit checkpoints is sealed again');
  for (const [id, message] of failed) console.error(`${id}: ${message}`);
  if (failed.size > 0) process.exitCode = 1;
});
