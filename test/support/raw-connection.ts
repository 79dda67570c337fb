import { connect } from 'node:net';

/** A connection on which octets are sent as they are. */
export interface RawConnection {
  send(octets: string): void;
  /** Reads no more, so that what comes fills the buffers of both ends. */
  pause(): void;
  /** Says that no more will be sent. */
  end(): void;
  close(): void;
  /** All that came back, once the connection has closed. */
  readonly reply: Promise<string>;
  /** What has come back so far. */
  readonly received: string;
  readonly closed: boolean;
}

/** Opens one to a port of 127.0.0.1. `reply` throws where it is reset, unless `lenient`. */
export function openRaw(port: number, { lenient = false } = {}): RawConnection {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  let received = '';
  socket.on('data', (chunk: string) => (received += chunk));
  const reply = new Promise<string>((resolve, reject) => {
    socket.on('error', (error) => (lenient ? undefined : reject(error)));
    socket.on('close', () => resolve(received));
  });
  return {
    send: (octets) => void socket.write(octets, 'latin1'),
    pause: () => void socket.pause(),
    end: () => void socket.end(),
    close: () => void socket.destroy(),
    reply,
    get received() {
      return received;
    },
    get closed() {
      return socket.closed;
    },
  };
}
