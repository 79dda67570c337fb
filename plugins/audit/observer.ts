import type { IssuanceObserver } from '../../src/ca/use-case.ts';
import type { RecordKeeping } from './record-keeping.ts';
import { failureRecord, recordsOf, type AuditRecord } from './record.ts';

/** Writes what one request has issued. With AUDIT_REQUIRED nothing is issued without its record. */
export const auditObserver = (
  keeping: RecordKeeping,
  write: (record: AuditRecord) => void,
): IssuanceObserver => ({
  begin(request) {
    try {
      keeping.ensureWritable();
    } catch (error) {
      write(failureRecord(request, 'failed', error));
      throw error;
    }
  },
  async end(event) {
    for (const record of recordsOf(event)) write(record);
    if (event.outcome !== 'success') return;
    try {
      await keeping.ensureWritten();
    } catch (error) {
      write(failureRecord(event, 'failed', error));
      throw error;
    }
  },
});
