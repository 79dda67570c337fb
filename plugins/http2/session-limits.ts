/** Limits of an HTTP/2 connection that Node.js and nghttp2 enforce. */

import type { ServerOptions } from 'node:http2';

/** Above these limits a stream ends, or the whole connection. */
export const SESSION_LIMITS: ServerOptions = Object.freeze({
  settings: {
    maxConcurrentStreams: 100,
    // In octets, as for HTTP/1.1.
    maxHeaderListSize: 16_384,
  },
  // A request with 101 fields or more gets the usual problem document (plugins/framing.ts).
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
