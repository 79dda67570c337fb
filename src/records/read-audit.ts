import type { AuditHead, AuditRecord, Store } from '../storage/ports.ts';

const PAGE = 500;

/** A record whose columns are not those of a record: it was changed. */
export class UnreadableRecord extends Error {
  readonly sequence: number;

  constructor(sequence: number, cause: unknown) {
    super(`The record ${sequence} cannot be read`, { cause });
    this.name = 'UnreadableRecord';
    this.sequence = sequence;
  }
}

/**
 * Reads the chain up to its head, in pages. Throws UnreadableRecord, and PkiError store-unavailable. `isUnavailable`
 * returns whether an error is of the store as a whole.
 */
export async function* readAuditUpTo(
  store: Pick<Store, 'readAudit'>,
  head: AuditHead,
  isUnavailable: (error: unknown) => boolean,
): AsyncGenerator<AuditRecord> {
  let after = 0;
  while (after < head.sequence) {
    const page = await readPage(store, after, isUnavailable);
    if (page.length === 0) return;
    for (const record of page) {
      if (record.sequence > head.sequence) return;
      yield record;
    }
    after = page.at(-1)?.sequence ?? head.sequence;
  }
}

/** If a page cannot be read, its records are read one by one, to find the one at fault. */
async function readPage(
  store: Pick<Store, 'readAudit'>,
  after: number,
  isUnavailable: (error: unknown) => boolean,
): Promise<readonly AuditRecord[]> {
  for (const limit of [PAGE, 1]) {
    try {
      return await store.readAudit({ after, limit });
    } catch (error) {
      if (isUnavailable(error)) throw error;
      if (limit === 1) throw new UnreadableRecord(after + 1, error);
    }
  }
  return [];
}
