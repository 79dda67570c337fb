/** The service as a process whose memory is searched for keys. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import { addressIn, FREE_PORT, run, START } from './process.ts';
import { findInMemory } from './process-memory.ts';

export interface Searched {
  readonly address: string;
  /** Those of `forms` that are in the memory of the service after all that nothing refers to was collected. */
  left<Form extends { readonly octets: Buffer }>(t: Test, forms: readonly Form[]): Promise<readonly Form[]>;
}

const MARKER = 'this is in memory: the search works';

/** Collects all that nothing refers to when a line comes, and keeps the marker as keys would be kept. */
const COLLECTOR = `data:text/javascript,
  globalThis.kept = Buffer.from('${Buffer.from(MARKER).toString('hex')}', 'hex');
  process.stdin.on('data', async () => {
    for (let i = 0; i < 3; i++) { gc(); await new Promise((resolve) => setTimeout(resolve, 50)); }
    console.log('collected');
  });`;

/** Without rate limits. */
export async function startSearched(
  t: Test,
  environment: Readonly<Record<string, string>>,
): Promise<Searched> {
  const service = run(t, ['--expose-gc', '--import', COLLECTOR, START], {
    ...FREE_PORT,
    RATE_LIMIT_PER_HOUR: '0',
    RATE_LIMIT_GENERATE_PER_MINUTE: '0',
    RATE_LIMIT_FAILED_AUTH_PER_MINUTE: '0',
    ...environment,
  });
  const address = addressIn(await service.listening);
  return {
    address,
    async left(t, forms) {
      service.stdin.write('\n');
      await service.logged('collected');
      await sleep(200);
      const marker = Buffer.from(MARKER);
      const found = findInMemory(service.pid ?? 0, [marker, ...forms.map(({ octets }) => octets)]);
      t.ok(found.has(marker), 'what is in memory is found');
      return forms.filter(({ octets }) => found.has(octets));
    },
  };
}
