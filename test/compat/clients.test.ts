/**
 * Clients in shell, Python and JavaScript, written only from the documentation of the old service. Each writes the same
 * files, and OpenSSL checks them.
 */

import t from 'tap';
import { callContract, CLIENTS } from '../support/compat-clients.ts';
import { opensslMissing } from '../support/openssl.ts';
import { startService } from '../support/service.ts';

for (const client of CLIENTS) {
  t.test(
    `a ${client.name} client of the old service runs unchanged`,
    { skip: client.skip || opensslMissing },
    async (t) => {
      const { url } = await startService(t);
      await callContract(t, client, url);
    },
  );
}
