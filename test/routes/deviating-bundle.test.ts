/** Bundles of certificates that deviate from a standard, as old CAs write them. */

import t from 'tap';
import { boolean, objectIdentifier, octetString, sequence } from '../../src/formats/der/writer.ts';
import { craftMember } from '../ca/hierarchy.ts';
import { octets } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { startApp } from '../support/service.ts';

t.test('a certificate that is read with a note is bundled', async (t) => {
  const { keys } = await openDomain(t);
  const app = await startApp(t);
  const keyUsage = sequence(
    objectIdentifier('2.5.29.15'),
    boolean(false),
    octetString(octets('03 02 01 06')),
  );
  const { pem } = await craftMember(keys)('Root', { extensions: { keyUsage } });
  for (const format of ['pem-chain', 'pkcs7', 'zip'] as const) {
    const reply = await app.inject({
      method: 'POST',
      url: '/api/v1/bundle',
      payload: { format, certificate: pem },
    });
    t.equal(reply.statusCode, 200, reply.body.slice(0, 300));
    t.match(reply.json().notes, [{ code: 'default-value', at: '/certificate' }]);
  }
});
