/** T66: a process is killed after each step of issuing. What it acknowledged is stored, and no serial number is used twice. */

import t, { type Test } from 'tap';
import { ISSUANCE_STEPS } from '../../src/authorities/steps.ts';
import type { Store } from '../../src/storage/ports.ts';
import { authorityOrder, openAuthorities, order } from '../support/authorities.ts';
import { runProgram } from '../support/children.ts';
import { openDomain } from '../support/domain.ts';
import { postgresMissing, startPostgres } from '../support/postgres.ts';
import { programFile, ROOT } from '../support/process.ts';

t.setTimeout(0);

const PROGRAM = programFile('test/authorities/issue-and-die.ts');
/** Kills after each step. ISSUING_KILLS is for runs by hand. */
const KILLS = Number(process.env.ISSUING_KILLS ?? 1);
/** Steps after the reservation and before the certificate is stored. */
const OPEN = ['reserved', 'signed', 'compared'].length;

/**
 * Returns what the processes acknowledged: a line with the id and the serial number of each certificate. `together`
 * processes issue at the same time.
 */
async function killed(t: Test, place: string, together: number): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let round = 0; round < KILLS; round += 1)
    for (const step of ISSUANCE_STEPS) {
      const programs = Array.from({ length: together }, () =>
        runProgram(t, process.execPath, [PROGRAM, place, step], { cwd: ROOT }),
      );
      for (const program of await Promise.all(programs)) {
        t.equal(program.code, null, `killed after ${step}`);
        t.equal(program.stderr, '');
        lines.push(...program.stdout.split('\n').filter((line) => line !== ''));
      }
    }
  return lines;
}

async function expectStored(
  t: Test,
  store: Store,
  acknowledged: readonly string[],
  together: number,
): Promise<void> {
  const serials = new Set<string>();
  for (const line of acknowledged) {
    const [id = '', serial = ''] = line.split(' ');
    const certificate = await store.getCertificate(id);
    t.equal(certificate && Buffer.from(certificate.serial).toString('hex').toUpperCase(), serial);
    serials.add(serial);
  }
  t.equal(serials.size, acknowledged.length, 'no serial number is used twice');
  const { certificates } = await store.counts(new Date(), []);
  t.equal(
    certificates,
    acknowledged.length + KILLS * together,
    'those that were stored and not acknowledged',
  );
}

async function expectNothingLost(
  t: Test,
  { url = undefined as string | undefined, together = 1 } = {},
): Promise<void> {
  const { store, use, folder } = await openAuthorities(t, await openDomain(t), { url });
  await use.create(authorityOrder('root'));
  const acknowledged = await killed(t, url ?? folder, together);
  const kills = ISSUANCE_STEPS.length * KILLS * together;
  t.ok(acknowledged.length >= kills);
  await expectStored(t, store, acknowledged, together);
  const left = await use.reservations('root');
  t.equal(left.length, OPEN * KILLS * together, 'killed after reserved, signed and compared');
  t.comment(
    `T66: ${store.kind}, ${together} at once: ${kills} kills, ${acknowledged.length} acknowledged, 0 lost, ${left.length} reservations open`,
  );
  await t.resolves(use.issue(order('root')));
}

t.test('a kill after any step loses nothing that was acknowledged, with SQLite', (t) => expectNothingLost(t));

t.test('a kill of two services with one file of SQLite loses nothing either', (t) =>
  expectNothingLost(t, { together: 2 }),
);

t.test(
  'a kill after any step loses nothing that was acknowledged, with PostgreSQL',
  { skip: postgresMissing },
  async (t) => expectNothingLost(t, { url: (await startPostgres(t)).createDatabase('kills') }),
);
