/** Floods of frames that carry no part of a request, such as PING, SETTINGS, PRIORITY (RFC 9113 §10.5). */

import { terminate, type Connection } from './connection.ts';

/** Overhead that no client needs, in octets: 60,000 of the smallest frames. */
const FOR_NOTHING = 1_048_576;
/** Octets for the header of a request, its frames, and the frames that acknowledge its reply. */
const FOR_REQUEST = 65_536;

/** Ends a connection that carries more octets than its requests need. `bodyLimit` is in octets. */
export function enforceOverhead(connection: Connection, bodyLimit: number): void {
  const { socket, requests } = connection;
  if (socket.bytesRead > FOR_NOTHING + requests * (FOR_REQUEST + bodyLimit)) terminate(connection);
}
