import type { Testing } from './testing.ts';
import { verifyAuditChain } from '../../../src/storage/audit-chain.ts';
import { event, NOW, octets, auditOf } from '../samples.ts';

export function testChain(test: Testing): void {
  test('the audit chain is read in pages, and has checkpoints', async (t, store) => {
    t.same(await store.auditHead(), { sequence: 0, hash: new Uint8Array(32) });
    const details = { text: 'é "quoted" \u2028', list: [1, 2.5, true, null], object: { b: 1, a: 2 } };
    await Promise.all(
      Array.from({ length: 7 }, (_, index) => store.appendAudit(event(`action ${index}`, details))),
    );
    const records = await store.readAudit({ after: 2, limit: 3 });
    t.same(
      records.map(({ sequence }) => sequence),
      [3, 4, 5],
    );
    t.same(records[0]?.details, details);
    t.same(records[0]?.at, NOW);
    const head = await store.auditHead();
    const checkpoint = { ...head, createdAt: NOW, statement: octets(3400) };
    t.equal(await store.addCheckpoint(checkpoint), true, 'the checkpoint is new');
    t.equal(await store.addCheckpoint(checkpoint), false, 'the checkpoint is there already');
    const checkpoints = await store.readCheckpoints({ after: 0, limit: 5 });
    t.same(checkpoints, [checkpoint]);
    t.same(await store.readCheckpoints({ after: head.sequence, limit: 5 }), []);
    t.same(await verifyAuditChain(auditOf(store), { head, checkpoints }), { valid: true, head });
    t.equal(await store.fault(), undefined);
  });
}
