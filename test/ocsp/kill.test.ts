/** T95: a process is killed while it revokes. What it acknowledged is revoked in the next OCSP response of another one. */

import t, { type Test } from 'tap';
import type { OcspObserver } from '../../src/ocsp/ports.ts';
import { openAuthorities } from '../support/authorities.ts';
import { runProgram } from '../support/children.ts';
import { openDomain } from '../support/domain.ts';
import { createAuthority, ocspRequest, readReply } from '../support/ocsp.ts';
import { postgresMissing, startPostgres } from '../support/postgres.ts';
import { programFile, ROOT } from '../support/process.ts';

t.setTimeout(0);

const PROGRAM = programFile('test/revocation/crl/revoke-and-die.ts');
/** OCSP_KILLS is for runs by hand. */
const KILLS = Number(process.env.OCSP_KILLS ?? 3);
/** In milliseconds. */
const LIFE = '200';

const QUIET: OcspObserver = {
  replied: () => undefined,
  stated: () => undefined,
  signed: () => undefined,
  failed: () => undefined,
};

async function expectRevoked(t: Test, url?: string): Promise<void> {
  const opened = await openAuthorities(t, await openDomain(t), { url });
  const root = await createAuthority(opened, 'root');
  const responder = opened.createResponder({
    signer: 'delegated',
    validity: 43_200,
    cacheLimit: 1e7,
    observer: QUIET,
  });
  t.teardown(() => responder.close());
  const statusOf = async (id: string) => {
    const certificate = await opened.store.getCertificate(id);
    const request = ocspRequest(root, [certificate?.serial ?? new Uint8Array()]);
    const reply = await responder.respond(request, async () => undefined);
    return reply.status === 'successful' ? readReply(reply.response.der).statuses[0] : reply.status;
  };
  const acknowledged: string[] = [];
  for (let round = 0; round < KILLS; round += 1) {
    const program = await runProgram(t, process.execPath, [PROGRAM, url ?? opened.folder, LIFE], {
      cwd: ROOT,
    });
    t.equal(program.code, null, 'killed');
    acknowledged.push(...program.stdout.split('\n').filter((line) => line !== ''));
    for (const id of acknowledged) if ((await statusOf(id)) !== 'revoked') t.fail(`${id} is not revoked`);
  }
  t.ok(acknowledged.length >= KILLS);
  t.comment(
    `T95: ${opened.store.kind}: ${KILLS} kills, ${acknowledged.length} acknowledged revocations, 0 missing`,
  );
}

t.test('a kill loses no revocation, with SQLite', (t) => expectRevoked(t));

t.test('a kill loses no revocation, with PostgreSQL', { skip: postgresMissing }, async (t) =>
  expectRevoked(t, (await startPostgres(t)).createDatabase('ocsp_kills')),
);
