/** How much a client may send on a connection of HTTP/2: what Node.js and nghttp2 see to, where they are told. */

import type { ServerOptions } from 'node:http2';

/** Beyond these a stream ends, or the connection with it. */
export const SESSION_LIMITS: ServerOptions = Object.freeze({
  settings: {
    maxConcurrentStreams: 100,
    // In octets, as for HTTP/1.1.
    maxHeaderListSize: 16_384,
  },
  // From 101 on the request is refused in the usual shape (plugins/framing.ts).
  maxHeaderListPairs: 128,
  // In megabytes.
  maxSessionMemory: 10,
  // Streams that a client may reset at once, and each second from then on (CVE-2023-44487).
  streamResetBurst: 200,
  streamResetRate: 20,
  // Such as DATA that is empty and ends nothing (CVE-2019-9518).
  maxSessionInvalidFrames: 100,
  maxSessionRejectedStreams: 100,
});
