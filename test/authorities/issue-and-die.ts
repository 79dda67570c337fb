/**
 * A process that issues and kills itself after a step. Arguments: the folder or the URL of the
 * store, the step. It prints the id and
 * the serial number of each certificate that it acknowledges.
 */

import { composeAuthorities } from '../../src/authorities/compose.ts';
import { createDomain } from '../../src/domain.ts';
import { SealedKeyStore } from '../../src/key-store/sealed-key-store.ts';
import { order, openStore, SEALING_KEY } from '../support/authorities.ts';

const [place = '', step = ''] = process.argv.slice(2);

const { context, keys } = await createDomain({ engine: 'auto' });
let acknowledged = 0;
const { authorities } = composeAuthorities({
  context,
  store: await openStore(place),
  keyStore: new SealedKeyStore({ keys, sealingKey: SEALING_KEY }),
  onFault: ({ message }) => process.stderr.write(`${message}\n`),
  reached(reached) {
    if (reached === step && acknowledged > 0) process.kill(process.pid, 'SIGKILL');
  },
});

for (;;) {
  const { id, serialNumber, key } = await authorities('tester').issue(order('root'));
  key?.destroy();
  process.stdout.write(`${id} ${serialNumber}\n`);
  acknowledged += 1;
}
