/** T66: a process is killed after each step of issuing. What it acknowledged is stored, and no serial number is used twice. */

import t from 'tap';
import { ISSUANCE_STEPS } from '../../src/authorities/steps.ts';
import { authorityOrder, openAuthorities, order } from '../support/authorities.ts';
import { runProgram } from '../support/children.ts';
import { openDomain } from '../support/domain.ts';
import { ROOT } from '../support/process.ts';

t.setTimeout(240_000);

const PROGRAM = 'test/authorities/issue-and-die.ts';

t.test('a kill after any step loses nothing that was acknowledged', async (t) => {
  const domain = await openDomain(t);
  const first = await openAuthorities(t, domain);
  await first.use.create(authorityOrder('root'));
  const acknowledged: string[] = [];
  for (const step of ISSUANCE_STEPS) {
    const { stdout, code, stderr } = await runProgram(t, process.execPath, [PROGRAM, first.folder, step], {
      cwd: ROOT,
    });
    t.equal(code, null, `killed after ${step}`);
    t.equal(stderr, '');
    acknowledged.push(...stdout.split('\n').filter((line) => line !== ''));
  }
  t.ok(acknowledged.length >= ISSUANCE_STEPS.length);

  const stored = new Map<string, string>();
  for (const line of acknowledged) {
    const [id = '', serial = ''] = line.split(' ');
    const certificate = await first.store.getCertificate(id);
    t.equal(certificate && Buffer.from(certificate.serial).toString('hex').toUpperCase(), serial);
    stored.set(serial, id);
  }
  t.equal(stored.size, acknowledged.length, 'no serial number is used twice');

  const { certificates } = await first.store.counts(new Date(), []);
  t.equal(certificates, acknowledged.length + 1, 'the one that was stored and not acknowledged');
  const left = await first.use.reservations('root');
  t.equal(left.length, 3, 'killed after reserved, signed and compared');
  t.comment(
    `T66: ${acknowledged.length} acknowledged, 0 lost, ${left.length} open reservations after ${ISSUANCE_STEPS.length} kills`,
  );
  await t.resolves(first.use.issue(order('root')));
});
