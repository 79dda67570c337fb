/**
 * A process that revokes and publishes CRLs, and kills itself at a random moment. Arguments: the folder or the URL of the
 * store, the most milliseconds that it lives. It prints the id of each certificate whose revocation it acknowledges.
 */

import { composeAuthorities } from '../../../src/authorities/compose.ts';
import { createDomain } from '../../../src/domain.ts';
import { SealedKeyStore } from '../../../src/key-store/sealed-key-store.ts';
import { order, openStore, SEALING_KEY } from '../../support/authorities.ts';
import { openCrls, revoke } from '../../support/crl.ts';

const [place = '', life = '0'] = process.argv.slice(2);

const { context, keys } = await createDomain({ engine: 'auto' });
const authorities = composeAuthorities({
  context,
  store: await openStore(place),
  keyStore: new SealedKeyStore({ keys, sealingKey: SEALING_KEY }),
  onFault: ({ message }) => process.stderr.write(`${message}\n`),
});
const { publisher } = openCrls(authorities);
const use = authorities.authorities('tester');
let acknowledged = 0;

async function revokeOne(): Promise<void> {
  const { id, key } = await use.issue(order('root'));
  key?.destroy();
  await revoke(authorities, id);
  process.stdout.write(`${id}\n`);
  acknowledged += 1;
  // From the first one on, at any time
  if (acknowledged === 1)
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), Math.random() * Number(life));
}

async function publish(): Promise<never> {
  for (;;) await publisher.run();
}

void publish();
for (;;) await revokeOne();
