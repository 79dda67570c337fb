import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/base/clock.ts';
import type { Certificate } from '../../src/storage/ports.ts';
import { presentLine } from './present.ts';

/**
 * Returns the text of one page at a time: the next page is read when this one was sent. Between two pages the event loop
 * serves others. Without that, ten exports held it for 2.8 s: Node.js receives up to 1,000 messages of a thread in one turn.
 */
export async function* exportLines(
  pages: AsyncIterable<readonly Certificate[]>,
  clock: Clock,
): AsyncGenerator<string> {
  for await (const page of pages) {
    const now = clock();
    yield page.map((stored) => `${JSON.stringify(presentLine(stored, now))}\n`).join('');
    await nextTurn();
  }
}
