import type { AuditQuery, AuditRecord } from '../port/audit.ts';
import { recordOf } from './audit.ts';
import { Conditions } from './conditions.ts';
import { run, type Transaction } from './transaction.ts';

/** Walks along an index that has the records of an action, a principal or an authority in the order of the result. */
export function* searchAudit({ filter, after, limit }: AuditQuery): Transaction<readonly AuditRecord[]> {
  const conditions = new Conditions();
  conditions.addGiven('action = $', filter.action);
  conditions.addGiven('outcome = $', filter.outcome);
  // The conditions of partial indexes, which a parameter does not show.
  if (filter.action !== undefined && filter.action !== 'certificate/issue')
    conditions.addText(`action <> 'certificate/issue'`);
  if (filter.outcome !== undefined && filter.outcome !== 'success')
    conditions.addText(`outcome <> 'success'`);
  conditions.addGiven('principal = $', filter.principal);
  conditions.addGiven('authority = $', filter.authority);
  conditions.addGiven('occurred_at >= $', filter.period?.from?.getTime());
  conditions.addGiven('occurred_at < $', filter.period?.to?.getTime());
  if (after !== undefined) {
    const place = [after.at.getTime(), after.sequence].map((value) => conditions.parameter(value)).join(', ');
    conditions.addText(`(occurred_at, sequence) < (${place})`);
  }
  const rows = yield* run(
    `SELECT * FROM audit_records ${conditions.where}
     ORDER BY occurred_at DESC, sequence DESC LIMIT ${conditions.parameter(limit)}`,
    ...conditions.values,
  );
  return rows.map(recordOf);
}
