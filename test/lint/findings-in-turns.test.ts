/** The rules run in several turns of the event loop: a long certificate takes 70 ms. */

import t from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { certificateFindings, certificateFindingsInTurns } from '../../src/lint/received.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { craftMember } from '../ca/hierarchy.ts';
import { openDomain } from '../support/domain.ts';
import { countTurns } from '../support/turns.ts';

const { keys } = await openDomain(t);

t.test('the findings are the same, in several turns', async (t) => {
  const { der } = await craftMember(keys)('Root', { serialNumber: Uint8Array.of(2, 1, 0x80) });
  const certificate = readCertificate(checkDer(der));
  const turns = countTurns();
  const findings = await certificateFindingsInTurns(certificate, []);
  t.ok(turns.end() > 3);
  t.match(findings, [{ rule: 'rfc5280-serial-positive' }]);
  t.same(findings, certificateFindings(certificate, []));
});
