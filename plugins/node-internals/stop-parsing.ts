import type { Socket } from 'node:net';

/** A connection of Node's HTTP server. */
interface HttpSocket extends Socket {
  readonly parser?: { onIncoming: (...message: readonly unknown[]) => number } | null;
}

/** What `onIncoming` returns for a message after which the protocol changes, so that the parser stops. */
const UPGRADED = 2;

/**
 * Discards what Node's HTTP server has read of a connection and has not parsed yet, except one message. Call it before the
 * connection is destroyed: otherwise the rest of the read is parsed too. 64 kB of short requests took 35 ms of the event loop.
 *
 * Depends on `onIncoming` of the parser of a socket, whose result the parser obeys. `pause` of the parser has no effect.
 */
export function stopParsing({ parser }: HttpSocket): void {
  if (parser) parser.onIncoming = () => UPGRADED;
}
