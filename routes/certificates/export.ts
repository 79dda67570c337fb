import type { Clock } from '../../src/base/clock.ts';
import type { Certificate } from '../../src/storage/ports.ts';
import { presentWhole } from './present.ts';

/** Returns the text of one page at a time: the next page is read when this one was sent. */
export async function* exportLines(
  pages: AsyncIterable<readonly Certificate[]>,
  clock: Clock,
): AsyncGenerator<string> {
  for await (const page of pages) {
    const now = clock();
    yield page.map((stored) => `${JSON.stringify(lineOf(stored, now))}\n`).join('');
  }
}

function lineOf(stored: Certificate, now: Date) {
  const { chain: _, ...line } = presentWhole(stored, now, []);
  return line;
}
