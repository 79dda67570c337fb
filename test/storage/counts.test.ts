/** The counts of the metrics, which are made of parts. */

import t from 'tap';
import { withoutAudit } from '../../src/storage/sql/commit.ts';
import { countCertificates, countPart } from '../../src/storage/sql/counts.ts';
import { runScript } from '../../src/storage/sql/run-script.ts';
import { openExisting } from '../../src/storage/sqlite/connection.ts';
import { databaseIn } from '../../src/storage/sqlite/files.ts';
import { openStore } from '../support/authorities.ts';
import { createAuthority, daysFrom, issue, NOW } from './samples.ts';

t.test('each certificate is counted once, whatever the size of a part', async (t) => {
  const folder = t.testdir();
  const store = await openStore(folder);
  t.teardown(() => store.close());
  const key = await createAuthority(store);
  // Several expire at the same time.
  const days = Array.from({ length: 24 }, (_, index) => Math.floor(index / 4) - 1);
  await Promise.all(days.map((day) => issue(store, key, { notAfter: daysFrom(NOW, day) })));
  const connection = openExisting(databaseIn(folder), true);
  t.teardown(() => connection.close());
  const within = (end: number): number => days.filter((day) => day >= 0 && day < end).length;
  for (const limit of [1, 2, 3, 4, 5, 23, 24, 25]) {
    let reads = 0;
    const counts = await countCertificates(
      NOW,
      [3, 1, 0, 100],
      async (part) => {
        reads += 1;
        return runScript(withoutAudit(countPart(part), []), (statement) => connection.execute(statement));
      },
      limit,
    );
    t.same(counts, { certificates: 24, expiring: [within(3), within(1), 0, 20] }, `parts of ${limit}`);
    t.ok(reads >= 24 / limit, 'no part is larger');
  }
  t.match(await store.counts(NOW, [3]), { certificates: 24, expiring: [within(3)], openReservations: 0 });
});
