/** Texts of whole lines. */

import { once } from 'node:events';
import type { Readable } from 'node:stream';

const LINE_FEED = 0x0a;

/** Calls `each` once for each line of `lines`. */
export function forEachLine(lines: string, each: () => void): void {
  for (let end = lines.indexOf('\n'); end >= 0; end = lines.indexOf('\n', end + 1)) each();
}

/**
 * Calls `write` with all whole lines that have arrived at once: a call for each line costs more than the lines. Resolves when
 * the stream has closed. A last line without a line feed gets one.
 */
export async function passLines(input: Readable, write: (lines: string) => void): Promise<void> {
  let rest: Buffer[] = [];
  input.on('data', (chunk: Buffer) => {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      write(Buffer.concat([...rest, chunk.subarray(0, end)]).toString());
      rest = [];
    }
    if (end < chunk.length) rest.push(chunk.subarray(end));
  });
  await once(input, 'close');
  if (rest.length > 0) write(`${Buffer.concat(rest).toString()}\n`);
}
