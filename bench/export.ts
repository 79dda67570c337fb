/** `node bench/export.ts`: measures the memory of an export of a full store. */

import { readOptions } from '../scripts/command-line.ts';
import { exportLines } from '../routes/certificates/export.ts';
import { createStore } from '../src/storage/open.ts';
import type { Store } from '../src/storage/ports.ts';

const USAGE = `node bench/export.ts [OPTIONS]
  Exports every certificate as the route does, and prints the memory of the process each 100,000 certificates.
  --directory  directory of a database that records.ts has filled
  --url        database of PostgreSQL, instead of the directory

Example:
  node bench/export.ts --directory /tmp/records
`;

const { values: options } = readOptions(USAGE, { directory: { type: 'string' }, url: { type: 'string' } });

const STEP = 100_000;

async function main(): Promise<void> {
  const { directory: DATA_DIR, url: DATABASE_URL } = options;
  const store = await createStore(DATABASE_URL === undefined ? { DATA_DIR } : { DATABASE_URL });
  if (store === undefined) throw new Error('There is no store');
  await measure(store);
  await store.close();
}

async function measure(store: Store): Promise<void> {
  const start = performance.now();
  const pages = store.exportCertificates({ filter: {}, now: new Date(), order: 'oldest-first' });
  let [rows, octets, most] = [0, 0, 0];
  for await (const text of exportLines(counted(), () => new Date())) {
    octets += Buffer.byteLength(text);
    most = Math.max(most, process.memoryUsage.rss());
  }
  report();

  async function* counted() {
    for await (const page of pages) {
      if (Math.floor(rows / STEP) < Math.floor((rows + page.length) / STEP)) report();
      rows += page.length;
      yield page;
    }
  }

  function report(): void {
    const now = process.memoryUsage.rss();
    const rate = rows / ((performance.now() - start) / 1000);
    console.log(
      `${rows} certificates, ${megabytes(octets)} MB of text, ${rate.toFixed(0)}/s: ` +
        `${megabytes(now)} MB of memory, ${megabytes(most)} MB at most`,
    );
  }
}

const megabytes = (size: number): string => (size / 1e6).toFixed(0);

await main();
