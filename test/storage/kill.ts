/** kill -9 of a process that issues. What the store confirmed must be there, and nothing twice. */

import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Test } from 'tap';
import { verifyAuditChain } from '../../src/storage/audit-chain.ts';
import type { Store } from '../../src/storage/ports.ts';
import { startProgram } from '../support/children.ts';
import { programFile } from '../support/process.ts';
import { PATIENCE } from './conformance.ts';
import { auditOf, daysFrom, NOW } from './samples.ts';

const CHILD = programFile('test/storage/issuing-child.ts');

/** Each round kills at another step. More rounds: TAP_TIMEOUT=900 STORE_KILLS=50. */
const ROUNDS = Number(process.env.STORE_KILLS ?? 5);

/** `open` opens the store that the processes use. It must be empty at first. */
export async function testKills(
  t: Test,
  args: readonly ['sqlite' | 'postgres', string],
  open: () => Promise<Store>,
): Promise<void> {
  const confirmed: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) confirmed.push(...(await linesUntilKilled(t, args)));
  const store = await open();
  t.teardown(() => store.close());
  const reserved = new Map(wordsOf(confirmed, 'reserved').map(([id = '', serial = '']) => [id, serial]));
  const stored = wordsOf(confirmed, 'stored').map(([id = '']) => id);
  const remaining = await store.listOpenReservations({ before: daysFrom(NOW, 1), limit: 10_000 });
  const isOpen = new Set(remaining.map(({ id }) => id));
  for (const [id, serial] of reserved) {
    const certificate = await store.getCertificate(id);
    t.ok(certificate !== undefined || isOpen.has(id), `${id} is remembered`);
    if (certificate !== undefined) t.equal(Buffer.from(certificate.serial).toString('hex'), serial);
  }
  for (const id of stored) t.ok(await store.getCertificate(id), `${id} is stored`);
  t.equal(new Set(reserved.values()).size, reserved.size, 'no serial number twice');
  const revoked = wordsOf(confirmed, 'revoked').map(([id = '']) => id);
  for (const id of revoked) {
    t.match(await store.serialStatus({ id }), { status: 'revoked' }, `${id} is revoked`);
    t.match(await store.getCertificate(id), { revokedAt: NOW });
  }
  const { certificates } = await store.counts(NOW, []);
  const revocations = await revocationsIn(store);
  t.same(await store.webhookCounts(), { pending: certificates + revocations, dead: 0 }, 'one for each');
  const verdict = await verifyAuditChain(auditOf(store), { head: await store.auditHead() });
  t.match(verdict, { valid: true, head: { sequence: certificates + revocations + ROUNDS } });
  t.comment(
    `${ROUNDS} kills: ${stored.length} confirmed, ${certificates} stored, ${revoked.length} confirmed revoked, ${revocations} revoked, ${isOpen.size} open`,
  );
}

/** Each key counts its revocations without a gap. */
async function revocationsIn(store: Store): Promise<number> {
  const keys = await store.listRevocationRevisions();
  let all = 0;
  for (const { authorityKeyId, revision } of keys) {
    const count = await store.revocationCount({ authorityKeyId });
    if (count !== revision) throw new Error(`Expected ${revision} revocations, got ${count}`);
    all += count;
  }
  return all;
}

/** In milliseconds: longer than a call may take in the service, because the machine may stand still for some seconds. */
const FAIR_WAIT = 10_000;

/**
 * Several processes issue at the same time, until each has stored 60 certificates. None of them may wait so long for the
 * others that a call is refused.
 */
export async function testFairness(t: Test, args: readonly ['sqlite' | 'postgres', string]): Promise<void> {
  const processes = Array.from({ length: 3 }, () => startChild(t, args, FAIR_WAIT));
  for (const stored of await Promise.all(processes.map((child) => issueUntil(child, 60))))
    t.equal(stored, 60, 'not ended by an error');
  for (const child of processes) child.kill('SIGKILL');
}

const startChild = (t: Test, args: readonly string[], timeout: number) =>
  startProgram(t, process.execPath, [CHILD, ...args, String(timeout)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** Returns how many certificates the process has stored: `enough`, unless it ended with an error. It continues. */
function issueUntil({ stdout }: ReturnType<typeof startChild>, enough: number): Promise<number> {
  let stored = 0;
  const lines = createInterface(stdout);
  return new Promise((resolve) => {
    lines.on('close', () => resolve(stored));
    lines.on('line', (line) => {
      if (line.startsWith('stored ')) stored += 1;
      if (stored === enough) resolve(stored);
    });
  });
}

const wordsOf = (lines: readonly string[], first: string): string[][] =>
  lines.filter((line) => line.startsWith(`${first} `)).map((line) => line.split(' ').slice(1));

async function linesUntilKilled(t: Test, args: readonly string[]): Promise<string[]> {
  const child = startChild(t, args, PATIENCE);
  const exited = once(child, 'exit');
  const last = 1 + randomInt(60);
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (lines.length === last) child.kill('SIGKILL');
  }
  await exited;
  return lines;
}
