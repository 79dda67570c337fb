/** docs/interoperability.md says what the programs that are installed do. */

import t from 'tap';
import { keyFiles } from '../../scripts/interoperability/forms.ts';
import { installedPrograms } from '../../scripts/interoperability/programs.ts';
import { measure, storedResults } from '../../scripts/interoperability/results.ts';
import { KEY_TARGETS, TARGETS, type KeyTarget } from '../../src/keys/key-targets.ts';
import { openDomain } from '../support/domain.ts';

const { domain } = await openDomain(t);
const files = await keyFiles(domain);
const results = storedResults();
const programs = new Map(installedPrograms().map((program) => [program.name, program]));

for (const [name, row] of Object.entries(results)) {
  const program = programs.get(name);
  t.test(`${name} reads what the table says`, async (t) => {
    // The table keeps rows of versions that only some machines have
    if (program === undefined) return t.comment(`${name} is not installed here`);
    t.strictSame(measure(program, files), row);
  });
}

/** Which row proves a target. Nothing here runs Go, Windows or an HSM. */
const PROOFS: Readonly<Partial<Record<KeyTarget, RegExp>>> = {
  openssl: /^OpenSSL 3\.5$/,
  java: /^Java 25$/,
  node: /^Node\.js 24$/,
};

t.test('each target has a form that its program reads', async (t) => {
  for (const target of KEY_TARGETS) {
    const proof = PROOFS[target];
    if (proof === undefined) continue;
    const [, row = {}] = Object.entries(results).find(([name]) => proof.test(name)) ?? [];
    const { form, preferredFormat } = TARGETS[target];
    t.equal(form, 'pkcs8');
    t.equal(row[`ml-dsa-65: PKCS #8, ${preferredFormat}`], true, target);
    t.equal(row['ecdsa-p256: PKCS #8'], true, target);
  }
});
