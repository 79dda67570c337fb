/** The rules pause: a long certificate takes 70 ms. */

import t from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { findingsOf } from '../../src/lint/engine.ts';
import { receivedCertificate } from '../../src/lint/received-view.ts';
import { RULES, selectRules } from '../../src/lint/registry.ts';
import { certificateFindings } from '../../src/lint/received.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { contextPrimitive, sequence } from '../../src/formats/der/writer.ts';
import { extension } from '../support/crafted.ts';
import { craftMember } from '../ca/hierarchy.ts';
import { openDomain } from '../support/domain.ts';
import { countTurns } from '../support/turns.ts';

const { keys } = await openDomain(t);

t.test('the findings are the same with pauses', async (t) => {
  const { der } = await craftMember(keys)('Root', { serialNumber: Uint8Array.of(2, 1, 0x80) });
  const certificate = readCertificate(checkDer(der));
  const findings = await certificateFindings(certificate, []);
  t.match(findings, [{ rule: 'rfc5280-serial-positive' }]);
  const rules = selectRules(RULES.certificate, { use: 'received', severities: ['error', 'warning'] });
  t.same(findings, findingsOf(rules, receivedCertificate(certificate, [])));
});

t.test('thousands of names are checked in several turns', async (t) => {
  const names = Array.from({ length: 9_000 }, (_, index) =>
    contextPrimitive(2, Buffer.from(`ab--c${index}`)),
  );
  const { der } = await craftMember(keys)('Names', {
    extensions: { names: extension('2.5.29.17', false, sequence(...names)) },
  });
  const certificate = readCertificate(checkDer(der));
  const withoutNames = readCertificate(checkDer((await craftMember(keys)('None')).der));
  const few = countTurns();
  await certificateFindings(withoutNames, []);
  const usual = few.end();
  const turns = countTurns();
  const findings = await certificateFindings(certificate, []);
  const more = turns.end() - usual;
  t.ok(more >= 10, `${more} more turns`);
  t.ok(usual < 10, `${usual} turns of a short certificate`);
  t.match(
    findings.filter(({ where }) => where === 'extensions.subjectAltName').map(({ rule }) => rule),
    [/./],
  );
});
