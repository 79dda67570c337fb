/** The service as a process, and a search for keys in its memory. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import { addressIn, WITH_STORE, run, START } from './process.ts';
import { findInMemory } from './process-memory.ts';

export interface Searched {
  readonly address: string;
  /** Waits until `isGone` accepts the `forms` that are still in the memory of the service, for at most a minute. */
  left<Form extends { readonly octets: Buffer }>(
    t: Test,
    forms: readonly Form[],
    isGone?: (left: readonly Form[]) => boolean,
  ): Promise<readonly Form[]>;
}

const MARKER = 'this is in memory: the search works';

/** Keeps the marker in memory, as a leaked key would be. */
const KEEPER = `data:text/javascript,
  globalThis.kept = Buffer.from('${Buffer.from(MARKER).toString('hex')}', 'hex');`;

/** The service collects keys 1 s after their last use. A test machine may be slow. */
const PATIENCE = 60_000;

/** Without rate limits. */
export async function startSearched(
  t: Test,
  environment: Readonly<Record<string, string>>,
): Promise<Searched> {
  const service = run(t, ['--import', KEEPER, START], {
    ...WITH_STORE,
    RATE_LIMIT_PER_HOUR: '0',
    RATE_LIMIT_GENERATE_PER_MINUTE: '0',
    RATE_LIMIT_FAILED_AUTH_PER_MINUTE: '0',
    ...environment,
  });
  const address = addressIn(await service.listening);
  return {
    address,
    async left(t, forms, isGone = ({ length }) => length === 0) {
      const end = performance.now() + PATIENCE;
      const marker = Buffer.from(MARKER);
      for (;;) {
        const found = findInMemory(service.pid ?? 0, [marker, ...forms.map(({ octets }) => octets)]);
        const left = forms.filter(({ octets }) => found.has(octets));
        if (!isGone(left) && performance.now() < end) {
          await sleep(500);
          continue;
        }
        t.ok(found.has(marker), 'the search finds a marker that is in memory');
        return left;
      }
    },
  };
}
