/** The entry of a worker thread: one request at a time, one reply to each. */

import { parentPort } from 'node:worker_threads';
import { PkiError } from '../../base/errors.ts';
import { buffersOf, octetStringsOf, type Reply, type Request } from './worker-protocol.ts';
import { perform } from './worker-tasks.ts';

parentPort?.on('message', (request: Request) => {
  const reply = answer(request);
  parentPort?.postMessage(reply, 'output' in reply ? buffersOf(reply.output) : []);
});

function answer({ name, input }: Request): Reply {
  try {
    return { output: perform(name, input) };
  } catch (error) {
    return { error, code: error instanceof PkiError ? error.code : undefined };
  } finally {
    // The input is this thread's own copy, and may be secret (FIPS 204 §3.6.3).
    for (const octets of octetStringsOf(input)) octets.fill(0);
  }
}
