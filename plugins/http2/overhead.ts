/** Floods of frames that carry no part of a request, such as PING, SETTINGS, PRIORITY (RFC 9113 §10.5). */

import { terminate, type Connection } from './connection.ts';

/** Octets for nothing that no client needs: of the smallest frame 60,000. */
const FOR_NOTHING = 1_048_576;
/** Of the header of a request, its frames, and those by which its reply is taken. */
const FOR_REQUEST = 65_536;

/** Ends a connection that carries more than its requests need. `bodyLimit` is in octets. */
export function enforceOverhead(connection: Connection, bodyLimit: number): void {
  const { socket, requests } = connection;
  if (socket.bytesRead > FOR_NOTHING + requests * (FOR_REQUEST + bodyLimit)) terminate(connection);
}
