import * as fc from 'fast-check';
import t from 'tap';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { EMPTY_CHAIN, nextRecord, verifyAuditChain } from '../../src/storage/audit-chain.ts';
import type { AuditRecord } from '../../src/storage/ports.ts';
import { event, NOW, octets, sha256 } from './samples.ts';

function chainOf(length: number): AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let index = 0; index < length; index += 1) {
    records.push(nextRecord(records.at(-1) ?? EMPTY_CHAIN, event('test', { index })));
  }
  return records;
}

const CHAIN = chainOf(12);

/** A record that the fault concerns. */
const at = (index: number): AuditRecord => {
  const record = CHAIN[index];
  if (record === undefined) throw new Error(`There is no record ${index}`);
  return record;
};

t.test('the hash is SHA-256 of the hash before and of the canonical JSON', async (t) => {
  const { sequence, action, outcome, principal, details, previousHash, hash } = at(3);
  const text = canonicalJson({ sequence, at: NOW.toISOString(), action, outcome, principal, details });
  t.equal(
    text,
    '{"action":"test","at":"2026-05-01T12:00:00.250Z","details":{"index":3},"outcome":"success","principal":"key:one","sequence":4}',
  );
  t.same(hash, sha256(Buffer.concat([previousHash, Buffer.from(text)])));
  t.same(previousHash, at(2).hash);
});

t.test('a chain as it was written is valid', async (t) => {
  const head = at(11);
  const checkpoints = [{ sequence: 5, hash: at(4).hash, createdAt: NOW, statement: octets(1) }];
  t.same(await verifyAuditChain([]), { valid: true, head: EMPTY_CHAIN });
  t.match(await verifyAuditChain(CHAIN, { head, checkpoints }), { valid: true, head: { sequence: 12 } });
});

t.test('every change of a record is detected at this record', async (t) => {
  const changes: Partial<AuditRecord>[] = [
    { action: 'other' },
    { outcome: 'refused' },
    { principal: 'key:two' },
    { details: { index: 99 } },
    { at: new Date(NOW.getTime() + 1) },
    { hash: octets(32) },
    { previousHash: octets(32) },
  ];
  for (const change of changes) {
    const records = CHAIN.with(6, { ...at(6), ...change });
    t.same(
      await verifyAuditChain(records),
      { valid: false, sequence: 7, fault: 'changed' },
      Object.keys(change).join(' '),
    );
  }
});

t.test('a record that is missing, twice or elsewhere is detected', async (t) => {
  const index = fc.integer({ min: 0, max: 10 });
  await fc.assert(
    fc.asyncProperty(index, async (index) => {
      const sequence = index + 1;
      const missing = await verifyAuditChain(CHAIN.toSpliced(index, 1));
      t.same(missing, { valid: false, sequence, fault: 'missing' });
      const twice = await verifyAuditChain(CHAIN.toSpliced(index, 0, at(index)));
      t.same(twice, { valid: false, sequence: sequence + 1, fault: 'out-of-order' });
      const swapped = await verifyAuditChain(CHAIN.with(index, at(index + 1)).with(index + 1, at(index)));
      t.same(swapped, { valid: false, sequence, fault: 'missing' });
    }),
  );
});

t.test('the last records cannot be removed, nor the whole chain be written again', async (t) => {
  const head = at(11);
  const fault = { valid: false, sequence: 10, fault: 'missing' };
  t.same(await verifyAuditChain(CHAIN.slice(0, 9), { head }), fault);
  const checkpoint = { sequence: 12, hash: head.hash, createdAt: NOW, statement: octets(1) };
  t.same(await verifyAuditChain(CHAIN.slice(0, 9), { checkpoints: [checkpoint] }), fault);
  const changed = chainOf(12).map((record) => ({ ...record, principal: 'key:evil' }));
  const rewritten: AuditRecord[] = [];
  for (const record of changed) rewritten.push(nextRecord(rewritten.at(-1) ?? EMPTY_CHAIN, record));
  t.match(await verifyAuditChain(rewritten), { valid: true }, 'the chain alone agrees with itself');
  t.match(await verifyAuditChain(rewritten, { head }), { valid: false, sequence: 12, fault: 'not-the-head' });
  t.match(await verifyAuditChain(rewritten, { checkpoints: [checkpoint] }), {
    valid: false,
    sequence: 12,
    fault: 'not-the-checkpoint',
  });
});
