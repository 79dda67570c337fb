/** T91: a process is killed while it revokes and publishes CRLs. What it acknowledged is on the next CRL. */

import t, { type Test } from 'tap';
import { checkDer } from '../../../src/formats/der/strict.ts';
import { readCertificateList } from '../../../src/x509/certificate-list.ts';
import { authorityOrder, openAuthorities, order } from '../../support/authorities.ts';
import { runProgram } from '../../support/children.ts';
import { activeKey, openCrls, revoke } from '../../support/crl.ts';
import { openDomain } from '../../support/domain.ts';
import { postgresMissing, startPostgres } from '../../support/postgres.ts';
import { programFile, ROOT } from '../../support/process.ts';

t.setTimeout(0);

const PROGRAM = programFile('test/revocation/crl/revoke-and-die.ts');
/** CRL_KILLS is for runs by hand. */
const KILLS = Number(process.env.CRL_KILLS ?? 3);
/** In milliseconds. */
const LIFE = '200';
const LEASE = 60_000;

async function expectNothingLost(t: Test, url?: string): Promise<void> {
  const authorities = await openAuthorities(t, await openDomain(t), { url });
  const { store, use, folder } = authorities;
  await use.create(authorityOrder('root'));
  const { key } = await activeKey(authorities, 'root');
  const acknowledged = new Set<string>();
  const numbers: number[] = [];
  for (let round = 0; round < KILLS; round += 1) {
    const program = await runProgram(t, process.execPath, [PROGRAM, url ?? folder, LIFE], { cwd: ROOT });
    t.equal(program.code, null, 'killed');
    for (const id of program.stdout.split('\n').filter((line) => line !== '')) acknowledged.add(id);
    const [before] = await store.listCrls();
    // The process that was killed has the lease; its end is not waited for
    const crls = openCrls(authorities, { clock: () => new Date(Date.now() + LEASE) });
    await crls.publisher.run();
    const [after] = await store.listCrls();
    t.equal(after?.revision, await store.revocationRevision(key.id));
    t.ok((after?.number ?? 0) >= (before?.number ?? 0));
    numbers.push(after?.number ?? 0);
    const list = readCertificateList(checkDer(await crls.newest(key), { maxValues: 1_000_000 }));
    for (const id of acknowledged) {
      const certificate = await store.getCertificate(id);
      const serial = Buffer.from(certificate?.serial ?? '').toString('hex');
      if (!list.serialNumbers.has(serial)) t.fail(`${id} is not on the CRL`);
    }
    await crls.publisher.close();
  }
  t.ok(acknowledged.size >= KILLS);
  t.same(
    numbers,
    [...new Set(numbers)].toSorted((a, b) => a - b),
    'the numbers rise',
  );
  t.comment(`T91: ${store.kind}: ${KILLS} kills, ${acknowledged.size} acknowledged revocations, 0 missing`);
}

t.test('a kill loses no revocation, with SQLite', (t) => expectNothingLost(t));

t.test('a kill loses no revocation, with PostgreSQL', { skip: postgresMissing }, async (t) =>
  expectNothingLost(t, (await startPostgres(t)).createDatabase('crl_kills')),
);

t.test('two replicas on PostgreSQL publish each number once', { skip: postgresMissing }, async (t) => {
  const url = (await startPostgres(t)).createDatabase('crl_replicas');
  const domain = await openDomain(t);
  const first = await openAuthorities(t, domain, { url });
  const second = await openAuthorities(t, domain, { url });
  await first.use.create(authorityOrder('root'));
  const replicas = [openCrls(first), openCrls(second)];
  for (let round = 0; round < 5; round += 1) {
    const { id } = await second.use.issue(order('root'));
    await revoke(second, id);
    await Promise.all(replicas.map(({ publisher }) => publisher.run()));
    // The other one has the lease in the next round
    if (round % 2 === 0) for (const { publisher } of replicas) await publisher.close();
  }
  const numbers = replicas.flatMap(({ made }) => made.map(({ number }) => number));
  t.same(
    numbers.toSorted((a, b) => a - b),
    [1, 2, 3, 4, 5],
  );
  t.same(
    replicas.flatMap(({ errors }) => errors),
    [],
  );
});
